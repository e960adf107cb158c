import { ApiError } from '@bartizan/api';
import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { CiliumNote } from '../../components/CiliumNote.tsx';
import { PendingNote } from '../../components/PendingNote.tsx';
import type { PolicyName } from '../../paths.ts';
import type { OpenPolicy } from '../../queries/use-policies.ts';
import { Button } from '../../ui/Button.tsx';
import { Note } from '../../ui/Note.tsx';
import type { Seen } from './origin.ts';

interface Props {
  readonly env: string;
  readonly name: PolicyName | null;
  readonly seen: Seen;
  readonly now: UseQueryResult<OpenPolicy>;
  readonly onCompare: (now: OpenPolicy) => void;
  readonly onGone: () => void;
}

/** What happens in the cluster while somebody edits. */
export function ClusterNotes({ env, name, seen, now, onCompare, onGone }: Props): ReactNode {
  const isGone = now.error instanceof ApiError && now.error.problem.status === 404 && seen.etag !== null;
  const owner = seen.policy?.owner;
  const pending = now.data?.policy.pending;
  const current = now.data;
  const isNewer = !isGone && current && current.etag !== null && !isSeen(current, seen);
  return (
    <>
      {isGone && (
        <Note
          tone="danger"
          isLive
          title="This policy was deleted in the cluster while you edit it."
          actions={<Button label="Save it as a new one" small onPress={onGone} />}
        >
          Your text is kept.
        </Note>
      )}
      {isNewer && (
        <Note
          tone="warning"
          isLive
          title={`This policy changed in the cluster${current.policy.modified ? `: ${current.policy.modified.by} wrote it` : ''}.`}
          actions={<Button label="Compare and join" small onPress={() => onCompare(current)} />}
        >
          Saving will not overwrite it.
        </Note>
      )}
      {!isGone && now.isError && seen.etag !== null && (
        <Note tone="warning" title="What the cluster has now is not known.">
          {now.error.message} Your text is kept.
        </Note>
      )}
      {current && <CiliumNote policy={current.policy} />}
      {name && pending && <PendingNote env={env} name={name} pending={pending} />}
      {owner && (
        <Note tone="warning" icon="git" title={firstSentence(owner.warning)}>
          {owner.warning.slice(firstSentence(owner.warning).length)}
        </Note>
      )}
    </>
  );
}

/** Cilium's operator writes only the status, and with it the version: the policy is still what was seen. */
function isSeen({ policy, etag }: OpenPolicy, seen: Seen): boolean {
  if (etag === seen.etag) return true;
  const isWhole = seen.policy !== null && seen.etag === `"${seen.policy.resourceVersion}"`;
  return isWhole && withoutVersion(policy.manifest) === withoutVersion(seen.policy.manifest);
}

function withoutVersion(manifest: string): string {
  return manifest.replace(/^ {2}resourceVersion: .*\n/m, '');
}

function firstSentence(text: string): string {
  return /^.*?[.](?=\s|$)/.exec(text)?.[0] ?? text;
}

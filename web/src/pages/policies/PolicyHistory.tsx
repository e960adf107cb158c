import type { PolicyRevision } from '@bartizan/api';
import { useState } from 'react';
import type { ReactNode } from 'react';
import { Ago } from '../../components/Ago.tsx';
import type { PolicyName } from '../../paths.ts';
import { failureOf, writeFailure } from '../../queries/failure.ts';
import { useRestore } from '../../queries/use-policy-writes.ts';
import { useRevisions } from '../../queries/use-revisions.ts';
import { Bone } from '../../ui/Bone.tsx';
import { Button } from '../../ui/Button.tsx';
import { Icon } from '../../ui/Icon.tsx';
import { Note } from '../../ui/Note.tsx';
import { actionIcons, actionWords } from './revision-words.ts';
import { RevisionDiff } from './RevisionDiff.tsx';

interface Props {
  readonly env: string;
  readonly name: PolicyName;
  /** What is in the cluster now; null where there is nothing. */
  readonly now: { readonly manifest: string; readonly etag: string | null } | null;
}

const firstShown = 8;

/** Every version that is known: who made it, when and why; any two compared, any brought back. */
export function PolicyHistory({ env, name, now }: Props): ReactNode {
  const revisions = useRevisions(env, name);
  const restore = useRestore(env, name);
  const [opened, setOpened] = useState<number | null>(null);
  const [isWhole, setWhole] = useState(false);
  const items = revisions.data?.items ?? [];
  const shown = isWhole ? items : items.slice(0, firstShown);
  return (
    <section aria-label="History">
      <h3>
        History{' '}
        <span className="sub">{revisions.data && `${items.length}${revisions.data.hasMore ? '+' : ''} versions`}</span>
      </h3>
      {revisions.isError && <p className="second">{failureOf(revisions.error).title}: the history is not known.</p>}
      {!revisions.data && !revisions.isError && <Bone width="70%" />}
      {revisions.data && items.length === 0 && (
        <p className="second">
          No change of it was seen yet. The first change made here or elsewhere starts the history.
        </p>
      )}
      <ol className="revisions">
        {shown.map((revision) => (
          <li key={revision.revision}>
            <Head
              revision={revision}
              isOpen={opened === revision.revision}
              onToggle={() => setOpened(opened === revision.revision ? null : revision.revision)}
            />
            {opened === revision.revision && (
              <RevisionDiff
                revision={revision}
                all={items}
                now={now?.manifest ?? null}
                isBusy={restore.isPending}
                onRestore={() => restore.mutate({ revision: revision.revision, etag: now?.etag ?? null })}
              />
            )}
          </li>
        ))}
      </ol>
      {items.length > shown.length && (
        <Button label={`Show all ${items.length}`} small kind="ghost" onPress={() => setWhole(true)} />
      )}
      {restore.isError && (
        <Note tone="danger" isLive title={writeFailure(restore.error).title}>
          {writeFailure(restore.error).detail}
        </Note>
      )}
      {restore.data && !restore.isPending && (
        <Note tone="fine" isLive title={`Version ${restore.variables?.revision} is in the cluster again.`}>
          resourceVersion {restore.data.resourceVersion}
        </Note>
      )}
    </section>
  );
}

function Head(props: {
  readonly revision: PolicyRevision;
  readonly isOpen: boolean;
  readonly onToggle: () => void;
}): ReactNode {
  const { revision, isOpen, onToggle } = props;
  const { revision: number, action, at, by, note } = revision;
  return (
    <button type="button" className="revision" aria-expanded={isOpen} onClick={onToggle}>
      <Icon name={actionIcons[action]} />
      <span>
        <b>{number}</b> {actionWords[action]} <Ago at={at} /> by {by}
        {note && <span className="second"> · {note}</span>}
      </span>
      <Icon name={isOpen ? 'up' : 'down'} />
    </button>
  );
}

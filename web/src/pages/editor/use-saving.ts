import { ApiError } from '@bartizan/api';
import type { Policy } from '@bartizan/api';
import { useState } from 'react';
import type { Thinker } from '../../editor/thinker.ts';
import type { PolicyName } from '../../paths.ts';
import { useWritePolicy } from '../../queries/use-policy-writes.ts';
import type { Writing, Written } from '../../queries/use-policy-writes.ts';
import type { Seen } from './origin.ts';

export interface Conflict {
  /** Null where it was deleted meanwhile. */
  readonly theirs: { readonly text: string; readonly policy: Policy } | null;
  readonly etag: string | null;
}

export interface Saving {
  readonly isSaving: boolean;
  /** What went wrong, where it is no conflict. */
  readonly error: Error | null;
  readonly conflict: Conflict | null;
  save(writing: Writing): void;
  /** Shows two changes side by side before the server refuses the later one. */
  compare(policy: Policy): void;
  reset(): void;
}

export function useSaving(asked: {
  readonly env: string;
  readonly thinker: Thinker;
  readonly onWritten: (written: Written, name: PolicyName) => void;
}): Saving {
  const { env, thinker, onWritten } = asked;
  const write = useWritePolicy(env);
  const [conflict, setConflict] = useState<Conflict | null>(null);
  const compare = (policy: Policy) => {
    void thinker.ask('open', policy.manifest).then(({ text }) => {
      setConflict({ theirs: { text, policy }, etag: etagOf(policy) });
    });
  };
  return {
    isSaving: write.isPending,
    error: conflict ? null : write.error,
    conflict,
    compare,
    save(writing) {
      write.mutate(writing, {
        onSuccess: (written) => onWritten(written, writing.name),
        onError: (error) => {
          const meanwhile = conflictOf(error);
          if (meanwhile === 'gone') setConflict({ theirs: null, etag: null });
          else if (meanwhile) compare(meanwhile);
        },
      });
    },
    reset() {
      write.reset();
      setConflict(null);
    },
  };
}

/** What the cluster has in place of what was seen; null where the failure is another. */
function conflictOf(error: Error): Policy | 'gone' | null {
  if (!(error instanceof ApiError)) return null;
  const { status, current } = error.problem as { status: number; current?: unknown };
  if (status !== 412) return null;
  // The server sends the cluster's version along, in the shape of the contract.
  return typeof current === 'object' && current !== null ? (current as Policy) : 'gone';
}

function etagOf({ resourceVersion }: Policy): Seen['etag'] {
  return resourceVersion === undefined ? null : `"${resourceVersion}"`;
}

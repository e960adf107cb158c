import type { DeletedPolicy, Policy, Window } from '@bartizan/api';
import { readMoment } from '../../format/time.ts';

export interface PolicyChange {
  readonly policy: Pick<Policy, 'namespace' | 'kind' | 'name'>;
  readonly what: 'changed' | 'disabled' | 'deleted';
  readonly at: number;
  /** Null where nobody knows. */
  readonly by: string | null;
}

const most = 6;

/** The policies that were last written, or deleted, inside the window, newest first. */
export function policyChanges(
  { policies, deleted }: { readonly policies: readonly Policy[]; readonly deleted: readonly DeletedPolicy[] },
  { fromMs, toMs }: Window,
): readonly PolicyChange[] {
  const written = policies.flatMap((policy): readonly PolicyChange[] => {
    const at = readMoment(policy.modified?.at);
    const what = policy.state === 'disabled' ? 'disabled' : 'changed';
    return policy.modified && at !== null ? [{ policy, what, at, by: policy.modified.by }] : [];
  });
  const gone = deleted.flatMap((policy): readonly PolicyChange[] => {
    const at = readMoment(policy.at);
    return at === null ? [] : [{ policy, what: 'deleted', at, by: policy.action === 'observed' ? null : policy.by }];
  });
  return [...written, ...gone]
    .filter(({ at }) => at >= fromMs && at <= toMs)
    .toSorted((a, b) => b.at - a.at)
    .slice(0, most);
}

/** What a ranked list has that the one of the window before had not. Undefined while either is not known. */
export function firstSeen<Item extends { readonly value: string }>(
  now: readonly Item[] | undefined,
  before: readonly Item[] | undefined,
): readonly Item[] | undefined {
  if (!now || !before) return undefined;
  const known = new Set(before.map(({ value }) => value));
  return now.filter(({ value }) => !known.has(value));
}

import type { Policy, Window } from '@bartizan/api';
import { readMoment } from '../../format/time.ts';

export interface PolicyChange {
  readonly policy: Policy;
  readonly at: number;
  readonly by: string;
}

const most = 6;

/** The policies that were last written inside the window, newest first. */
export function policyChanges(policies: readonly Policy[], { fromMs, toMs }: Window): readonly PolicyChange[] {
  return policies
    .flatMap((policy): readonly PolicyChange[] => {
      const at = readMoment(policy.modified?.at);
      return policy.modified && at !== null && at >= fromMs && at <= toMs
        ? [{ policy, at, by: policy.modified.by }]
        : [];
    })
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

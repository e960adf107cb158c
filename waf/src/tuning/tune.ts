import type { ClientTotals } from './evidence.ts';
import { exclusionText } from './exclusion-text.ts';
import { matchGroups, ownRuleIds } from './groups.ts';
import type { JudgedTransaction } from './judged.ts';
import { notesOn } from './notes.ts';
import { groupByClient, replayOf } from './replay.ts';
import type { ExclusionSet, MatchGroup, Tuning } from './tuning.ts';

/** The whole answer: groups, and the chosen exclusions with their text. */
export function tune(options: {
  readonly transactions: readonly JudgedTransaction[];
  readonly clients: ReadonlyMap<string, ClientTotals>;
  /** The window has no more than these. */
  readonly complete: boolean;
  /** How many groups to give. */
  readonly limit: number;
  /** Keys of the groups whose exclusions are wanted as text. */
  readonly chosen: readonly string[];
}): Tuning {
  const { transactions, clients, complete, limit, chosen } = options;
  const { groups, count } = matchGroups(transactions, clients);
  return {
    groups: groups.slice(0, limit),
    groupCount: count,
    examined: transactions.length,
    complete,
    withoutRules: transactions.filter(({ places }) => places.length === 0).length,
    chosen: chosen.length === 0 ? null : exclusionSet(transactions, groups, chosen),
  };
}

function exclusionSet(
  transactions: readonly JudgedTransaction[],
  groups: readonly MatchGroup[],
  keys: readonly string[],
): ExclusionSet {
  const wanted = groups.filter(({ key }) => keys.includes(key));
  const exclusions = wanted.flatMap(({ proposal }) => (proposal.ok ? [proposal] : []));
  return {
    keys: wanted.map(({ key }) => key),
    missing: keys.filter((key) => !wanted.some((group) => group.key === key)),
    ...exclusionText(exclusions, ownRuleIds(transactions)),
    notes: notesOn(
      exclusions,
      wanted.flatMap(({ products }) => products),
    ),
    replay: replayOf(transactions, exclusions, groupByClient(transactions)),
  };
}

import { attackSigns, ranked } from './evidence.ts';
import type { Exclusion } from './exclusion.ts';
import { covers, coversPath, judgeWithout } from './judge-without.ts';
import type { Outcome } from './judge-without.ts';
import type { JudgedTransaction } from './judged.ts';
import type { Replay } from './tuning.ts';

const mostExamples = 10;

export type ByClient = ReadonlyMap<string, readonly JudgedTransaction[]>;

/** What exclusions together would do to the transactions; `byClient` is everything that their clients did. */
export function replayOf(
  transactions: readonly JudgedTransaction[],
  exclusions: readonly Exclusion[],
  byClient: ByClient,
): Replay {
  const judged = transactions.map((transaction) => ({ transaction, ...judgeWithout(transaction, exclusions) }));
  const otherwise = new Map<string, number>();
  const judgedOtherwise = (client: string): number => {
    const known = otherwise.get(client) ?? countOf(byClient.get(client) ?? [], (one) => !isTouched(one, exclusions));
    otherwise.set(client, known);
    return known;
  };
  const passing = judged.filter(({ outcome }) => outcome === 'passes');
  const likely = passing.flatMap(({ transaction, left }) => {
    const { id, client } = transaction;
    const signs = attackSigns(transaction, { left, judgedOtherwise: judgedOtherwise(client) });
    return signs.length === 0 ? [] : [{ id, client, signs }];
  });
  const reasonsOf = (name: Outcome) => ranked(judged.flatMap(({ outcome, why }) => (outcome === name ? [why] : [])));
  return {
    touched: countOf(judged, ({ outcome }) => outcome !== 'untouched'),
    passes: passing.length,
    passesExamples: passing.slice(0, mostExamples).map(({ transaction }) => transaction.id),
    likelyAttacks: { count: likely.length, examples: likely.slice(0, mostExamples) },
    stillJudged: countOf(judged, ({ outcome }) => outcome === 'still-judged'),
    stillJudgedReasons: reasonsOf('still-judged'),
    unknown: countOf(judged, ({ outcome }) => outcome === 'unknown'),
    unknownReasons: reasonsOf('unknown'),
  };
}

export function groupByClient(transactions: readonly JudgedTransaction[]): ByClient {
  const groups = new Map<string, JudgedTransaction[]>();
  for (const transaction of transactions) {
    const known = groups.get(transaction.client);
    if (known) known.push(transaction);
    else groups.set(transaction.client, [transaction]);
  }
  return groups;
}

function isTouched(transaction: JudgedTransaction, exclusions: readonly Exclusion[]): boolean {
  const covering = exclusions.filter(({ path }) => coversPath(path, transaction));
  return covering.some((exclusion) => transaction.places.some((place) => covers(exclusion, place)));
}

function countOf<T>(items: readonly T[], test: (item: T) => boolean): number {
  return items.filter(test).length;
}

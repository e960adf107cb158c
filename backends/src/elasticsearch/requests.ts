import { readHistogram } from './answer.ts';
import type { TransactionQuery } from '../transaction-store.ts';
import { asksOfLinesOnly, keepsLine } from './filter.ts';
import type { Profile } from './profile.ts';
import { countsBody } from './query.ts';
import type { TimeRange } from './query.ts';
import type { Recorded } from './recorded.ts';
import type { Search } from './search.ts';
import { attributed, byInterval, intervalsOf, isInScope, isInside, isTold } from './tally.ts';

/** The requests that a query is about, as access lines tell them. */
export interface Requests {
  count(range: TimeRange): Promise<number>;
  /** By the beginning of each interval. */
  countEach(window: TimeRange, intervalMs: number): Promise<ReadonlyMap<number, number>>;
}

export interface RequestsAsked {
  readonly query: TransactionQuery;
  readonly profile: Profile;
  readonly recorded: Recorded;
  readonly search: Search;
  readonly attribute: (upstream: string | null) => string | null;
}

/** Null where they cannot be told: the filter asks what no access line says, or nothing says where a line belongs. */
export async function countRequests(asked: RequestsAsked): Promise<Requests | null> {
  const { query, profile, recorded, attribute } = asked;
  const { window, scope, filter } = query;
  if (!asksOfLinesOnly(filter)) return null;
  const read = await recorded.lines(profile, window);
  if (read === null) return scope.kind === 'all' && filter.length === 0 ? countedByQuery(asked) : null;
  const lines = attributed(read.items, attribute);
  const isUnknown = filter.some(
    ({ field }) => (field === 'host' || field === 'upstream') && lines.every((line) => !line[field]),
  );
  if ((isUnknown && lines.length > 0) || !isTold(lines, scope)) return null;
  const kept = lines.filter((line) => isInScope(line, scope) && keepsLine(line, filter));
  return {
    count: async (range) => kept.filter(({ timeMs }) => isInside(timeMs, range)).length,
    countEach: async (_window, intervalMs) =>
      new Map([...byInterval(kept, intervalMs)].map(([start, items]) => [start, items.length])),
  };
}

/** More lines than can be read: the engine counts them. */
function countedByQuery({ profile, search }: RequestsAsked): Requests {
  async function countEach(window: TimeRange, intervalMs: number): Promise<ReadonlyMap<number, number>> {
    const { aggregations } = await search.ask(countsBody(profile, window, intervalMs), 'count access lines');
    return readHistogram(aggregations['access']);
  }
  return {
    countEach,
    async count(range) {
      const intervalMs = Math.max(60_000, Math.ceil((range.toMs - range.fromMs) / intervalsAtOnce));
      const counts = await countEach(range, intervalMs);
      return intervalsOf(range, intervalMs).reduce((sum, { startMs }) => sum + (counts.get(startMs) ?? 0), 0);
    },
  };
}

const intervalsAtOnce = 100;

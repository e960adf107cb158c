import type { DuckDBConnection } from '@duckdb/node-api';
import { readMark, writeMark } from './flows-marks.ts';

/** Counts by the hour, and once more by a longer period: of a month there would be too many to add up. */
export interface Level {
  readonly mark: string;
  readonly hours: string;
  readonly periods: string;
  /** Its number since 1970, in a column of this name. */
  readonly column: string;
  readonly hoursPerPeriod: number;
  readonly keys: string;
}

export const flowLevel: Level = {
  mark: 'flows-merged',
  hours: 'flow_hours',
  periods: 'flow_half_days',
  column: 'half_day',
  hoursPerPeriod: 12,
  keys: 'kind',
};

export const connectionLevel: Level = {
  mark: 'connections-merged',
  hours: 'connection_hours',
  periods: 'connection_days',
  column: 'day',
  hoursPerPeriod: 24,
  keys: 'edge, outcome, node',
};

/** In hours since 1970: what is counted before is also in the counts of its period. */
export async function readMerged(connection: DuckDBConnection, { mark }: Level): Promise<number> {
  return Number(await readMark(connection, mark));
}

/** Merges the next period that is over, no more than one so that it does not take long; the counts of hours stay. */
export async function mergeNext(connection: DuckDBConnection, level: Level, overAtHour: number): Promise<void> {
  const { hours, periods, column, hoursPerPeriod, keys } = level;
  const merged = await readMerged(connection, level);
  const end = Math.floor(overAtHour / hoursPerPeriod) * hoursPerPeriod;
  if (merged >= end) return;
  const found = await connection.runAndReadAll(
    `SELECT min(hour) FROM ${hours} WHERE hour >= ${merged} AND hour < ${end}`,
  );
  const first = found.getRows()[0]?.[0] ?? null;
  const next = first === null ? end : (Math.floor(Number(first) / hoursPerPeriod) + 1) * hoursPerPeriod;
  if (first !== null)
    await connection.run(
      `INSERT INTO ${periods} SELECT hour // ${hoursPerPeriod} AS ${column}, ${keys}, ${sums} FROM ${hours}
       WHERE hour >= ${next - hoursPerPeriod} AND hour < ${next} GROUP BY ALL ORDER BY ALL`,
    );
  await writeMark(connection, level.mark, BigInt(next));
}

/** Periods of before there was a mark are merged anew. */
export async function forgetUnmerged(connection: DuckDBConnection, level: Level): Promise<void> {
  if ((await readMerged(connection, level)) === 0) await connection.run(`DELETE FROM ${level.periods}`);
}

/** What comes to hours that are merged is added to their period too: more than one row may stand for the same. */
export async function addCounts(connection: DuckDBConnection, level: Level, rolled: string): Promise<void> {
  const { hours, periods, column, hoursPerPeriod, keys } = level;
  await connection.run(
    `INSERT INTO ${hours} SELECT hour, ${keys}, count, first_ms, last_ms FROM ${rolled} ORDER BY ALL`,
  );
  const merged = await readMerged(connection, level);
  await connection.run(
    `INSERT INTO ${periods} SELECT hour // ${hoursPerPeriod} AS ${column}, ${keys}, ${sums} FROM ${rolled}
     WHERE hour < ${merged} GROUP BY ALL ORDER BY ALL`,
  );
}

const sums = 'sum(count)::BIGINT AS count, min(first_ms) AS first_ms, max(last_ms) AS last_ms';

/** So that an hour which was rolled up in slices has one row of each again. */
export async function tidyHours(
  connection: DuckDBConnection,
  { hours, keys }: Level,
  { from, to }: Hours,
): Promise<void> {
  const those = `FROM ${hours} WHERE hour >= ${from} AND hour < ${to}`;
  await connection.run(
    `CREATE OR REPLACE TEMP TABLE hours_tidied AS SELECT hour, ${keys}, ${sums} ${those} GROUP BY ALL`,
  );
  await connection.run(`DELETE ${those}`);
  await connection.run(`INSERT INTO ${hours} FROM hours_tidied ORDER BY ALL`);
  await connection.run('DROP TABLE hours_tidied');
}

/** Hours since 1970; `to` does not count. */
export interface Hours {
  readonly from: number;
  readonly to: number;
}

/** A stretch of counts: a plain range, since only of these the database knows where it need not look. */
export interface Counted {
  readonly table: string;
  readonly column: string;
  readonly hoursEach: number;
  /** Of the column; `to` does not count. */
  readonly from: number;
  readonly to: number;
}

/** Where the counts of these hours are: each hour in one place. */
export function countedIn(level: Level, { from, to }: Hours, merged: number): readonly Counted[] {
  const { hoursPerPeriod: each, periods, column } = level;
  const [first, end] = [Math.ceil(from / each), Math.floor(Math.min(to, merged) / each)];
  const hours = (part: Hours): Counted => ({ table: level.hours, column: 'hour', hoursEach: 1, ...part });
  if (first >= end) return [hours({ from, to })];
  return [
    hours({ from, to: first * each }),
    { table: periods, column, hoursEach: each, from: first, to: end },
    hours({ from: end * each, to }),
  ].filter((part) => part.from < part.to);
}

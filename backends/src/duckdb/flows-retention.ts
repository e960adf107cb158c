import type { DuckDBConnection } from '@duckdb/node-api';
import { readMark, writeMark } from './flows-marks.ts';
import { connectionLevel, flowLevel, readMerged } from './flows-merge.ts';
import type { Level } from './flows-merge.ts';
import { nanosPerHour } from './flows-roll.ts';
import type { RolledMark } from './flows-roll.ts';

export interface FlowRetention {
  /** Whole events older than this are dropped, once they are counted in their hour; all are kept unless given. */
  readonly keepWholeMs?: number;
  /** Counts of days (UTC) older than this are dropped; all are kept unless given. */
  readonly keepMs?: number;
  /** What the flow history may take on disk: first the oldest whole events go, then the oldest counts. */
  readonly mostBytes?: number;
}

/** Since when there are whole events, and since when there are counts; 0: nothing was dropped. In nanoseconds since 1970. */
export interface Kept {
  readonly whole: bigint;
  readonly counts: bigint;
}

const blockBytes = 262_144;
const nanosPerMs = 1_000_000n;
/** What a source sends again after a break can be recognized only while it is there whole. */
const alwaysWholeHours = 2n;
/** So much is freed beyond the limit, so that it is not reached again at once. */
const slack = 0.9;
const hoursPerDay = 24n;
const wholeTables = ['flows', 'flow_ends', 'connections'] as const;
const countTables = [
  'flow_hours',
  'flow_half_days',
  'flow_kinds',
  'connection_hours',
  'connection_days',
  'connection_edges',
  'connection_ends',
];

export async function readKept(connection: DuckDBConnection): Promise<Kept> {
  return { whole: await readMark(connection, 'whole-from'), counts: await readMark(connection, 'counts-from') };
}

/** Drops what is beyond the limits; of whole events those that were rolled up as far as the mark. */
export async function prune(
  connection: DuckDBConnection,
  options: FlowRetention & { readonly nowMs: number; readonly rolled: RolledMark },
): Promise<Kept> {
  const { keepMs, keepWholeMs, nowMs, rolled } = options;
  const old = await readKept(connection);
  const oldest = (ms: number | undefined): bigint =>
    ms === undefined ? 0n : BigInt(Math.round(nowMs - ms)) * nanosPerMs;
  const bySize = await limitBySize(connection, options);
  const latest = beginning(BigInt(Math.round(nowMs)) * nanosPerMs) - alwaysWholeHours * nanosPerHour;
  const today = beginning(BigInt(Math.round(nowMs)) * nanosPerMs, hoursPerDay);
  const counts = largest(
    old.counts,
    beginning(oldest(keepMs), hoursPerDay),
    bySize.counts > today ? 0n : bySize.counts,
  );
  const whole = smallest(
    largest(old.whole, beginning(oldest(keepWholeMs)), bySize.whole, counts),
    largest(old.whole, smallest(beginning(rolled.nanos), latest)),
  );
  if (whole > old.whole) await dropWhole(connection, whole, rolled);
  if (counts > old.counts) await dropCounts(connection, counts);
  return { whole, counts };
}

async function dropWhole(connection: DuckDBConnection, before: bigint, { arrival }: RolledMark): Promise<void> {
  await connection.run(`DELETE FROM flows WHERE nanos < ${before} AND arrival <= ${arrival}`);
  await connection.run(`DELETE FROM connections WHERE began < ${before} AND arrival <= ${arrival}`);
  await connection.run(`DELETE FROM flow_ends WHERE id NOT IN (
    SELECT source_end FROM flows WHERE source_end IS NOT NULL UNION SELECT destination_end FROM flows WHERE destination_end IS NOT NULL)`);
  await writeMark(connection, 'whole-from', before);
}

/** By the day, so that no period is left that was counted of hours which are gone. */
async function dropCounts(connection: DuckDBConnection, before: bigint): Promise<void> {
  const hour = before / nanosPerHour;
  for (const { hours, periods, column, hoursPerPeriod } of [flowLevel, connectionLevel]) {
    await connection.run(`DELETE FROM ${hours} WHERE hour < ${hour}`);
    await connection.run(`DELETE FROM ${periods} WHERE ${column} < ${hour / BigInt(hoursPerPeriod)}`);
  }
  await connection.run(`DELETE FROM connection_node_hours WHERE hour < ${hour}`);
  const kinds = await stillCounted(connection, flowLevel, 'kind');
  await connection.run(`DELETE FROM flow_kinds WHERE id NOT IN (${kinds})`);
  const edges = await stillCounted(connection, connectionLevel, 'edge');
  await connection.run(
    `DELETE FROM connection_edges WHERE id NOT IN (${edges} UNION ALL SELECT edge FROM connections)`,
  );
  await connection.run(
    'DELETE FROM connection_ends WHERE id NOT IN (SELECT source_end FROM connection_edges UNION ALL SELECT destination_end FROM connection_edges)',
  );
  await connection.run(`DELETE FROM flow_gaps WHERE to_ms < ${before / nanosPerMs}`);
  await writeMark(connection, 'counts-from', before);
}

/** Periods have fewer rows to look at than their hours. */
async function stillCounted(connection: DuckDBConnection, level: Level, key: string): Promise<string> {
  const merged = await readMerged(connection, level);
  return `SELECT ${key} FROM ${level.periods} UNION ALL SELECT ${key} FROM ${level.hours} WHERE hour >= ${merged}`;
}

/** What would have to go for the size; 0 where nothing has to. */
async function limitBySize(connection: DuckDBConnection, { mostBytes }: FlowRetention): Promise<Kept> {
  if (mostBytes === undefined) return { whole: 0n, counts: 0n };
  const whole = await bytesOf(connection, wholeTables);
  const counts = await bytesOf(connection, countTables);
  if (whole + counts <= mostBytes) return { whole: 0n, counts: 0n };
  const excess = whole + counts - mostBytes * slack;
  const share = whole === 0 ? 1 : Math.min(1, excess / whole);
  return {
    whole: await endOfOldest(connection, share),
    counts: counts > mostBytes * slack ? await endOfOldestDay(connection) : 0n,
  };
}

/** The end of the hour by which so much of the whole events has gone. */
async function endOfOldest(connection: DuckDBConnection, share: number): Promise<bigint> {
  const found = await connection.runAndReadAll(
    `SELECT min(hour) FROM (SELECT hour, sum(count(*)) OVER (ORDER BY hour) AS gone, sum(count(*)) OVER () AS all_of_them
       FROM (SELECT nanos // ${nanosPerHour} AS hour FROM flows) GROUP BY hour) WHERE gone >= all_of_them * ${share}::DOUBLE`,
  );
  const hour = found.getRows()[0]?.[0] ?? null;
  return hour === null ? 0n : (BigInt(String(hour)) + 1n) * nanosPerHour;
}

async function endOfOldestDay(connection: DuckDBConnection): Promise<bigint> {
  const found = await connection.runAndReadAll('SELECT min(hour) FROM flow_hours');
  const hour = found.getRows()[0]?.[0] ?? null;
  return hour === null ? 0n : (BigInt(String(hour)) / hoursPerDay + 1n) * hoursPerDay * nanosPerHour;
}

/** On disk; what was written since the last checkpoint is not in it yet. */
async function bytesOf(connection: DuckDBConnection, tables: readonly string[]): Promise<number> {
  let blocks = 0;
  for (const table of tables) {
    const found = await connection.runAndReadAll(
      `SELECT count(DISTINCT block) FROM (SELECT unnest(list_append(additional_block_ids, block_id)) AS block
         FROM pragma_storage_info('${table}') WHERE persistent)`,
    );
    blocks += Number(found.getRows()[0]?.[0] ?? 0);
  }
  return blocks * blockBytes;
}

/** Of the hour, or of the so many hours, that a time lies in. */
function beginning(nanos: bigint, hours = 1n): bigint {
  const length = hours * nanosPerHour;
  return nanos < 0n ? 0n : (nanos / length) * length;
}

function largest(...values: readonly bigint[]): bigint {
  return values.reduce((most, value) => (value > most ? value : most), 0n);
}

function smallest(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}

import type { DuckDBConnection } from '@duckdb/node-api';
import { nanosPerHour, readMark, writeMark } from './flows-roll.ts';

export interface FlowRetention {
  /** Whole events older than this are dropped, once they are counted in their hour; all are kept unless given. */
  readonly keepWholeMs?: number;
  /** Counts older than this are dropped; all are kept unless given. */
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
  'flow_kinds',
  'connection_hours',
  'connection_days',
  'connection_edges',
  'connection_ends',
];

export async function readKept(connection: DuckDBConnection): Promise<Kept> {
  return { whole: await readMark(connection, 'whole-from'), counts: await readMark(connection, 'counts-from') };
}

/** Drops what is beyond the limits. Everything before `rolled` must have been rolled up in this transaction. */
export async function prune(
  connection: DuckDBConnection,
  options: FlowRetention & { readonly nowMs: number; readonly rolled: bigint },
): Promise<Kept> {
  const { keepMs, keepWholeMs, nowMs, rolled } = options;
  const old = await readKept(connection);
  const ageOf = (ms: number | undefined): bigint =>
    ms === undefined ? 0n : hourAt(BigInt(Math.round(nowMs - ms)) * nanosPerMs);
  const bySize = await limitBySize(connection, options);
  const latest = hourAt(BigInt(Math.round(nowMs)) * nanosPerMs) - alwaysWholeHours * nanosPerHour;
  const counts = largest(old.counts, ageOf(keepMs), bySize.counts);
  const whole = smallest(
    largest(old.whole, ageOf(keepWholeMs), bySize.whole, counts),
    largest(old.whole, smallest(rolled, latest)),
  );
  if (whole > old.whole) await dropWhole(connection, whole);
  if (counts > old.counts) await dropCounts(connection, counts);
  return { whole, counts };
}

async function dropWhole(connection: DuckDBConnection, before: bigint): Promise<void> {
  await connection.run(`DELETE FROM flows WHERE nanos < ${before}`);
  await connection.run(`DELETE FROM connections WHERE began < ${before}`);
  await connection.run(
    'DELETE FROM flow_ends WHERE id NOT IN (SELECT unnest([source_end, destination_end]) FROM flows WHERE source_end IS NOT NULL)',
  );
  await writeMark(connection, 'whole-from', before);
}

async function dropCounts(connection: DuckDBConnection, before: bigint): Promise<void> {
  const hour = before / nanosPerHour;
  await connection.run(`DELETE FROM flow_hours WHERE hour < ${hour}`);
  await connection.run(`DELETE FROM connection_hours WHERE hour < ${hour}`);
  await connection.run(`DELETE FROM connection_node_hours WHERE hour < ${hour}`);
  await connection.run(`DELETE FROM connection_days WHERE day * ${hoursPerDay} < ${hour}`);
  await connection.run('DELETE FROM flow_kinds WHERE id NOT IN (SELECT kind FROM flow_hours)');
  await connection.run(
    'DELETE FROM connection_edges WHERE id NOT IN (SELECT edge FROM connection_hours UNION ALL SELECT edge FROM connections)',
  );
  await connection.run(
    'DELETE FROM connection_ends WHERE id NOT IN (SELECT source_end FROM connection_edges UNION ALL SELECT destination_end FROM connection_edges)',
  );
  await connection.run(`DELETE FROM flow_gaps WHERE to_ms < ${before / nanosPerMs}`);
  await writeMark(connection, 'counts-from', before);
}

/** What would have to go for the size; 0 where nothing has to. */
async function limitBySize(connection: DuckDBConnection, { mostBytes }: FlowRetention): Promise<Kept> {
  if (mostBytes === undefined) return { whole: 0n, counts: 0n };
  const whole = await bytesOf(connection, wholeTables);
  const counts = await bytesOf(connection, countTables);
  if (whole + counts <= mostBytes) return { whole: 0n, counts: 0n };
  const excess = whole + counts - mostBytes * slack;
  const share = whole === 0 ? 1 : Math.min(1, excess / whole);
  const [row] = (
    await connection.runAndReadAll(
      `SELECT approx_quantile(nanos, ${share}) AS whole, (SELECT min(hour) FROM flow_hours) AS hour FROM flows`,
    )
  ).getRows();
  const oldestDay = row?.[1] === null ? 0n : (BigInt(String(row?.[1])) / hoursPerDay + 1n) * hoursPerDay;
  return {
    whole: row?.[0] === null ? 0n : hourAt(BigInt(String(row?.[0])) + nanosPerHour),
    counts: counts > mostBytes ? oldestDay * nanosPerHour : 0n,
  };
}

/** On disk; what was written since the last checkpoint is not in it yet. */
async function bytesOf(connection: DuckDBConnection, tables: readonly string[]): Promise<number> {
  let blocks = 0;
  for (const table of tables) {
    const found = await connection.runAndReadAll(
      `SELECT count(DISTINCT block_id) FROM pragma_storage_info('${table}') WHERE persistent`,
    );
    blocks += Number(found.getRows()[0]?.[0] ?? 0);
  }
  return blocks * blockBytes;
}

function hourAt(nanos: bigint): bigint {
  return nanos < 0n ? 0n : (nanos / nanosPerHour) * nanosPerHour;
}

function largest(...values: readonly bigint[]): bigint {
  return values.reduce((most, value) => (value > most ? value : most), 0n);
}

function smallest(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}

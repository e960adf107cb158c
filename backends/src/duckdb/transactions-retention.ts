import type { DuckDBConnection } from '@duckdb/node-api';
import { dropCounts } from './transactions-rollups.ts';
import { dropSegments } from './transactions-segments.ts';

/** How much of the transactions is kept; what is absent has no limit. */
export interface Retention {
  readonly keepMs?: number | undefined;
  readonly mostBytes?: number | undefined;
  /** Said where older ones are asked for: `they are kept for 90d, 20GB at most`. */
  readonly words: string;
}

/** What was deleted, and why. */
export interface Deleted {
  /** Every transaction before. */
  readonly beforeMs: number;
  readonly reason: string;
}

export interface Kept {
  /** Null where nothing was deleted yet. */
  readonly deletedBeforeMs: number | null;
  /** About what is stored, as of the last look; null before the first. */
  readonly bytes: number | null;
}

const hourMs = 3_600_000;

/** A row beside its raw records with its part of the counts, as they are compressed: measured over ten million requests. */
const rowBytes = 21;

/** So much below the limit that not every hour deletes. */
const afterwards = 0.95;

/** Deletes what is older or more than is kept; null where that was nothing. Raw records go with the last of their segment. */
export async function prune(
  connection: DuckDBConnection,
  { keepMs, mostBytes, words }: Retention,
  nowMs: number,
): Promise<Deleted | null> {
  const byAge = keepMs === undefined ? -Infinity : Math.floor((nowMs - keepMs) / hourMs) * hourMs;
  const bySize = mostBytes === undefined ? -Infinity : await beginningOfNewest(connection, mostBytes);
  const beforeMs = Math.max(byAge, bySize);
  if (beforeMs === -Infinity) return null;
  const before = [BigInt(beforeMs)];
  const found = await connection.runAndReadAll('SELECT count(*) AS count FROM transactions WHERE time_ms < $1', before);
  if (Number(found.getRowObjects()[0]?.['count'] ?? 0) === 0) return null;
  await connection.run('DELETE FROM transactions WHERE time_ms < $1', before);
  await dropCounts(connection, beforeMs);
  await dropSegments(connection, beforeMs);
  const deleted = {
    beforeMs,
    reason: `transactions before ${new Date(beforeMs).toISOString()} were deleted: ${words}`,
  };
  await connection.run('DELETE FROM transactions_deleted');
  await connection.run('INSERT INTO transactions_deleted VALUES ($1, $2)', [BigInt(beforeMs), deleted.reason]);
  return deleted;
}

/** Bytes on disk: the packed raw records, and the rows as they are compressed on average. */
export async function bytesOf(
  connection: DuckDBConnection,
): Promise<{ readonly packed: number; readonly all: number }> {
  const sql = `SELECT (SELECT coalesce(sum(size), 0) FROM transaction_segments) AS packed,
  (SELECT count(*) FROM transactions) AS count`;
  const [row = {}] = (await connection.runAndReadAll(sql)).getRowObjects();
  const packed = Number(row['packed'] ?? 0);
  return { packed, all: packed + Number(row['count'] ?? 0) * rowBytes };
}

/** The time from which on what is stored takes no more than so many bytes; the newest segment always stays. */
async function beginningOfNewest(connection: DuckDBConnection, mostBytes: number): Promise<number> {
  const { packed, all } = await bytesOf(connection);
  if (all <= mostBytes || packed === 0) return -Infinity;
  const tooMuch = (all - mostBytes * afterwards) * (packed / all);
  const sql = `SELECT min(newest_ms) AS newest FROM
  (SELECT newest_ms, sum(size) OVER (ORDER BY newest_ms, segment) AS total FROM transaction_segments
  WHERE segment < (SELECT max(segment) FROM transaction_segments)) WHERE total >= $1`;
  const [row = {}] = (await connection.runAndReadAll(sql, [Math.ceil(tooMuch)])).getRowObjects();
  const newest = row['newest'];
  return newest === null || newest === undefined ? -Infinity : Number(newest) + 1;
}

import { DuckDBBlobValue } from '@duckdb/node-api';
import type { DuckDBConnection } from '@duckdb/node-api';
import { appendAll } from './append-all.ts';
import type { Database } from './database.ts';
import { unpackBlock } from '../packed-transactions.ts';
import type { PackedBlock } from '../packed-transactions.ts';

/**
 * Blocks of raw records lie in one table for so many bytes of them: a table that is dropped gives its space back at once, rows that
 * are deleted do so only where a hundred thousand of them go together.
 */
const segmentBytes = 16 * 1024 * 1024;

/** `newest_ms` of all its transactions; `size` in bytes. */
export const createSegmentsTable = `CREATE TABLE IF NOT EXISTS transaction_segments (
  segment INTEGER PRIMARY KEY, first_block INTEGER NOT NULL, last_block INTEGER NOT NULL, newest_ms BIGINT NOT NULL,
  size BIGINT NOT NULL
);`;

function tableOf(segment: number): string {
  return `transaction_raw_${segment}`;
}

/** Adds to the newest segment, or to one more where that is full; in the caller's transaction, as everything here. The first block gets the given number. */
export async function insertBlocks(
  connection: DuckDBConnection,
  { blocks, first }: { readonly blocks: readonly PackedBlock[]; readonly first: number },
): Promise<void> {
  if (blocks.length === 0) return;
  const newest = await connection.runAndReadAll(
    'SELECT segment, size FROM transaction_segments ORDER BY segment DESC LIMIT 1',
  );
  const [row] = newest.getRowObjects();
  const isFull = Number(row?.['size'] ?? 0) >= segmentBytes;
  const segment = Number(row?.['segment'] ?? 0) + (isFull ? 1 : 0);
  await connection.run(`CREATE TABLE IF NOT EXISTS ${tableOf(segment)} (block INTEGER NOT NULL, bytes BLOB NOT NULL)`);
  await appendBlocks(connection, { table: tableOf(segment), blocks, first });
  await connection.run(
    `INSERT INTO transaction_segments VALUES ($1, $2, $3, $4, $5) ON CONFLICT (segment) DO UPDATE SET
    last_block = excluded.last_block, newest_ms = greatest(newest_ms, excluded.newest_ms), size = size + excluded.size`,
    [
      segment,
      first,
      first + blocks.length - 1,
      BigInt(Math.max(...blocks.map(({ newestMs }) => newestMs))),
      BigInt(blocks.reduce((sum, { bytes }) => sum + bytes.length, 0)),
    ],
  );
}

async function appendBlocks(
  connection: DuckDBConnection,
  { table, blocks, first }: { readonly table: string; readonly blocks: readonly PackedBlock[]; readonly first: number },
): Promise<void> {
  await appendAll(connection, table, blocks.entries(), (appender, [index, { bytes }]) => {
    appender.appendInteger(first + index);
    appender.appendBlob(bytes);
  });
}

/** Drops the segments whose transactions all lie before. */
export async function dropSegments(connection: DuckDBConnection, beforeMs: number): Promise<void> {
  const before = [BigInt(beforeMs)];
  const found = await connection.runAndReadAll('SELECT segment FROM transaction_segments WHERE newest_ms < $1', before);
  for (const row of found.getRowObjects()) await connection.run(`DROP TABLE ${tableOf(Number(row['segment']))}`);
  await connection.run('DELETE FROM transaction_segments WHERE newest_ms < $1', before);
}

/** The unpacked blocks by their numbers, without those that are no longer kept. */
export async function readBlocks(database: Database, blocks: readonly number[]): Promise<ReadonlyMap<number, Buffer>> {
  const read = new Map<number, Buffer>();
  if (blocks.length === 0) return read;
  const segments = await database.rows(
    'SELECT segment, first_block, last_block FROM transaction_segments WHERE last_block >= $1 AND first_block <= $2',
    [Math.min(...blocks), Math.max(...blocks)],
  );
  for (const row of segments) {
    const [first, last] = [Number(row['first_block']), Number(row['last_block'])];
    const own = blocks.filter((block) => block >= first && block <= last);
    if (own.length === 0) continue;
    for (const [block, bytes] of await readSegment(database, Number(row['segment']), own)) read.set(block, bytes);
  }
  return read;
}

async function readSegment(
  database: Database,
  segment: number,
  blocks: readonly number[],
): Promise<readonly (readonly [number, Buffer])[]> {
  const rows = await database.rows(
    `SELECT block, bytes FROM ${tableOf(segment)} WHERE block IN (${blocks.map((_, index) => `$${index + 1}`).join(', ')})`,
    [...blocks],
  );
  return Promise.all(
    rows.map(async (row) => {
      const packed = row['bytes'];
      const bytes = packed instanceof DuckDBBlobValue ? await unpackBlock(packed.bytes) : Buffer.alloc(0);
      return [Number(row['block']), bytes] as const;
    }),
  );
}

import type { DuckDBConnection } from '@duckdb/node-api';
import { packTransactions } from '../packed-transactions.ts';
import type { Attribute, GapNote, LogFile, RecordPlace, TransactionWriter } from '../transaction-store.ts';
import type { Database, Row } from './database.ts';
import { insertTransactions, saveFiles, saveGaps, saveRules } from './transactions-append.ts';
import type { RecordedLogs } from './transactions-recorded.ts';
import { bytesOf, prune } from './transactions-retention.ts';
import type { Deleted, Kept, Retention } from './transactions-retention.ts';
import { countDay, dayMs, forgetDays, uncountedDays } from './transactions-rollups.ts';
import { insertBlocks } from './transactions-segments.ts';
import { readUnjoined } from './transactions-unjoined.ts';
import { createTables } from './transactions-tables.ts';

export interface TransactionIngest extends TransactionWriter {
  recorded(): RecordedLogs;
  /** Deletes what is older or more than is kept. */
  prune(retention: Retention, nowMs: number): Promise<void>;
  /** Counts the days that are over and are not counted yet: questions about them need not go through their rows. */
  count(nowMs: number): Promise<void>;
  kept(): Kept;
}

/** What comes later than so long after the end of a day has its counts made anew. */
const settleMs = 600_000;

/** The writing half of the store, and what it remembers of the logs. */
export async function openTransactionIngest(database: Database): Promise<TransactionIngest> {
  await database.write(createTables);
  const files = new Map((await readFiles(database)).map((file) => [file.id, file]));
  let lastFile = [...files.keys()].reduce((most, id) => Math.max(most, id), 0);
  const gaps = new Map((await readGaps(database)).map((gap) => [gap.key, gap]));
  const rules = new Map(
    (await database.rows('SELECT id, message FROM transaction_rules', [])).map((row) => [
      text(row, 'id'),
      text(row, 'message'),
    ]),
  );
  let deleted = await readDeleted(database);
  let bytes: number | null = null;
  const [last = {}] = await database.rows(
    'SELECT greatest((SELECT max(block) FROM transactions), (SELECT max(last_block) FROM transaction_segments)) AS block',
    [],
  );
  let nextBlock = Number(last['block'] ?? 0) + 1;

  const append: TransactionWriter['append'] = async (batch) => {
    const packed = 'blocks' in batch.transactions ? batch.transactions : packTransactions(batch.transactions);
    const firstBlock = nextBlock;
    nextBlock = firstBlock + packed.blocks.length;
    const named = new Map([...packed.ruleNames].filter(([id]) => !rules.has(id)));
    await database.write(async (connection) => {
      // First, because a transaction that is joined late may stand where its line stood alone.
      const replaced = await deleteReplaced(connection, batch.replaces ?? []);
      await forgetDays(connection, [...replaced, ...packed.numbers.timeMs]);
      if (packed.count > 0) await insertTransactions(connection, { packed, firstBlock });
      await insertBlocks(connection, { blocks: packed.blocks, first: firstBlock });
      await saveRules(connection, named);
      await saveFiles(connection, batch.files);
      await saveGaps(connection, batch.gaps);
    });
    for (const [id, message] of named) rules.set(id, message);
    for (const file of batch.files) files.set(file.id, file);
    for (const gap of batch.gaps) gaps.set(gap.key, gap);
  };

  return {
    recorded: () => ({ files, gaps, deleted }),
    async prune(retention, nowMs) {
      const pruned = await database.write(async (connection) => {
        const gone = await prune(connection, retention, nowMs);
        bytes = (await bytesOf(connection)).all;
        return gone;
      });
      if (pruned === null) return;
      deleted = pruned;
      await database.compact();
    },
    async count(nowMs) {
      const days = await database.read((connection) => uncountedDays(connection, nowMs - settleMs));
      for (const day of days) await database.write((connection) => countDay(connection, day));
    },
    kept: () => ({ deletedBeforeMs: deleted?.beforeMs ?? null, bytes }),
    append: inTurn(append),
    files: async (source) => [...files.values()].filter((file) => file.source === source),
    newFileId: async () => (lastFile += 1),
    openGaps: async (source) =>
      [...gaps.values()].filter((gap) => gap.source === source && gap.from !== undefined && gap.to === undefined),
    async storedPlaces(source) {
      const own = [...files.values()].filter((file) => file.source === source);
      const found = await Promise.all(own.map((file) => readPlaces(database, file)));
      return found.flat();
    },
    unjoined: (source, wanted) => readUnjoined(database, source, wanted),
    async clientsOfUnjoinedRecords(source) {
      const sql = 'SELECT DISTINCT client FROM transactions WHERE source = $1 AND NOT has_access LIMIT 100000';
      return (await database.rows(sql, [source])).map((row) => text(row, 'client'));
    },
    reattribute: (attribute) => reattribute(database, attribute),
  };
}

/** Calls that come while one is running wait for it: block numbers and batches stay in order. */
function inTurn<T>(work: (input: T) => Promise<void>): (input: T) => Promise<void> {
  let last: Promise<void> = Promise.resolve();
  return (input) => {
    const done = last.then(() => work(input));
    last = done.catch(() => undefined);
    return done;
  };
}

/** When those were that were stored before. */
async function deleteReplaced(connection: DuckDBConnection, places: readonly RecordPlace[]): Promise<number[]> {
  const times: number[] = [];
  for (const { file, offset } of places) {
    const sql = 'DELETE FROM transactions WHERE file = $1 AND position = $2 RETURNING time_ms';
    const gone = await connection.runAndReadAll(sql, [file, BigInt(offset)]);
    times.push(...gone.getRowObjects().map((row) => Number(row['time_ms'])));
  }
  return times;
}

async function readPlaces(database: Database, { id, offset }: LogFile): Promise<RecordPlace[]> {
  const sql = `SELECT position AS place FROM transactions WHERE file = $1 AND position >= $2
  UNION ALL SELECT audit_position FROM transactions WHERE audit_file = $1 AND audit_position >= $2 AND has_access`;
  const rows = await database.rows(sql, [id, BigInt(offset)]);
  return rows.map((row) => ({ file: id, offset: Number(row['place']) }));
}

/** Each upstream and host that no namespace was known for is asked about once. */
async function reattribute(database: Database, attribute: Attribute): Promise<number> {
  const open = await database.rows(
    'SELECT host, upstream, count(*) AS count FROM transactions WHERE namespace IS NULL GROUP BY host, upstream',
    [],
  );
  let told = 0;
  await database.write(async (connection) => {
    for (const row of open) {
      const upstream = row['upstream'] === null ? null : text(row, 'upstream');
      const namespace = attribute({ host: text(row, 'host'), upstream });
      if (namespace === null) continue;
      told += Number(row['count']);
      const values = [text(row, 'host'), upstream];
      const own = 'WHERE namespace IS NULL AND host = $1 AND upstream IS NOT DISTINCT FROM $2';
      const days = await connection.runAndReadAll(
        `SELECT DISTINCT time_ms // ${dayMs} AS day FROM transactions ${own}`,
        values,
      );
      await forgetDays(
        connection,
        days.getRowObjects().map(({ day }) => Number(day) * dayMs),
      );
      await connection.run(`UPDATE transactions SET namespace = $3 ${own}`, [...values, namespace]);
    }
  });
  return told;
}

async function readFiles(database: Database): Promise<LogFile[]> {
  const rows = await database.rows('SELECT * FROM log_files ORDER BY id', []);
  return rows.map((row) => ({
    id: Number(row['id']),
    source: text(row, 'source'),
    kind: text(row, 'kind') === 'access' ? 'access' : 'audit',
    path: text(row, 'path'),
    device: text(row, 'device'),
    inode: text(row, 'inode'),
    fingerprint: text(row, 'fingerprint'),
    fingerprintLength: Number(row['fingerprint_length']),
    offset: Number(row['read_to']),
    pattern: row['pattern'] === null ? null : text(row, 'pattern'),
    firstMs: optional(row, 'first_ms'),
    lastMs: optional(row, 'last_ms'),
    caughtUpMs: optional(row, 'caught_up_ms'),
    malformed: Number(row['malformed']),
  }));
}

async function readDeleted(database: Database): Promise<Deleted | null> {
  const [row] = await database.rows('SELECT before_ms, reason FROM transactions_deleted', []);
  return row ? { beforeMs: Number(row['before_ms']), reason: text(row, 'reason') } : null;
}

async function readGaps(database: Database): Promise<GapNote[]> {
  const rows = await database.rows('SELECT * FROM transaction_gaps', []);
  return rows.map((row) => {
    const from = optional(row, 'from_ms');
    const to = optional(row, 'to_ms');
    return {
      key: text(row, 'key'),
      source: text(row, 'source'),
      reason: text(row, 'reason'),
      ...(from === null ? {} : { from: new Date(from).toISOString() }),
      ...(to === null ? {} : { to: new Date(to).toISOString() }),
    };
  });
}

function text(row: Row, name: string): string {
  return String(row[name] ?? '');
}

function optional(row: Row, name: string): number | null {
  return row[name] === null || row[name] === undefined ? null : Number(row[name]);
}

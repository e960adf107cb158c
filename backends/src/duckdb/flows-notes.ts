import type { DuckDBConnection } from '@duckdb/node-api';
import type { FlowBatch, FlowNote } from '../flow-store.ts';
import type { LogFile } from '../transaction-store.ts';
import type { Row } from './flows-decode.ts';
import type { RecordedGap } from './flows-memory.ts';

/** What is told of flows besides them: notes, each in the place of an earlier one, and how far export files were read. */
export interface FlowNotes {
  /** Writes them in the transaction of the events that they belong to. */
  save(connection: DuckDBConnection, batch: FlowBatch): Promise<void>;
  /** Only now: what is remembered of a transaction that failed is not true. */
  saved(batch: FlowBatch): void;
  gaps(): readonly RecordedGap[];
  logs(source: string): readonly LogFile[];
}

const createTables = `
CREATE TABLE IF NOT EXISTS flow_notes (
  key VARCHAR PRIMARY KEY, source VARCHAR NOT NULL, reason VARCHAR NOT NULL, from_ms BIGINT NOT NULL, to_ms BIGINT, is_hole BOOLEAN NOT NULL
);
CREATE TABLE IF NOT EXISTS flow_logs (
  source VARCHAR NOT NULL, id INTEGER NOT NULL, path VARCHAR NOT NULL, device VARCHAR NOT NULL, inode VARCHAR NOT NULL,
  fingerprint VARCHAR NOT NULL, fingerprint_length INTEGER NOT NULL, read_to BIGINT NOT NULL,
  first_ms BIGINT, last_ms BIGINT, caught_up_ms BIGINT, malformed BIGINT NOT NULL, PRIMARY KEY (source, id)
);
`;

const forgottenMs = 7 * 86_400_000;

export async function openFlowNotes(
  database: { write<T>(work: (connection: DuckDBConnection) => Promise<T>): Promise<T> },
  options: { readonly nowMs: () => number; readonly keepMs?: number | undefined },
): Promise<FlowNotes> {
  const { nowMs, keepMs } = options;
  const [notes, logs] = await database.write(async (connection) => {
    await connection.run(createTables);
    // Nobody looked since it was noted; what is still so is noted anew, under the key that is free again.
    await connection.run(
      "UPDATE flow_notes SET to_ms = greatest(from_ms, $1), key = key || '@' || from_ms WHERE to_ms IS NULL",
      [BigInt(nowMs())],
    );
    // Files that lie there still would be read again, and each of their events is known.
    await connection.run('DELETE FROM flow_logs WHERE last_ms < $1', [BigInt(nowMs() - forgottenMs)]);
    const rows = async (table: string): Promise<readonly Row[]> =>
      (await connection.runAndReadAll(`FROM ${table}`)).getRowObjects();
    return [
      new Map((await rows('flow_notes')).map((row) => [String(row['key']), noteOf(row)])),
      new Map((await rows('flow_logs')).map(logOf).map((log) => [placeOf(log), log])),
    ];
  });
  const isSaved = (log: LogFile): boolean => {
    const known = logs.get(placeOf(log));
    return known === log || JSON.stringify(known) === JSON.stringify(log);
  };
  const isOld = ({ toMs }: RecordedGap): boolean => keepMs !== undefined && toMs !== null && toMs < nowMs() - keepMs;

  return {
    async save(connection, { notes: told = [], logs: read = [] }) {
      for (const note of told) await saveNote(connection, note, gapOf(note, nowMs()));
      for (const log of read) if (!isSaved(log)) await saveLog(connection, log);
      for (const [key, gap] of notes)
        if (isOld(gap)) await connection.run('DELETE FROM flow_notes WHERE key = $1', [key]);
    },
    saved({ notes: told = [], logs: read = [] }) {
      for (const note of told) notes.set(note.key, gapOf(note, nowMs()));
      for (const log of read) logs.set(placeOf(log), log);
      for (const [key, gap] of notes) if (isOld(gap)) notes.delete(key);
    },
    gaps: () => [...notes.values()],
    logs: (source) => [...logs.values()].filter((log) => log.source === source),
  };
}

function placeOf({ source, id }: LogFile): string {
  return `${source}:${id}`;
}

function gapOf({ source, reason, from, to, isHole = false }: FlowNote, nowMs: number): RecordedGap {
  return {
    source,
    reason,
    fromMs: from === undefined ? nowMs : Date.parse(from),
    toMs: to === undefined ? null : Date.parse(to),
    isHole,
  };
}

async function saveNote(connection: DuckDBConnection, { key }: FlowNote, gap: RecordedGap): Promise<void> {
  await connection.run('INSERT OR REPLACE INTO flow_notes VALUES ($1,$2,$3,$4,$5,$6)', [
    key,
    gap.source,
    gap.reason,
    BigInt(gap.fromMs),
    bigintOf(gap.toMs),
    gap.isHole,
  ]);
}

async function saveLog(connection: DuckDBConnection, log: LogFile): Promise<void> {
  await connection.run('INSERT OR REPLACE INTO flow_logs VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12)', [
    log.source,
    log.id,
    log.path,
    log.device,
    log.inode,
    log.fingerprint,
    log.fingerprintLength,
    BigInt(log.offset),
    bigintOf(log.firstMs),
    bigintOf(log.lastMs),
    bigintOf(log.caughtUpMs),
    BigInt(log.malformed),
  ]);
}

function noteOf(row: Row): RecordedGap {
  return {
    source: String(row['source']),
    reason: String(row['reason']),
    fromMs: Number(row['from_ms']),
    toMs: numberOf(row['to_ms']),
    isHole: row['is_hole'] === true,
  };
}

function logOf(row: Row): LogFile {
  return {
    id: Number(row['id']),
    source: String(row['source']),
    kind: 'flows',
    path: String(row['path']),
    device: String(row['device']),
    inode: String(row['inode']),
    fingerprint: String(row['fingerprint']),
    fingerprintLength: Number(row['fingerprint_length']),
    offset: Number(row['read_to']),
    pattern: null,
    firstMs: numberOf(row['first_ms']),
    lastMs: numberOf(row['last_ms']),
    caughtUpMs: numberOf(row['caught_up_ms']),
    malformed: Number(row['malformed']),
  };
}

function bigintOf(ms: number | null): bigint | null {
  return ms === null ? null : BigInt(Math.round(ms));
}

function numberOf(value: unknown): number | null {
  return value === null || value === undefined ? null : Number(value);
}

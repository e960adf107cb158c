import type { FlowRecord } from '@bartizan/flow';
import type { DuckDBConnection, DuckDBValue } from '@duckdb/node-api';
import type { FlowBatch, FlowWriter } from '../flow-store.ts';
import type { Row } from './flows-decode.ts';
import type { Recorded, RecordedGap, RecordedSource } from './flows-memory.ts';
import { openFlowNotes } from './flows-notes.ts';
import { resume } from './flows-resume.ts';
import type { Resumption } from './flows-resume.ts';
import { appendRow, atOf, createIncoming, createTables } from './flows-row.ts';

/** What the flow tables need of the database that they are in. */
export interface FlowDatabase {
  rows(sql: string, values: readonly DuckDBValue[]): Promise<readonly Row[]>;
  /** One at a time, on one connection, in a transaction. */
  write<T>(work: (connection: DuckDBConnection) => Promise<T>): Promise<T>;
}

interface IngestOptions {
  readonly clock: () => Date;
  readonly keepMs?: number;
  readonly keepEvents?: number;
}

export interface FlowIngest extends FlowWriter {
  recorded(): Recorded;
}

const pruneEveryMs = 10 * 60_000;
const nanosPerMs = 1_000_000n;

export async function openFlowIngest(database: FlowDatabase, options: IngestOptions): Promise<FlowIngest> {
  const nowMs = (): number => options.clock().getTime();
  await database.write(async (connection) => {
    await connection.run(createTables);
    await connection.run(createIncoming);
    await connection.run(
      'UPDATE flow_gaps SET to_ms = greatest(from_ms, least($1, (SELECT coalesce(max(nanos), 0) // 1000000 FROM flows))) WHERE to_ms IS NULL',
      [BigInt(nowMs())],
    );
  });
  const notes = await openFlowNotes(database, { nowMs, keepMs: options.keepMs });
  const sources = await readSources(database, nowMs());
  let gaps = await readGaps(database);
  const resumptions = new Map<string, Resumption>();
  let prunedAtMs = nowMs();

  function holeOf(source: string, times: readonly bigint[]): RecordedGap | null {
    const resumption = resumptions.get(source);
    if (resumption === undefined) return null;
    const resumed = resume(resumption, { times, nowMs: nowMs() });
    if (resumed.kind === 'pending') resumptions.set(source, resumed.resumption);
    else resumptions.delete(source);
    if (resumed.kind !== 'hole') return null;
    const reason = 'it was not followed in that time, and no longer had these events afterwards';
    return { source, reason, fromMs: resumed.fromMs, toMs: resumed.toMs, isHole: true };
  }

  async function append(batch: FlowBatch): Promise<void> {
    const { source, flows, gaps: told } = batch;
    const arrivedMs = nowMs();
    const rows = flows.map((flow) => ({ flow, at: atOf(flow.time, arrivedMs) }));
    const isFollowed = rows.length > 0 || told.length === 0;
    const times = rows.map(({ at }) => at);
    const hole = isFollowed ? holeOf(source, times) : null;
    const added = [...told.map((gap) => gapOf(gap, arrivedMs)), ...(hole === null ? [] : [hole])];
    const takenBack = added.filter(
      (gap) => gap.toMs === gap.fromMs && gaps.some((known) => known.toMs === null && isSame(known, gap)),
    );
    const isNoted = (batch.notes?.length ?? 0) + (batch.logs?.length ?? 0) > 0;
    if (rows.length > 0 || added.length > 0 || isNoted)
      await database.write(async (connection) => {
        if (rows.length > 0) await insertFlows(connection, source, rows);
        for (const gap of added) await putGap(connection, gap, { isTakenBack: takenBack.includes(gap) });
        await notes.save(connection, batch);
      });
    notes.saved(batch);
    sources.set(source, extended(sources.get(source), { times, arrivedMs, isFollowed }));
    const replaced = gaps.filter((known) => !added.some((gap) => isSame(known, gap)));
    gaps = [...replaced, ...added.filter((gap) => !takenBack.includes(gap))];
    if (arrivedMs - prunedAtMs > pruneEveryMs) await prune(arrivedMs);
  }

  async function prune(atMs: number): Promise<void> {
    prunedAtMs = atMs;
    const { keepMs, keepEvents } = options;
    const limits: string[] = [];
    if (keepMs !== undefined) limits.push(`nanos < ${BigInt(Math.round(atMs - keepMs)) * nanosPerMs}`);
    if (keepEvents !== undefined)
      limits.push(
        `nanos < (SELECT coalesce(min(nanos), 0) FROM (SELECT nanos FROM flows ORDER BY nanos DESC LIMIT ${keepEvents}))`,
      );
    if (limits.length === 0) return;
    await database.write((connection) => connection.run(`DELETE FROM flows WHERE ${limits.join(' OR ')}`));
    for (const [name, known] of await readSources(database, atMs)) {
      const old = sources.get(name);
      sources.set(name, { ...known, followedUntilMs: old?.followedUntilMs ?? null });
    }
  }

  return {
    append,
    async newest(source) {
      const [row] = await database.rows(newestOfEachNode, [source, BigInt(nowMs()) * nanosPerMs]);
      const newest = row?.['newest'];
      if (typeof newest !== 'bigint') return null;
      resumptions.set(source, { newest, oldest: null, startedMs: null });
      return Number(newest / nanosPerMs);
    },
    logs: async (source) => notes.logs(source),
    recorded: () => ({ sources, gaps: [...gaps, ...notes.gaps()] }),
  };
}

/**
 * A Relay sends the events of a node that it finds late behind newer ones of others, so following goes on where the node that is
 * furthest behind stopped; one that was silent for an hour holds nothing back.
 */
const newestOfEachNode = `SELECT min(newest) AS newest FROM (
  SELECT max(nanos) AS newest FROM flows WHERE source = $1 AND nanos <= $2::BIGINT
  AND nanos >= (SELECT max(nanos) FROM flows WHERE source = $1 AND nanos <= $2::BIGINT) - 3600000000000 GROUP BY node)`;

interface ArrivedFlow {
  readonly flow: FlowRecord;
  readonly at: bigint;
}

async function insertFlows(connection: DuckDBConnection, source: string, rows: readonly ArrivedFlow[]): Promise<void> {
  await connection.run('DELETE FROM flows_incoming');
  const appender = await connection.createAppender('flows_incoming', 'main', 'temp');
  try {
    for (const { flow, at } of rows) appendRow(appender, flow, { source, at });
  } finally {
    appender.closeSync();
  }
  // Bounds as values, so that only the row groups of that time are looked at.
  const times = rows.map(({ at }) => at);
  const first = times.reduce((least, at) => (at < least ? at : least));
  const last = times.reduce((most, at) => (at > most ? at : most));
  await connection.run(
    `INSERT INTO flows SELECT DISTINCT ON (nanos, id) * FROM flows_incoming AS new WHERE NOT EXISTS (
       SELECT 1 FROM flows WHERE flows.nanos >= ${first} AND flows.nanos <= ${last}
       AND flows.nanos = new.nanos AND flows.id = new.id AND flows.source = new.source)`,
  );
}

async function putGap(
  connection: DuckDBConnection,
  gap: RecordedGap,
  { isTakenBack }: { isTakenBack: boolean },
): Promise<void> {
  const { source, reason } = gap;
  const from = BigInt(gap.fromMs);
  await connection.run('DELETE FROM flow_gaps WHERE source = $1 AND reason = $2 AND from_ms = $3', [
    source,
    reason,
    from,
  ]);
  if (isTakenBack) return;
  const to = gap.toMs === null ? null : BigInt(gap.toMs);
  await connection.run('INSERT INTO flow_gaps VALUES ($1, $2, $3, $4, $5)', [source, reason, from, to, gap.isHole]);
}

/** A gap that was open is closed by the same one with an end. */
function isSame(a: RecordedGap, b: RecordedGap): boolean {
  return a.source === b.source && a.reason === b.reason && a.fromMs === b.fromMs;
}

function gapOf(
  gap: { source: string; reason: string; from?: string | undefined; to?: string | undefined },
  nowMs: number,
): RecordedGap {
  const fromMs = gap.from === undefined ? nowMs : Date.parse(gap.from);
  const toMs = gap.to === undefined ? null : Date.parse(gap.to);
  return { source: gap.source, reason: gap.reason, fromMs, toMs, isHole: false };
}

/** What a clock that is ahead wrote is not newer than now. */
function extended(
  known: RecordedSource | undefined,
  {
    times,
    arrivedMs,
    isFollowed,
  }: { readonly times: readonly bigint[]; readonly arrivedMs: number; readonly isFollowed: boolean },
): RecordedSource {
  let [oldestMs, newestMs] = [known?.oldestMs ?? null, known?.newestMs ?? null];
  for (const at of times) {
    const atMs = Math.min(Number(at / nanosPerMs), arrivedMs);
    if (oldestMs === null || atMs < oldestMs) oldestMs = atMs;
    if (newestMs === null || atMs > newestMs) newestMs = atMs;
  }
  return { oldestMs, newestMs, followedUntilMs: isFollowed ? arrivedMs : (known?.followedUntilMs ?? null) };
}

async function readSources(database: FlowDatabase, nowMs: number): Promise<Map<string, RecordedSource>> {
  const rows = await database.rows(
    'SELECT source, min(nanos) AS oldest, least(max(nanos), $1) AS newest FROM flows GROUP BY source',
    [BigInt(nowMs) * nanosPerMs],
  );
  return new Map(
    rows.map((row) => {
      const [oldest, newest] = [msOf(row['oldest']), msOf(row['newest'])];
      return [String(row['source']), { oldestMs: oldest, newestMs: newest, followedUntilMs: null }];
    }),
  );
}

async function readGaps(database: FlowDatabase): Promise<readonly RecordedGap[]> {
  const rows = await database.rows(
    'SELECT source, reason, from_ms, to_ms, is_hole FROM flow_gaps ORDER BY from_ms',
    [],
  );
  return rows.map((row) => ({
    source: String(row['source']),
    reason: String(row['reason']),
    fromMs: Number(row['from_ms']),
    toMs: row['to_ms'] === null ? null : Number(row['to_ms']),
    isHole: row['is_hole'] === true,
  }));
}

function msOf(nanos: unknown): number | null {
  return typeof nanos === 'bigint' ? Number(nanos / nanosPerMs) : null;
}

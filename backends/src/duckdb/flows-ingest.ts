import { isToldApart } from '@bartizan/flow';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { FlowBatch, FlowWriter } from '../flow-store.ts';
import { createConnectionLog } from './connections-log.ts';
import { createConnectionTables } from './connections-tables.ts';
import type { Database } from './database.ts';
import type { Recorded, RecordedGap, RecordedSource } from './flows-memory.ts';
import { createFlowEnds } from './flows-ends.ts';
import { insertFlows } from './flows-insert.ts';
import { openFlowNotes } from './flows-notes.ts';
import { createRecentIds } from './flows-recent.ts';
import { resume } from './flows-resume.ts';
import type { Resumption } from './flows-resume.ts';
import { prune, readKept } from './flows-retention.ts';
import type { FlowRetention, Kept } from './flows-retention.ts';
import { connectionLevel, forgetUnmerged } from './flows-merge.ts';
import { nanosPerHour, readRolled, rollUp } from './flows-roll.ts';
import type { RolledMark } from './flows-roll.ts';
import { createTables, createTimes } from './flows-row.ts';
import type { TimedFlow } from './flows-row.ts';

/** What the flow tables need of the database that they are in. */
export type FlowDatabase = Pick<Database, 'rows' | 'read' | 'write' | 'compact'>;

interface IngestOptions extends FlowRetention {
  readonly clock: () => Date;
}

export interface FlowIngest extends FlowWriter {
  recorded(): Recorded;
}

const nanosPerMs = 1_000_000n;
/** Events are rolled up so long after their time: by then nearly all of them have come. */
const settledNanos = 120_000n * nanosPerMs;
/** At the end of an hour, or as soon as so many have come: while they are rolled up nothing is stored. */
const mostInSlice = 100_000n;
/** What is beyond the limits is dropped every hour, or as soon as so many have come. */
const mostUnpruned = 1_000_000n;
const tooLate =
  'events of this time came when only its counts were kept, and were left out: they may be counted already';

export async function openFlowIngest(database: FlowDatabase, options: IngestOptions): Promise<FlowIngest> {
  const nowMs = (): number => options.clock().getTime();
  let { kept, rolled, arrival } = await database.write(async (connection) => {
    for (const sql of [createTables, createConnectionTables]) await connection.run(sql);
    await connection.run(
      'UPDATE flow_gaps SET to_ms = greatest(from_ms, least($1, (SELECT coalesce(max(nanos), 0) // 1000000 FROM flows))) WHERE to_ms IS NULL',
      [BigInt(nowMs())],
    );
    const mark = await readRolled(connection);
    const [row] = (await connection.runAndReadAll('SELECT coalesce(max(arrival), 0) FROM flows')).getRows();
    const last = BigInt(String(row?.[0] ?? 0));
    const next = (last > mark.arrival ? last : mark.arrival) + 1n;
    await forgetUnmerged(connection, connectionLevel);
    return { kept: await readKept(connection), rolled: mark, arrival: next };
  });
  const notes = await openFlowNotes(database, { nowMs, keepMs: options.keepMs });
  const log = createConnectionLog();
  const ends = createFlowEnds();
  const recent = createRecentIds();
  const timed = createTimes();
  const sources = await readSources(database, nowMs());
  let gaps = await readGaps(database);
  const resumptions = new Map<string, Resumption>();
  let pruned = { hour: 0n, arrival: 0n };

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
    // Lines of a file that are alike, and say neither an id nor when, are events of their own: a nanosecond apart.
    const all = flows.map((flow, place) => {
      const read = timed(flow, arrivedMs);
      if (batch.logs === undefined || isToldApart(flow)) return read;
      return { flow, at: read.at + BigInt(place), isTold: false };
    });
    // What is read of a file comes once; a source that sends anew may send what is counted already.
    const rows = all.filter(({ at }) => at >= kept.whole || batch.logs !== undefined);
    const isFollowed = flows.length > 0 || told.length === 0;
    const times = rows.map(({ at }) => at);
    const hole = isFollowed ? holeOf(source, times) : null;
    const added = [...told.map((gap) => gapOf(gap, arrivedMs)), ...(hole === null ? [] : [hole])];
    if (rows.length < all.length) added.push(lateGap(source, all, kept));
    const takenBack = added.filter(
      (gap) => gap.toMs === gap.fromMs && gaps.some((known) => known.toMs === null && isSame(known, gap)),
    );
    const isNoted = (batch.notes?.length ?? 0) + (batch.logs?.length ?? 0) > 0;
    if (rows.length > 0 || added.length > 0 || isNoted)
      await written(async (connection) => {
        if (rows.length > 0) await insert(connection, source, rows);
        for (const gap of added) await putGap(connection, gap, { isTakenBack: takenBack.includes(gap) });
        await notes.save(connection, batch);
      });
    notes.saved(batch);
    sources.set(source, extended(sources.get(source), { times, arrivedMs, isFollowed }));
    const replaced = gaps.filter((known) => !added.some((gap) => isSame(known, gap)));
    gaps = [...replaced, ...added.filter((gap) => !takenBack.includes(gap))];
    await rollIfDue(arrivedMs);
  }

  /** Not all that is due at once: after a long break the next batches roll up the rest. */
  async function rollIfDue(atMs: number): Promise<void> {
    const settled = BigInt(Math.round(atMs)) * nanosPerMs - settledNanos;
    const most = rolled.arrival + mostInSlice;
    const isMany = arrival >= most;
    const nanos = isMany ? settled : (settled / nanosPerHour) * nanosPerHour;
    if (nanos <= rolled.nanos && !isMany) return;
    rolled = { arrival: isMany ? most : arrival, nanos: nanos > rolled.nanos ? nanos : rolled.nanos };
    await roll(rolled, atMs);
  }

  /** What is remembered of a transaction that failed is not true. */
  async function written<T>(work: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
    return database.write(work).catch((error: unknown) => {
      for (const memory of [log, ends, recent]) memory.forget();
      throw error;
    });
  }

  async function insert(connection: DuckDBConnection, source: string, rows: readonly TimedFlow[]): Promise<void> {
    const fresh = (await recent.fresh(connection, source, rows)).map(({ flow, at, isTold }) => {
      arrival += 1n;
      return { flow, at, isTold, arrival, source: ends.refOf(flow.source), destination: ends.refOf(flow.destination) };
    });
    await ends.number(connection);
    await insertFlows(connection, source, fresh);
    await log.append(connection, source, fresh);
  }

  async function roll(to: RolledMark, atMs: number): Promise<void> {
    await written((connection) => rollUp(connection, to));
    const hour = to.nanos / nanosPerHour;
    if (hour <= pruned.hour && to.arrival < pruned.arrival + mostUnpruned) return;
    pruned = { hour, arrival: to.arrival };
    const before = kept;
    // Only of what is in the file, and no longer in its log, the size is known.
    if (options.mostBytes !== undefined) await database.compact();
    kept = await written((connection) => {
      // Numbers of what is dropped are free again.
      for (const memory of [log, ends]) memory.forget();
      return prune(connection, { ...options, nowMs: atMs, rolled: to });
    });
    if (kept.whole === before.whole && kept.counts === before.counts) return;
    await database.compact();
    const countsMs = Number(kept.counts / nanosPerMs);
    for (const [name, known] of sources)
      if (known.oldestMs !== null && known.oldestMs < countsMs) sources.set(name, { ...known, oldestMs: countsMs });
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
    recorded: () => ({
      sources: new Map(sources),
      gaps: [...gaps, ...notes.gaps()],
      wholeMs: Number(kept.whole / nanosPerMs),
      countsMs: Number(kept.counts / nanosPerMs),
    }),
  };
}

/**
 * A Relay sends the events of a node that it finds late behind newer ones of others, so following goes on where the node that is
 * furthest behind stopped; one that was silent for an hour holds nothing back.
 */
const newestOfEachNode = `SELECT min(newest) AS newest FROM (
  SELECT max(nanos) AS newest FROM flows WHERE source = $1 AND nanos <= $2::BIGINT
  AND nanos >= (SELECT max(nanos) FROM flows WHERE source = $1 AND nanos <= $2::BIGINT) - 3600000000000 GROUP BY node)`;

function lateGap(source: string, all: readonly { readonly at: bigint }[], { whole }: Kept): RecordedGap {
  const late = all.map(({ at }) => Number(at / nanosPerMs)).filter((ms) => ms < Number(whole / nanosPerMs));
  return { source, reason: tooLate, fromMs: Math.min(...late), toMs: Math.max(...late) + 1, isHole: false };
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
  const arrived = BigInt(Math.round(arrivedMs)) * nanosPerMs;
  const past = times.map((at) => (at < arrived ? at : arrived));
  if (past.length > 0) {
    const oldest = Number(past.reduce((least, at) => (at < least ? at : least)) / nanosPerMs);
    const newest = Number(past.reduce((most, at) => (at > most ? at : most)) / nanosPerMs);
    oldestMs = Math.min(oldestMs ?? oldest, oldest);
    newestMs = Math.max(newestMs ?? newest, newest);
  }
  return { oldestMs, newestMs, followedUntilMs: isFollowed ? arrivedMs : (known?.followedUntilMs ?? null) };
}

async function readSources(database: FlowDatabase, nowMs: number): Promise<Map<string, RecordedSource>> {
  const rows = await database.rows(
    `SELECT source, min(oldest) AS oldest, least(max(newest), $1) AS newest FROM (
       SELECT source, min(nanos) // 1000000 AS oldest, max(nanos) // 1000000 AS newest FROM flows GROUP BY source
       UNION ALL SELECT source, min(first_ms), max(last_ms) FROM flow_hours JOIN flow_kinds ON kind = id GROUP BY source
     ) GROUP BY source`,
    [BigInt(nowMs)],
  );
  return new Map(
    rows.map((row) => {
      const [oldestMs, newestMs] = [Number(row['oldest']), Number(row['newest'])];
      return [String(row['source']), { oldestMs, newestMs, followedUntilMs: null }];
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

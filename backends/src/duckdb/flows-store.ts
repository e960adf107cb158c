import type { FlowBucket, FlowQuery, FlowReader, FlowWriter } from '../flow-store.ts';
import { readOffset, wrongCursor } from '../page-cursor.ts';
import type { Scope } from '../scope.ts';
import type { DuckDBConnection } from '@duckdb/node-api';
import { readConnections, readSeen } from './connections-read.ts';
import { readBuckets, readRanked, readRecord, readRecords, readTotals } from './flows-decode.ts';
import type { Row } from './flows-decode.ts';
import { findFirstSeen } from './flows-first-seen.ts';
import type { FlowDatabase } from './flows-ingest.ts';
import { openFlowIngest } from './flows-ingest.ts';
import { coverageOf, isRecorded } from './flows-memory.ts';
import type { Recorded } from './flows-memory.ts';
import { putAsideOlder, storeOlder } from './flows-older.ts';
import { connectionLevel, flowLevel, readMerged } from './flows-merge.ts';
import { listsAddresses, nanosOfMs, notCountedBecause, planOf } from './flows-plan.ts';
import type { Plan, PlanInput } from './flows-plan.ts';
import {
  breakdownStatement,
  bucketsStatement,
  listStatement,
  readPlace,
  recordsWhere,
  stretchesOf,
  totalsStatement,
} from './flows-query.ts';
import type { RecordPlace, Statement } from './flows-query.ts';
import { readKept } from './flows-retention.ts';
import type { FlowRetention } from './flows-retention.ts';
import { readRolled } from './flows-roll.ts';

export interface FlowStoreOptions extends FlowRetention {
  readonly clock: () => Date;
}

/** Flow events in DuckDB: recent ones whole, older ones as counts by the hour. The database belongs to the caller, who closes it. */
export async function openFlowStore(
  database: FlowDatabase,
  options: FlowStoreOptions,
): Promise<FlowReader & FlowWriter> {
  await putAsideOlder(database);
  const ingest = await openFlowIngest(database, options);
  await storeOlder(database, ingest);

  /** What the statement counts and where it looks must be of one moment: events move from one place to the other. */
  function ask(
    input: Omit<PlanInput, 'marks'>,
    statement: (plan: Plan) => Statement,
  ): Promise<{ readonly rows: readonly Row[]; readonly plan: Plan }> {
    return database.read(async (connection) => {
      const plan = await readPlan(connection, input);
      const { sql, values } = statement(plan);
      return { rows: (await connection.runAndReadAll(sql, [...values])).getRowObjects(), plan };
    });
  }

  const canCount = (query: FlowQuery, intervalMs?: number): boolean =>
    notCountedBecause({ filter: query.filter, intervalMs }) === null;

  return {
    append: ingest.append,
    newest: ingest.newest,
    logs: ingest.logs,
    async statistics(query) {
      const { window } = query;
      // As it was before the question: of what began meanwhile the rows may not be among those that were read.
      const isKnown = isRecorded(window, inScope(ingest.recorded(), query.scope));
      const { rows, plan } = await ask({ window, canCount: canCount(query) }, (parts) => totalsStatement(query, parts));
      const isTold = plan.whole.length > 0 || plan.hours !== null;
      return readTotals(rows, { isKnown: isTold && isKnown });
    },
    async buckets(query, intervalMs) {
      const input = { window: query.window, canCount: canCount(query, intervalMs) };
      const recorded = ingest.recorded();
      const { rows, plan } = await ask(input, (parts) => bucketsStatement(query, parts, intervalMs));
      return filled({ query, intervalMs, counted: readBuckets(rows), recorded, plan });
    },
    async breakdown(query, by, page) {
      const offset = readOffset(page.cursor, 'flow history');
      const { window } = query;
      const { rows } = await ask(
        { window, canCount: canCount(query), prefersWhole: listsAddresses(by, window) },
        (plan) => breakdownStatement(query, plan, { by, limit: page.limit + 1, offset }),
      );
      const items = readRanked(rows.slice(0, page.limit));
      return rows.length > page.limit ? { items, nextCursor: `${offset + page.limit}` } : { items };
    },
    async firstSeen(query, limit) {
      const known = [...inScope(ingest.recorded(), query.scope).sources.values()].map(({ oldestMs }) => oldestMs);
      const oldest = known.includes(null) || known.length === 0 ? null : Math.max(...known.map(Number));
      const { fromMs, toMs } = query.window;
      const told = query.tellsFrom ? query.tellsFrom(oldest) : fromMs;
      if (told === null) return { items: [], totals: { drop: 0, pair: 0, name: 0, port: 0 }, oldestMs: oldest };
      const found = await findFirstSeen(
        async (statement) => (await ask({ window: { fromMs: 0, toMs }, canCount: true }, statement)).rows,
        { ...query, window: { fromMs: told, toMs } },
        limit,
      );
      return { ...found, oldestMs: oldest };
    },
    async list(query, page) {
      const after = page.cursor === undefined ? null : readPlace(page.cursor);
      if (page.cursor !== undefined && after === null) throw wrongCursor('flow history');
      const rows = await database.read((connection) => readNewest(connection, query, { limit: page.limit + 1, after }));
      return readRecords(rows, page.limit);
    },
    async find(id) {
      const [row] = await database.rows(`${recordsWhere('flows.id = $1')} LIMIT 1`, [id]);
      return row ? { source: String(row['source']), flow: readRecord(row) } : null;
    },
    connections: (query, signal) =>
      database.read(async (connection) => {
        const plan = await readPlan(connection, { window: query.window, canCount: true });
        return readConnections(connection, query, plan);
      }, signal),
    connectionsSeen: (query, rows, signal) =>
      database.read(async (connection) => {
        const plan = await readPlan(connection, { window: query.window, canCount: true });
        return readSeen(connection, query, { plan, rows });
      }, signal),
    async coverage(query, of = {}) {
      const reason = of.records ? null : notCountedBecause({ filter: query.filter, intervalMs: of.intervalMs });
      const input = { window: query.window, canCount: !of.records && reason === null };
      const plan = await database.read((connection) => readPlan(connection, input));
      const recorded = inScope(ingest.recorded(), query.scope);
      return coverageOf(query.window, recorded, { spans: plan.missing, reason, ofRecords: of.records ?? false });
    },
    kept() {
      const { wholeMs, countsMs } = ingest.recorded();
      return { wholeSinceMs: wholeMs === 0 ? null : wholeMs, countsSinceMs: countsMs === 0 ? null : countsMs };
    },
    close: async () => undefined,
  };
}

async function readNewest(
  connection: DuckDBConnection,
  query: FlowQuery,
  { limit, after }: { readonly limit: number; readonly after: RecordPlace | null },
): Promise<readonly Row[]> {
  const plan = await readPlan(connection, { window: query.window, canCount: false });
  const [span = { from: 0n, to: 0n }] = plan.whole;
  const to = after === null || after.at >= span.to ? span.to : after.at + 1n;
  const rows: Row[] = [];
  for (const stretch of stretchesOf({ from: span.from, to })) {
    const { sql, values } = listStatement(query, stretch, { limit: limit - rows.length, after });
    rows.push(...(await connection.runAndReadAll(sql, [...values])).getRowObjects());
    if (rows.length >= limit) break;
  }
  return rows;
}

async function readPlan(connection: DuckDBConnection, input: Omit<PlanInput, 'marks'>): Promise<Plan> {
  const marks = {
    rolled: await readRolled(connection),
    whole: (await readKept(connection)).whole,
    merged: {
      flows: await readMerged(connection, flowLevel),
      connections: await readMerged(connection, connectionLevel),
    },
  };
  return planOf({ ...input, marks });
}

function inScope(recorded: Recorded, scope: Scope): Recorded {
  if (scope.kind === 'all') return recorded;
  const unknown = { oldestMs: null, newestMs: null, followedUntilMs: null };
  return {
    ...recorded,
    sources: new Map(scope.sources.map((name) => [name, recorded.sources.get(name) ?? unknown])),
    gaps: recorded.gaps.filter((gap) => scope.sources.includes(gap.source)),
  };
}

/** One bucket for every interval that the window touches; null where a part of it cannot be told. */
function filled(options: {
  readonly query: FlowQuery;
  readonly intervalMs: number;
  readonly counted: ReadonlyMap<number, FlowBucket>;
  readonly recorded: Recorded;
  readonly plan: Plan;
}): FlowBucket[] {
  const { query, intervalMs, counted, plan } = options;
  const { fromMs, toMs } = query.window;
  const recorded = inScope(options.recorded, query.scope);
  const buckets: FlowBucket[] = [];
  for (let startMs = Math.floor(fromMs / intervalMs) * intervalMs; startMs < toMs; startMs += intervalMs) {
    const part = { fromMs: Math.max(startMs, fromMs), toMs: Math.min(startMs + intervalMs, toMs) };
    const isCut = plan.missing.some(({ from, to }) => from < nanosOfMs(part.toMs) && to > nanosOfMs(part.fromMs));
    const none = !isCut && isRecorded(part, recorded) ? 0 : null;
    const bucket = isCut ? undefined : counted.get(startMs);
    buckets.push(bucket ?? { startMs, forwarded: none, dropped: none });
  }
  return buckets;
}

import { createConnectionReader } from '@bartizan/flow';
import type { FlowBucket, FlowQuery, FlowReader, FlowWriter } from '../flow-store.ts';
import { readOffset, wrongCursor } from '../page-cursor.ts';
import type { Scope } from '../scope.ts';
import { readBuckets, readRanked, readRecord, readRecords, readTotals } from './flows-decode.ts';
import { findFirstSeen } from './flows-first-seen.ts';
import type { FlowDatabase } from './flows-ingest.ts';
import { openFlowIngest } from './flows-ingest.ts';
import { coverageOf, isRecorded } from './flows-memory.ts';
import type { Recorded } from './flows-memory.ts';
import {
  breakdownStatement,
  bucketsStatement,
  connectionsStatement,
  listStatement,
  readPlace,
  totalsStatement,
} from './flows-query.ts';
import type { Statement } from './flows-query.ts';

export interface FlowStoreOptions {
  readonly clock: () => Date;
  /** Events older than this are dropped; all are kept unless given. */
  readonly keepMs?: number;
  /** At most so many events are kept, the newest. */
  readonly keepEvents?: number;
}

/** Recent flow events, whole, in DuckDB. The database belongs to the caller, who closes it. */
export async function openFlowStore(
  database: FlowDatabase,
  options: FlowStoreOptions,
): Promise<FlowReader & FlowWriter> {
  const ingest = await openFlowIngest(database, options);
  const ask = ({ sql, values }: Statement) => database.rows(sql, values);

  return {
    append: ingest.append,
    newest: ingest.newest,
    logs: ingest.logs,
    async statistics(query) {
      const rows = await ask(totalsStatement(query));
      return readTotals(rows, { isKnown: isRecorded(query.window, inScope(ingest.recorded(), query.scope)) });
    },
    async buckets(query, intervalMs) {
      const rows = await ask(bucketsStatement(query, intervalMs));
      return filled({ query, intervalMs, counted: readBuckets(rows), recorded: ingest.recorded() });
    },
    async breakdown(query, by, page) {
      const offset = readOffset(page.cursor, 'flow history');
      const rows = await ask(breakdownStatement(query, { by, limit: page.limit + 1, offset }));
      const items = readRanked(rows.slice(0, page.limit));
      return rows.length > page.limit ? { items, nextCursor: `${offset + page.limit}` } : { items };
    },
    async firstSeen(query, limit) {
      const known = [...inScope(ingest.recorded(), query.scope).sources.values()].map(({ oldestMs }) => oldestMs);
      const oldest = known.includes(null) || known.length === 0 ? null : Math.max(...known.map(Number));
      return { ...(await findFirstSeen(ask, query, limit)), oldestMs: oldest };
    },
    async list(query, page) {
      const after = page.cursor === undefined ? null : readPlace(page.cursor);
      if (page.cursor !== undefined && after === null) throw wrongCursor('flow history');
      const rows = await ask(listStatement(query, { limit: page.limit + 1, after }));
      return readRecords(rows, page.limit);
    },
    async find(id) {
      const [row] = await ask({ sql: 'SELECT source, detail FROM flows WHERE id = $1 LIMIT 1', values: [id] });
      return row ? { source: String(row['source']), flow: readRecord(row) } : null;
    },
    async connections(query) {
      const rows = await ask(connectionsStatement(query));
      const reader = createConnectionReader();
      for (const row of rows) reader.add(readRecord(row));
      return reader.finish().edges;
    },
    coverage: async (window, scope) => coverageOf(window, inScope(ingest.recorded(), scope)),
    close: async () => undefined,
  };
}

function inScope(recorded: Recorded, scope: Scope): Recorded {
  if (scope.kind === 'all') return recorded;
  const unknown = { oldestMs: null, newestMs: null, followedUntilMs: null };
  return {
    sources: new Map(scope.sources.map((name) => [name, recorded.sources.get(name) ?? unknown])),
    gaps: recorded.gaps.filter((gap) => scope.sources.includes(gap.source)),
  };
}

/** One bucket for every interval that the window touches. */
function filled(options: {
  readonly query: FlowQuery;
  readonly intervalMs: number;
  readonly counted: ReadonlyMap<number, FlowBucket>;
  readonly recorded: Recorded;
}): FlowBucket[] {
  const { query, intervalMs, counted } = options;
  const { fromMs, toMs } = query.window;
  const recorded = inScope(options.recorded, query.scope);
  const buckets: FlowBucket[] = [];
  for (let startMs = Math.floor(fromMs / intervalMs) * intervalMs; startMs < toMs; startMs += intervalMs) {
    const part = { fromMs: Math.max(startMs, fromMs), toMs: Math.min(startMs + intervalMs, toMs) };
    const none = isRecorded(part, recorded) ? 0 : null;
    buckets.push(counted.get(startMs) ?? { startMs, forwarded: none, dropped: none });
  }
  return buckets;
}

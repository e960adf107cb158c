import type { FlowEndpoint } from '@bartizan/flow';
import type { DuckDBConnection, DuckDBDataChunk } from '@duckdb/node-api';
import type { ConnectionRow, ConnectionSeen, ConnectionTable, FlowQuery } from '../flow-store.ts';
import type { Scope } from '../scope.ts';
import { createColumns, createSums } from './connections-columns.ts';
import { firstUnknown } from './connections-tables.ts';
import { createBinder, inList } from './flows-filter.ts';
import type { Binder } from './flows-filter.ts';
import { nanosOfMs } from './flows-plan.ts';
import { connectionLevel, countedIn } from './flows-merge.ts';
import type { Hours } from './flows-merge.ts';
import type { Plan, Span } from './flows-plan.ts';
import type { Statement } from './flows-query.ts';
import { changesWhere, nanosPerHour } from './flows-roll.ts';

type Asked = Pick<FlowQuery, 'window' | 'scope'>;

/** What was seen of each edge, summed up here: grouping a million edges costs the database as much as all the rest. */
export async function readConnections(
  connection: DuckDBConnection,
  asked: Asked,
  plan: Plan,
): Promise<ConnectionTable> {
  const binder = createBinder();
  const counted = `SELECT edge, outcome, count::DOUBLE FROM (${seenIn(plan, binder)}) WHERE ${countedWhere(asked.scope, plan, binder)}`;
  const sums = createSums(await largestEdge(connection));
  await eachChunk(connection, { sql: counted, values: binder.values }, sums.add);
  const columns = createColumns(sums);
  const edges = 'SELECT id, source_end, destination_end, protocol, port FROM connection_edges';
  await eachChunk(connection, { sql: edges, values: [] }, columns.add);
  return columns.table(await readEnds(connection, asked.scope));
}

async function largestEdge(connection: DuckDBConnection): Promise<number> {
  const found = await connection.runAndReadAll('SELECT max(id) FROM connection_edges');
  return Number(found.getRows()[0]?.[0] ?? 0);
}

/** As it is worked out, so that it is never there as a whole besides. */
async function eachChunk(
  connection: DuckDBConnection,
  { sql, values }: Statement,
  add: (chunk: DuckDBDataChunk) => void,
): Promise<void> {
  const found = await connection.stream(sql, [...values]);
  for (let chunk = await found.fetchChunk(); chunk !== null && chunk.rowCount > 0; chunk = await found.fetchChunk())
    add(chunk);
}

/** When rows of a table were seen, and examples of them: of those that are kept whole, the newest first. */
export async function readSeen(
  connection: DuckDBConnection,
  asked: Asked,
  { plan, rows }: { readonly plan: Plan; readonly rows: readonly ConnectionRow[] },
): Promise<readonly ConnectionSeen[]> {
  const edges = [...new Set(rows.map(({ edge }) => edge))];
  if (edges.length === 0) return [];
  const binder = createBinder();
  const isAsked = `edge IN (${edges.join()})`;
  const sql = `SELECT edge, least(outcome, ${firstUnknown}) AS of, min(first_ms) AS first_ms, max(last_ms) AS last_ms
    FROM (${seenIn(plan, binder)}) WHERE ${isAsked} AND ${countedWhere({ kind: 'all' }, plan, binder)} GROUP BY edge, of`;
  const seen = await connection.runAndReadAll(sql, [...binder.values]);
  const idsOf = await readExamples(connection, asked, isAsked);
  const byRow = new Map(seen.getRows().map(([edge, of, first, last]) => [`${edge} ${of}`, [first, last]]));
  return rows.map(({ edge, outcome }): ConnectionSeen => {
    const key = `${edge} ${outcome}`;
    const [first, last] = byRow.get(key) ?? [];
    return { firstSeen: iso(first), lastSeen: iso(last), examples: idsOf.get(key) ?? [] };
  });
}

/** By edge and outcome. The long ids are read of what was chosen alone; rows lie in the order in which they came. */
async function readExamples(
  connection: DuckDBConnection,
  { window }: Asked,
  isAsked: string,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const of = `least(added, ${firstUnknown})`;
  const found = await connection.runAndReadAll(
    `SELECT edge, ${of}, id FROM connections WHERE rowid IN (SELECT unnest(newest) FROM (
       SELECT max(rowid, ${mostExamples}) AS newest FROM connections
       WHERE ${isAsked} AND added IS NOT NULL AND began >= $1::BIGINT AND began < $2::BIGINT GROUP BY edge, ${of}
     )) ORDER BY rowid DESC`,
    [nanosOfMs(window.fromMs), nanosOfMs(window.toMs)],
  );
  const ids = new Map<string, string[]>();
  for (const [edge, outcome, id] of found.getRows()) {
    const key = `${edge} ${outcome}`;
    ids.set(key, [...(ids.get(key) ?? []), String(id)]);
  }
  return ids;
}

const mostExamples = 3;

function iso(ms: unknown): string {
  return ms === null || ms === undefined ? '' : new Date(Number(ms)).toISOString();
}

function seenIn(plan: Plan, binder: Binder): string {
  const parts = [
    ...plan.whole.map((span) => logPart(span, binder)),
    ...(plan.hours === null ? [] : countedParts(plan.hours, plan.merged.connections)),
  ];
  return parts.length > 0 ? parts.join(' UNION ALL ') : 'SELECT * EXCLUDE hour FROM connection_hours WHERE false';
}

/** Drops say once more what a node's verdicts say; without these, they are all there is. */
function countedWhere(scope: Scope, plan: Plan, binder: Binder): string {
  const isCounted = `(node = 0 OR node NOT IN (${nodesWithVerdicts(plan, binder)}))`;
  return [isCounted, ...scopeCondition(scope, binder)].join(' AND ');
}

function logPart({ from, to, arrivedAfter }: Plan['whole'][number], binder: Binder): string {
  const where = [
    `began >= ${binder.bind(from)} AND began < ${binder.bind(to)}`,
    ...(arrivedAfter === undefined ? [] : [`arrival > ${binder.bind(arrivedAfter)}`]),
  ].join(' AND ');
  return `SELECT edge, outcome, node, change AS count, CASE WHEN change > 0 THEN began // 1000000 END AS first_ms,
    CASE WHEN change > 0 THEN began // 1000000 END AS last_ms FROM (${changesWhere(where)})`;
}

function countedParts(hours: Hours, merged: number): readonly string[] {
  return countedIn(connectionLevel, hours, merged).map(
    ({ table, column, from, to }) =>
      `SELECT edge, outcome, node, count, first_ms, last_ms FROM ${table} WHERE ${column} >= ${from} AND ${column} < ${to}`,
  );
}

function nodesWithVerdicts({ whole, hours }: Plan, binder: Binder): string {
  const spans: Span[] = [...whole];
  if (hours) spans.push({ from: BigInt(hours.from) * nanosPerHour, to: BigInt(hours.to) * nanosPerHour });
  const touched = spans.map(
    ({ from, to }) => `hour >= ${binder.bind(from / nanosPerHour)} AND hour * ${nanosPerHour} < ${binder.bind(to)}`,
  );
  return `SELECT node FROM connection_node_hours WHERE ${touched.map((span) => `(${span})`).join(' OR ')}`;
}

function scopeCondition(scope: Scope, binder: Binder): readonly string[] {
  if (scope.kind === 'all') return [];
  const inside = `SELECT id FROM connection_ends WHERE ${inList('source', scope.sources, binder)} AND ${inList('namespace', scope.namespaces, binder)}`;
  return [
    `edge IN (SELECT id FROM connection_edges WHERE source_end IN (${inside}) OR destination_end IN (${inside}))`,
  ];
}

/** By end's number. An end that nothing speaks of costs less than to ask which ones do. */
async function readEnds(connection: DuckDBConnection, scope: Scope): Promise<ReadonlyMap<number, FlowEndpoint>> {
  const binder = createBinder();
  const where = scope.kind === 'all' ? '' : ` WHERE ${inList('source', scope.sources, binder)}`;
  const rows = await connection.runAndReadAll(`SELECT id, detail FROM connection_ends${where}`, [...binder.values]);
  return new Map(rows.getRows().map(([id, detail]) => [Number(id), asEndpoint(JSON.parse(String(detail)))]));
}

/** The column holds what the dictionary put there. */
function asEndpoint(value: unknown): FlowEndpoint {
  return value as FlowEndpoint;
}

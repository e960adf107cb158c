import type { FlowEndpoint } from '@bartizan/flow';
import type { DuckDBConnection, DuckDBDataChunk } from '@duckdb/node-api';
import type { ConnectionRow, ConnectionSeen, ConnectionTable, FlowQuery } from '../flow-store.ts';
import type { Scope } from '../scope.ts';
import { firstUnknown, outcomes, protocols, unknownBecause } from './connections-tables.ts';
import { createBinder, inList } from './flows-filter.ts';
import type { Binder } from './flows-filter.ts';
import { nanosOfMs } from './flows-plan.ts';
import type { Plan, Span } from './flows-plan.ts';
import { changesWhere, nanosPerHour } from './flows-roll.ts';

type Asked = Pick<FlowQuery, 'window' | 'scope'>;

const hoursPerDay = 24;

/** Protocol, outcome and port as one number, so that less has to be handed over. */
const packed = `(protocol * ${outcomes.length} + outcome)::INTEGER * 65537 + port + 1`;

/** A row for each outcome of each edge that was seen. The counts of a day stand for those of its hours. */
export async function readConnections(
  connection: DuckDBConnection,
  asked: Asked,
  plan: Plan,
): Promise<ConnectionTable> {
  const binder = createBinder();
  const sql = `SELECT edge, source_end, destination_end, ${packed} AS packed, count FROM (
      SELECT edge, outcome, sum(count)::DOUBLE AS count FROM (${await countedIn(connection, plan, binder)})
      WHERE ${countedWhere(asked.scope, plan, binder)} GROUP BY edge, outcome HAVING sum(count) > 0
    ) JOIN connection_edges ON id = edge`;
  const found = await connection.run(sql, [...binder.values]);
  const chunks = await found.fetchAllChunks();
  return tableOf(chunks, await readEnds(connection, asked.scope));
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
    FROM (${await countedIn(connection, plan, binder)}) WHERE ${isAsked} AND ${countedWhere({ kind: 'all' }, plan, binder)} GROUP BY edge, of`;
  const seen = await connection.runAndReadAll(sql, [...binder.values]);
  const examples = await connection.runAndReadAll(
    `SELECT edge, least(added, ${firstUnknown}) AS of, arg_max(id, arrival, ${mostExamples}) FROM connections
     WHERE ${isAsked} AND added IS NOT NULL AND began >= $1::BIGINT AND began < $2::BIGINT GROUP BY edge, of`,
    [nanosOfMs(asked.window.fromMs), nanosOfMs(asked.window.toMs)],
  );
  const idsOf = new Map(examples.getRowsJS().map(([edge, of, ids]) => [`${edge} ${of}`, ids]));
  const byRow = new Map(seen.getRows().map(([edge, of, first, last]) => [`${edge} ${of}`, [first, last]]));
  return rows.map(({ edge, outcome }): ConnectionSeen => {
    const key = `${edge} ${outcome}`;
    const [first, last] = byRow.get(key) ?? [];
    const ids = idsOf.get(key);
    return { firstSeen: iso(first), lastSeen: iso(last), examples: Array.isArray(ids) ? ids.map(String) : [] };
  });
}

const mostExamples = 3;

function iso(ms: unknown): string {
  return ms === null || ms === undefined ? '' : new Date(Number(ms)).toISOString();
}

async function countedIn(connection: DuckDBConnection, plan: Plan, binder: Binder): Promise<string> {
  const parts = [
    ...plan.whole.map((span) => logPart(span, binder)),
    ...(plan.hours === null ? [] : await countedParts(connection, plan.hours, binder)),
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

async function countedParts(
  connection: DuckDBConnection,
  hours: { readonly from: number; readonly to: number },
  binder: Binder,
): Promise<readonly string[]> {
  const [first, end] = [Math.ceil(hours.from / hoursPerDay), Math.floor(hours.to / hoursPerDay)];
  const found = await connection.runAndReadAll(
    'SELECT DISTINCT day FROM connection_days WHERE day >= $1 AND day < $2 ORDER BY day',
    [first, end],
  );
  const days = found.getRows().map(([day]) => Number(day));
  const columns = 'edge, outcome, node, count, first_ms, last_ms';
  const [from, to] = [binder.bind(hours.from), binder.bind(hours.to)];
  const isRest = days.length === 0 ? '' : ` AND hour // ${hoursPerDay} NOT IN (${days.join()})`;
  const parts = [`SELECT ${columns} FROM connection_hours WHERE hour >= ${from} AND hour < ${to}${isRest}`];
  if (days.length > 0) parts.push(`SELECT ${columns} FROM connection_days WHERE day IN (${days.join()})`);
  return parts;
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

/** Counted into long arrays, edge by edge: a million rows would be as many objects. */
function tableOf(chunks: readonly DuckDBDataChunk[], known: ReadonlyMap<number, FlowEndpoint>): ConnectionTable {
  const length = chunks.reduce((sum, { rowCount }) => sum + rowCount, 0);
  const numbers = {
    edge: new Int32Array(length),
    from: new Int32Array(length),
    to: new Int32Array(length),
    packed: new Int32Array(length),
  };
  const counts = new Float64Array(length);
  let at = 0;
  for (const chunk of chunks) {
    for (const [place, column] of [numbers.edge, numbers.from, numbers.to, numbers.packed, counts].entries())
      copyColumn(chunk, place, column, at);
    at += chunk.rowCount;
  }
  return groupedByEdge({ ...numbers, counts }, known);
}

function copyColumn(chunk: DuckDBDataChunk, place: number, column: Int32Array | Float64Array, at: number): void {
  const vector = chunk.getColumnVector(place);
  const { rowCount } = chunk;
  for (let row = 0; row < rowCount; row += 1) column[at + row] = Number(vector.getItem(row));
}

interface Numbers {
  readonly edge: Int32Array;
  readonly from: Int32Array;
  readonly to: Int32Array;
  readonly packed: Int32Array;
  readonly counts: Float64Array;
}

function groupedByEdge(numbers: Numbers, known: ReadonlyMap<number, FlowEndpoint>): ConnectionTable {
  const { edge, packed, counts } = numbers;
  const { places, edges } = placesOf(edge);
  const [from, to, port] = [new Int32Array(edges), new Int32Array(edges), new Int32Array(edges)];
  const ids = new Int32Array(edges);
  const protocol = new Uint8Array(edges);
  const because = new Uint8Array(edges);
  /** By edge and outcome. */
  const sums = new Float64Array(edges * kindsOfOutcome);
  const ends = createEnds(known);
  for (let row = 0; row < edge.length; row += 1) {
    const place = places[edge[row] ?? 0] ?? 0;
    const number = packed[row] ?? 0;
    const kind = Math.floor(number / 65537);
    const outcome = kind % outcomes.length;
    ids[place] = edge[row] ?? 0;
    from[place] = ends.placeOf(numbers.from[row] ?? 0);
    to[place] = ends.placeOf(numbers.to[row] ?? 0);
    port[place] = (number % 65537) - 1;
    protocol[place] = Math.floor(kind / outcomes.length);
    if (outcome >= firstUnknown) because[place] = outcome;
    const cell = place * kindsOfOutcome + Math.min(outcome, firstUnknown);
    sums[cell] = (sums[cell] ?? 0) + (counts[row] ?? 0);
  }
  const rows = rowsOf(sums);
  return {
    ends: ends.list,
    from,
    to,
    port,
    protocol,
    protocols,
    ...rows,
    unknownBecause: (connection) => unknownBecause[(because[connection] ?? 0) - firstUnknown] ?? null,
    rowOf: (row) => ({ edge: ids[rows.connection[row] ?? 0] ?? 0, outcome: rows.outcome[row] ?? 0 }),
  };
}

const kindsOfOutcome = firstUnknown + 1;

/** By edge's number, its place among those that are there. */
function placesOf(edge: Int32Array): { readonly places: Int32Array; readonly edges: number } {
  let largest = 0;
  for (let row = 0; row < edge.length; row += 1) largest = Math.max(largest, edge[row] ?? 0);
  const places = new Int32Array(largest + 1).fill(-1);
  let edges = 0;
  for (let row = 0; row < edge.length; row += 1) {
    const id = edge[row] ?? 0;
    if (places[id] !== -1) continue;
    places[id] = edges;
    edges += 1;
  }
  return { places, edges };
}

function createEnds(known: ReadonlyMap<number, FlowEndpoint>) {
  const list: FlowEndpoint[] = [];
  const places: number[] = [];
  return {
    list,
    placeOf(id: number): number {
      const place = places[id];
      if (place !== undefined) return place;
      const end = known.get(id);
      if (end === undefined) throw new Error(`there is no end ${id} of connections`);
      return (places[id] = list.push(end) - 1);
    },
  };
}

function rowsOf(sums: Float64Array): Pick<ConnectionTable, 'connection' | 'outcome' | 'count'> {
  const length = sums.reduce((total, sum) => total + Number(sum > 0), 0);
  const rows = { connection: new Int32Array(length), outcome: new Uint8Array(length), count: new Float64Array(length) };
  let row = 0;
  for (let cell = 0; cell < sums.length; cell += 1) {
    const sum = sums[cell] ?? 0;
    if (sum <= 0) continue;
    rows.connection[row] = Math.floor(cell / kindsOfOutcome);
    rows.outcome[row] = cell % kindsOfOutcome;
    rows.count[row] = sum;
    row += 1;
  }
  return rows;
}

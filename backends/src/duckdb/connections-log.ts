import {
  createHalfPairs,
  halfKindOf,
  halvesWithinMs,
  hash64,
  outcomeOf,
  reverseTupleOf,
  tupleOf,
  weightOf,
} from '@bartizan/flow';
import type { FlowRecord, Half, HalfPairs } from '@bartizan/flow';
import type { DuckDBConnection } from '@duckdb/node-api';
import { lineOf, linesOf, valuesOf } from './columns.ts';
import type { ColumnType } from './columns.ts';
import { createDictionary } from './connections-dictionary.ts';
import type { EdgeRef, NewEdge } from './connections-dictionary.ts';
import { createNodes } from './connections-nodes.ts';
import { directions, firstUnknown, outcomes, reportedOutcome } from './connections-tables.ts';

export interface ArrivedFlow {
  readonly flow: FlowRecord;
  /** Nanoseconds since 1970. */
  readonly at: bigint;
  readonly arrival: bigint;
}

/** Counts connections while their events are stored, in the same transaction. */
export interface ConnectionLog {
  append(connection: DuckDBConnection, source: string, rows: readonly ArrivedFlow[]): Promise<void>;
  /** To be called when the transaction failed. */
  forget(): void;
}

/** Kept of a first half until the second one comes. */
interface First {
  readonly edge: EdgeRef;
  readonly at: bigint;
  readonly outcome: number;
}

interface Change {
  readonly row: ArrivedFlow;
  readonly half: Half;
  readonly outcome: number;
  readonly node: number;
  readonly edge: EdgeRef;
  readonly at: bigint;
  readonly added: number | null;
  readonly removed: number | null;
  readonly count: number;
}

const nanosPerMs = 1_000_000n;

export function createConnectionLog(): ConnectionLog {
  const dictionary = createDictionary();
  const nodes = createNodes();
  let recent = createHalfPairs<First>();
  /** `recent` has all halves since then that were stored; null before it was read. */
  let knownSinceMs: number | null = null;
  let newestMs = 0;

  /** What was stored shortly before, as after a restart. */
  async function readRecent(connection: DuckDBConnection): Promise<void> {
    const [row] = (await connection.runAndReadAll('SELECT max(nanos) // 1000000 FROM connections')).getRows();
    newestMs = Number(row?.[0] ?? 0);
    knownSinceMs = newestMs - halvesWithinMs;
    const since = BigInt(knownSinceMs - halvesWithinMs) * nanosPerMs;
    await replay(connection, recent, { where: `nanos >= ${since}`, values: [] });
  }

  /** Those that may belong to halves which come late, when others of their time are forgotten already. */
  async function readAround(connection: DuckDBConnection, late: readonly Judged[]): Promise<HalfPairs<First>> {
    const pairs = createHalfPairs<First>();
    const times = late.map(({ half }) => half.timeMs);
    const from = BigInt(Math.floor(Math.min(...times) - 2 * halvesWithinMs)) * nanosPerMs;
    const to = BigInt(Math.ceil(Math.max(...times) + 2 * halvesWithinMs)) * nanosPerMs;
    const tuples = late.flatMap(({ half, reverse }) => [half.tuple, ...(reverse === null ? [] : [reverse])]);
    const isAsked = `tuple IN (SELECT ${valuesOf(1, 'UBIGINT')})`;
    const values = [linesOf(tuples.map((tuple) => BigInt(`0x${tuple}`)))];
    await replay(connection, pairs, { where: `nanos >= ${from} AND nanos <= ${to} AND ${isAsked}`, values });
    return pairs;
  }

  return {
    async append(connection, source, rows) {
      const asked = await nodes.number(connection, source, rows);
      const judged = asked.flatMap((row) => judgedOf(row, source));
      if (judged.length === 0) return;
      if (knownSinceMs === null) await readRecent(connection);
      const since = knownSinceMs ?? 0;
      const isLate = ({ half }: Judged): boolean => half.timeMs < since;
      const late = judged.filter(isLate);
      const around = late.length === 0 ? recent : await readAround(connection, late);
      const edges: NewEdge[] = [];
      const changes = judged.flatMap((one) => {
        const change = changeOf(one, isLate(one) ? around : recent);
        if (change?.added !== null && change?.removed === null)
          edges.push({ source, record: one.row.flow, edge: change.edge });
        return change ?? [];
      });
      await dictionary.number(connection, edges);
      await appendChanges(connection, changes);
      for (const { half } of judged) newestMs = Math.max(newestMs, half.timeMs);
      knownSinceMs = Math.max(since, newestMs - halvesWithinMs);
      recent.forgetBefore(knownSinceMs - halvesWithinMs);
    },
    forget() {
      dictionary.forget();
      nodes.forget();
      recent = createHalfPairs();
      knownSinceMs = null;
    },
  };
}

interface Judged {
  readonly row: ArrivedFlow;
  readonly half: Half;
  readonly outcome: number;
  readonly node: number;
  /** The tuple of the connection that it answers, where it does not say whether it is a reply. */
  readonly reverse: string | null;
}

function judgedOf({ row, node }: { row: ArrivedFlow; node: number }, source: string): Judged[] {
  const { flow, at } = row;
  const kind = halfKindOf(flow);
  if (kind !== 'verdict' && kind !== 'drop') return [];
  const ofNode = kind === 'drop' ? node : 0;
  const nameOf = (tuple: string): string => hash64(`${source} ${ofNode} ${tuple}`);
  const reverse = kind === 'verdict' && flow.isReply === null ? reverseTupleOf(flow) : undefined;
  const outcome = outcomeOfFlow(flow);
  const half = {
    tuple: nameOf(tupleOf(flow)),
    // An aggregated event tells both halves in one, and waits for none.
    direction: flow.aggregate === null ? flow.direction : ('unknown' as const),
    timeMs: Number(at) / 1e6,
    outcome: reportedOutcome(outcome),
  };
  return [{ row, half, outcome, node: ofNode, reverse: reverse === undefined ? null : nameOf(reverse) }];
}

function outcomeOfFlow(flow: FlowRecord): number {
  const outcome = outcomeOf(flow);
  if (outcome === 'unknown') return flow.verdict === 'DROPPED' ? firstUnknown : firstUnknown + 1;
  return outcomes.indexOf(outcome);
}

/** Undefined for a reply to a connection that is known. */
function changeOf({ row, half, outcome, node, reverse }: Judged, pairs: HalfPairs<First>): Change | undefined {
  if (reverse !== null && pairs.has(reverse)) return undefined;
  const base = { row, half, outcome, node };
  const matched = pairs.match(half);
  if (matched !== undefined) {
    const { edge, at, outcome: was } = matched.first;
    const hasMoved = matched.is !== matched.was;
    return { ...base, edge, at, added: hasMoved ? outcome : null, removed: hasMoved ? was : null, count: 1 };
  }
  const first = { edge: { id: 0 }, at: row.at, outcome };
  pairs.expect(half, first);
  return { ...base, ...first, added: outcome, removed: null, count: weightOf(row.flow) };
}

const none = -1;

/** The columns of `connections` in their order. */
const columns: readonly {
  readonly name: string;
  readonly type: ColumnType;
  of(change: Change): string | number | bigint;
}[] = [
  { name: 'arrival', type: 'BIGINT', of: ({ row }) => row.arrival },
  { name: 'nanos', type: 'BIGINT', of: ({ row }) => row.at },
  { name: 'began', type: 'BIGINT', of: ({ at }) => at },
  { name: 'tuple', type: 'UBIGINT', of: ({ half }) => BigInt(`0x${half.tuple}`) },
  { name: 'direction', type: 'INTEGER', of: ({ half }) => directions.indexOf(half.direction) },
  { name: 'outcome', type: 'INTEGER', of: ({ outcome }) => outcome },
  { name: 'edge', type: 'INTEGER', of: ({ edge }) => edge.id },
  { name: 'node', type: 'INTEGER', of: ({ node }) => node },
  { name: 'added', type: 'INTEGER', of: ({ added }) => added ?? none },
  { name: 'removed', type: 'INTEGER', of: ({ removed }) => removed ?? none },
  { name: 'count', type: 'INTEGER', of: ({ count }) => count },
  { name: 'id', type: 'VARCHAR', of: ({ row }) => lineOf(row.flow.id) },
];

const insert = `INSERT INTO connections
  SELECT * REPLACE (nullif(added, ${none}) AS added, nullif(removed, ${none}) AS removed)
  FROM (SELECT ${columns.map(({ name, type }, at) => `${valuesOf(at + 1, type)} AS ${name}`).join(', ')})`;

async function appendChanges(connection: DuckDBConnection, changes: readonly Change[]): Promise<void> {
  if (changes.length === 0) return;
  await connection.run(
    insert,
    columns.map(({ of }) => linesOf(changes.map(of))),
  );
}

/** The same halves in the same order find the same partners. */
async function replay(
  connection: DuckDBConnection,
  pairs: HalfPairs<First>,
  { where, values }: { readonly where: string; readonly values: readonly string[] },
): Promise<void> {
  const sql = `SELECT tuple, direction, nanos, outcome, edge, began FROM connections WHERE ${where} ORDER BY arrival`;
  const found = await connection.runAndReadAll(sql, [...values]);
  for (const [tuple, direction, nanos, outcome, edge, at] of found.getRows()) {
    const half = {
      tuple: BigInt(String(tuple)).toString(16).padStart(16, '0'),
      direction: directions[Number(direction)] ?? 'unknown',
      timeMs: Number(nanos) / 1e6,
      outcome: reportedOutcome(Number(outcome)),
    };
    if (pairs.match(half) !== undefined) continue;
    pairs.expect(half, { edge: { id: Number(edge) }, at: BigInt(String(at)), outcome: Number(outcome) });
  }
}

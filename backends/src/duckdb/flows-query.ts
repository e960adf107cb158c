import type { FlowDimension } from '@bartizan/api';
import type { DuckDBValue } from '@duckdb/node-api';
import type { FlowQuery } from '../flow-store.ts';
import { conditionsOf, createBinder, groupedName, pairOf, placeExpressions } from './flows-filter.ts';
import type { Binder, Shape } from './flows-filter.ts';
import type { Plan } from './flows-plan.ts';

export interface Statement {
  readonly sql: string;
  readonly values: readonly DuckDBValue[];
}

/** One row for each verdict and place: where it lies, and how many. */
export function totalsStatement(query: FlowQuery, plan: Plan): Statement {
  const binder = createBinder();
  const { out, into } = placeExpressions(query.scope, binder);
  const events = everyPart({ query, plan, binder }, () => `verdict, ${out} AS is_out, ${into} AS is_in`);
  const sql = `SELECT verdict, is_out, is_in, sum(events)::BIGINT AS events FROM (${events}) GROUP BY ALL`;
  return { sql, values: binder.values };
}

export function bucketsStatement(query: FlowQuery, plan: Plan, intervalMs: number): Statement {
  const binder = createBinder();
  const interval = binder.bind(BigInt(intervalMs));
  const events = everyPart(
    { query, plan, binder },
    ({ ms }) => `${ms} // ${interval} * ${interval} AS start_ms, verdict`,
  );
  const sumOf = (verdict: string): string => `coalesce(sum(events) FILTER (verdict = '${verdict}'), 0)::BIGINT`;
  const sql =
    `SELECT start_ms, ${sumOf('FORWARDED')} AS forwarded, ${sumOf('DROPPED')} AS dropped, sum(events)::BIGINT AS events ` +
    `FROM (${events}) GROUP BY start_ms`;
  return { sql, values: binder.values };
}

/** What is counted under no value (a drop's reason, a port) is in no row. */
function valueOf(by: FlowDimension, shape: Shape, isGrouped: boolean): string {
  const nameOf = (end: 'source' | 'destination'): string => (isGrouped ? groupedName(end, shape) : `${end}_name`);
  switch (by) {
    case 'source':
    case 'destination':
      return nameOf(by);
    case 'pair':
      return pairOf(nameOf('source'), nameOf('destination'));
    case 'port':
      return 'CAST(port AS VARCHAR)';
    case 'name':
      return 'unnest(names)';
    default:
      return by;
  }
}

export function breakdownStatement(
  query: FlowQuery,
  plan: Plan,
  { by, limit, offset }: { readonly by: FlowDimension; readonly limit: number; readonly offset: number },
): Statement {
  const binder = createBinder();
  const events = everyPart({ query, plan, binder }, ({ shape }) => {
    const value = valueOf(by, shape, plan.hours !== null);
    return `${value} AS value, verdict`;
  });
  const sql =
    `SELECT value, sum(events)::BIGINT AS events, coalesce(sum(events) FILTER (verdict = 'DROPPED'), 0)::BIGINT AS dropped ` +
    `FROM (${events}) WHERE value IS NOT NULL ` +
    `GROUP BY value ORDER BY dropped DESC, events DESC, value LIMIT ${binder.bind(limit)} OFFSET ${binder.bind(offset)}`;
  return { sql, values: binder.values };
}

interface Part {
  readonly shape: Shape;
  /** When, in milliseconds since 1970; for counts the beginning of the hour. */
  readonly ms: string;
  /** When the first of what a row stands for came. */
  readonly firstMs: string;
}

const whole: Part = { shape: 'whole', ms: 'nanos // 1000000', firstMs: 'nanos // 1000000' };
const counted: Part = { shape: 'counted', ms: '(hour::BIGINT * 3600000)', firstMs: 'first_ms' };

/** What is selected of each part of the plan, and how many events a row stands for: an event is in one of the parts. */
export function everyPart(
  { query, plan, binder }: { readonly query: FlowQuery; readonly plan: Plan; readonly binder: Binder },
  selected: (part: Part) => string,
  where: (shape: Shape) => string = () => 'true',
): string {
  const parts = plan.whole.map(({ from, to, arrivedAfter }) => {
    const conditions = [
      `nanos >= ${binder.bind(from)} AND nanos < ${binder.bind(to)}`,
      ...(arrivedAfter === undefined ? [] : [`arrival > ${binder.bind(arrivedAfter)}`]),
      ...conditionsOf(query, binder, 'whole'),
      where('whole'),
    ].join(' AND ');
    return `SELECT ${selected(whole)}, 1 AS events FROM flows WHERE ${conditions}`;
  });
  if (plan.hours) {
    const { from, to } = plan.hours;
    const conditions = [
      `hour >= ${binder.bind(from)} AND hour < ${binder.bind(to)}`,
      ...conditionsOf(query, binder, 'counted'),
      where('counted'),
    ].join(' AND ');
    const columns = selected(counted);
    parts.push(`SELECT ${columns}, count AS events FROM flow_hours JOIN flow_kinds ON kind = id WHERE ${conditions}`);
  }
  if (parts.length > 0) return parts.join(' UNION ALL ');
  return `SELECT ${selected(whole)}, 1 AS events FROM flows WHERE false`;
}

/** Where a page of records ended. */
export interface RecordPlace {
  readonly at: bigint;
  readonly id: string;
}

export function listStatement(
  query: FlowQuery,
  plan: Plan,
  { limit, after }: { readonly limit: number; readonly after: RecordPlace | null },
): Statement {
  const binder = createBinder();
  const [span = { from: 0n, to: 0n }] = plan.whole;
  const where = [
    `nanos >= ${binder.bind(span.from)} AND nanos < ${binder.bind(span.to)}`,
    ...conditionsOf(query, binder, 'whole'),
    ...(after === null ? [] : [`(nanos, id) < (${binder.bind(after.at)}, ${binder.bind(after.id)})`]),
  ].join(' AND ');
  const order = 'ORDER BY nanos DESC, id DESC';
  // The long details are read of the page's rows alone: sorting them all would unpack them all.
  const page = `SELECT rowid FROM flows WHERE ${where} ${order} LIMIT ${binder.bind(limit)}`;
  const sql = `${recordsWhere(`flows.rowid IN (${page})`)} ${order}`;
  return { sql, values: binder.values };
}

/** All that `readRecord` needs. */
export function recordsWhere(condition: string): string {
  return `SELECT flows.source AS source, nanos, flows.id AS id, verdict, type, subtype, direction, reply, node, protocol, reason,
      flows.detail AS detail, of_source.detail AS source_end, of_destination.detail AS destination_end
    FROM flows LEFT JOIN flow_ends AS of_source ON of_source.id = source_end
      LEFT JOIN flow_ends AS of_destination ON of_destination.id = destination_end WHERE ${condition}`;
}

export function printPlace({ at, id }: RecordPlace): string {
  return Buffer.from(`${at}:${id}`).toString('base64url');
}

/** Null for what is no cursor of ours. */
export function readPlace(cursor: string): RecordPlace | null {
  const match = /^(-?\d{1,19}):(.*)$/s.exec(Buffer.from(cursor, 'base64url').toString('utf8'));
  return match ? { at: BigInt(match[1] ?? '0'), id: match[2] ?? '' } : null;
}

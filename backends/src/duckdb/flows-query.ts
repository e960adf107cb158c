import type { FlowDimension } from '@bartizan/api';
import type { DuckDBValue } from '@duckdb/node-api';
import type { FlowQuery } from '../flow-store.ts';
import { conditionsOf, createBinder, groupedName, pairOf, placeExpressions } from './flows-filter.ts';
import type { Binder, Shape } from './flows-filter.ts';
import { countedIn, flowLevel } from './flows-merge.ts';
import type { Hours } from './flows-merge.ts';
import type { Plan, Span } from './flows-plan.ts';

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
  const periodMs = flowLevel.hoursPerPeriod * 3_600_000;
  const merged = intervalMs % periodMs === 0 ? plan.merged : { ...plan.merged, flows: 0 };
  const events = everyPart(
    { query, plan: { ...plan, merged }, binder, hasTimes: true },
    ({ ms }) => `${ms} // ${interval} * ${interval} AS start_ms, verdict`,
  );
  const sumOf = (verdict: string): string => `coalesce(sum(events) FILTER (verdict = '${verdict}'), 0)::BIGINT`;
  const sql =
    `SELECT start_ms, ${sumOf('FORWARDED')} AS forwarded, ${sumOf('DROPPED')} AS dropped, sum(events)::BIGINT AS events ` +
    `FROM (${events}) GROUP BY start_ms`;
  return { sql, values: binder.values };
}

/** What is ranked, made of what is selected of each event. */
function valuesOf(by: FlowDimension): { readonly value: string; readonly parts: readonly FlowDimension[] } {
  return by === 'pair'
    ? { value: pairOf('of_source', 'of_destination'), parts: ['source', 'destination'] }
    : { value: `of_${by}`, parts: [by] };
}

/** What is counted under no value (a drop's reason, a port) is in no row. */
function valueOf(by: FlowDimension, shape: Shape, isGrouped: boolean): string {
  switch (by) {
    case 'source':
    case 'destination':
      return isGrouped ? groupedName(by, shape) : `${by}_name`;
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
  const { value, parts } = valuesOf(by);
  const events = everyPart({ query, plan, binder }, ({ shape }) =>
    [...parts.map((part) => `${valueOf(part, shape, plan.hours !== null)} AS of_${part}`), 'verdict'].join(', '),
  );
  const sums = `sum(events)::BIGINT AS events, coalesce(sum(events) FILTER (verdict = 'DROPPED'), 0)::BIGINT AS dropped`;
  // Pairs are put together of what is left: of every event it would take longer than all the rest.
  const columns = parts.map((part) => `of_${part}`).join();
  const sql =
    `SELECT ${value} AS value, events, dropped FROM (SELECT ${columns}, ${sums} FROM (${events}) GROUP BY ${columns}) WHERE value IS NOT NULL ` +
    `ORDER BY dropped DESC, events DESC, value LIMIT ${binder.bind(limit)} OFFSET ${binder.bind(offset)}`;
  return { sql, values: binder.values };
}

interface Part {
  readonly shape: Shape;
  /** When, in milliseconds since 1970; for counts the beginning of what they are of. */
  readonly ms: string;
  /** When the first of what a row stands for came. */
  readonly firstMs: string;
}

const whole: Part = { shape: 'whole', ms: 'nanos // 1000000', firstMs: 'nanos // 1000000' };

interface Parts {
  readonly query: FlowQuery;
  readonly plan: Plan;
  readonly binder: Binder;
  /** Whether the time of counts is asked for; otherwise they are summed up before anything is looked up of their kinds. */
  readonly hasTimes?: boolean;
}

function countedFrom(hours: Hours, merged: number, hasTimes: boolean): readonly (Part & { readonly from: string })[] {
  const places = countedIn(flowLevel, hours, merged).map(({ table, column, hoursEach, from, to }) => ({
    from: `SELECT ${column}, kind, count, first_ms FROM ${table} WHERE ${column} >= ${from} AND ${column} < ${to}`,
    ms: `(${column}::BIGINT * ${hoursEach * 3_600_000})`,
    shape: 'counted' as const,
    firstMs: 'first_ms',
  }));
  if (hasTimes || places.length === 0) return places;
  const all = places.map(({ from }) => `SELECT kind, count, first_ms FROM (${from})`).join(' UNION ALL ');
  const sums = 'kind, sum(count)::BIGINT AS count, min(first_ms) AS first_ms';
  return [{ from: `SELECT ${sums} FROM (${all}) GROUP BY kind`, ms: 'NULL', shape: 'counted', firstMs: 'first_ms' }];
}

/** What is selected of each part of the plan, and how many events a row stands for: an event is in one of the parts. */
export function everyPart(
  { query, plan, binder, hasTimes = false }: Parts,
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
  for (const { from, ...part } of plan.hours === null ? [] : countedFrom(plan.hours, plan.merged.flows, hasTimes)) {
    const conditions = [...conditionsOf(query, binder, 'counted'), where('counted')].join(' AND ');
    parts.push(
      `SELECT ${selected(part)}, count AS events FROM (${from}) JOIN flow_kinds ON kind = id WHERE ${conditions}`,
    );
  }
  if (parts.length > 0) return parts.join(' UNION ALL ');
  return `SELECT ${selected(whole)}, 1 AS events FROM flows WHERE false`;
}

/** Where a page of records ended. */
export interface RecordPlace {
  readonly at: bigint;
  readonly id: string;
}

/** The newest of a span; `after` is where the page before ended. */
export function listStatement(
  query: FlowQuery,
  { from, to }: Span,
  { limit, after }: { readonly limit: number; readonly after: RecordPlace | null },
): Statement {
  const binder = createBinder();
  const where = [
    `nanos >= ${binder.bind(from)} AND nanos < ${binder.bind(to)}`,
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

const newestNanos = 60_000_000_000n;
const longer = 8n;

/** From the newest on, each so many times as long as the one before: a page is mostly in the first of them. */
export function stretchesOf({ from, to }: Span): readonly Span[] {
  const stretches: Span[] = [];
  for (let [end, length] = [to, newestNanos]; end > from; end -= length, length *= longer) {
    const start = end - length;
    stretches.push({ from: start > from ? start : from, to: end });
  }
  return stretches;
}

export function printPlace({ at, id }: RecordPlace): string {
  return Buffer.from(`${at}:${id}`).toString('base64url');
}

/** Null for what is no cursor of ours. */
export function readPlace(cursor: string): RecordPlace | null {
  const match = /^(-?\d{1,19}):(.*)$/s.exec(Buffer.from(cursor, 'base64url').toString('utf8'));
  return match ? { at: BigInt(match[1] ?? '0'), id: match[2] ?? '' } : null;
}

import type { FlowDimension } from '@bartizan/api';
import type { DuckDBValue } from '@duckdb/node-api';
import type { FlowQuery } from '../flow-store.ts';
import { createBinder, placeExpressions, whereOf } from './flows-filter.ts';

export interface Statement {
  readonly sql: string;
  readonly values: readonly DuckDBValue[];
}

/** One row for each verdict and place: where it lies, and how many. */
export function totalsStatement(query: FlowQuery): Statement {
  const binder = createBinder();
  const where = whereOf(query, binder);
  const { out, into } = placeExpressions(query.scope, binder);
  const sql = `SELECT verdict, ${out} AS is_out, ${into} AS is_in, count(*) AS events FROM flows WHERE ${where} GROUP BY ALL`;
  return { sql, values: binder.values };
}

export function bucketsStatement(query: FlowQuery, intervalMs: number): Statement {
  const binder = createBinder();
  const where = whereOf(query, binder);
  const interval = binder.bind(BigInt(intervalMs));
  const sql =
    `SELECT nanos // 1000000 // ${interval} * ${interval} AS start_ms, count(*) FILTER (verdict = 'FORWARDED') AS forwarded, ` +
    `count(*) FILTER (verdict = 'DROPPED') AS dropped, count(*) AS events FROM flows WHERE ${where} GROUP BY start_ms`;
  return { sql, values: binder.values };
}

/** What is counted under no value (a drop's reason, a port) is in no row. */
const dimensions: Readonly<Record<FlowDimension, string>> = {
  verdict: 'verdict',
  type: 'type',
  direction: 'direction',
  source: 'source_name',
  destination: 'destination_name',
  pair: "source_name || ' -> ' || destination_name",
  port: 'CAST(port AS VARCHAR)',
  protocol: 'protocol',
  reason: 'reason',
  name: 'unnest(names)',
};

export function breakdownStatement(
  query: FlowQuery,
  { by, limit, offset }: { readonly by: FlowDimension; readonly limit: number; readonly offset: number },
): Statement {
  const binder = createBinder();
  const where = whereOf(query, binder);
  const sql =
    `SELECT value, count(*) AS events, count(*) FILTER (verdict = 'DROPPED') AS dropped ` +
    `FROM (SELECT ${dimensions[by]} AS value, verdict FROM flows WHERE ${where}) WHERE value IS NOT NULL ` +
    `GROUP BY value ORDER BY dropped DESC, events DESC, value LIMIT ${binder.bind(limit)} OFFSET ${binder.bind(offset)}`;
  return { sql, values: binder.values };
}

/** Where a page of records ended. */
export interface RecordPlace {
  readonly at: bigint;
  readonly id: string;
}

export function listStatement(
  query: FlowQuery,
  { limit, after }: { readonly limit: number; readonly after: RecordPlace | null },
): Statement {
  const binder = createBinder();
  const where = whereOf(query, binder);
  const older = after === null ? '' : ` AND (nanos, id) < (${binder.bind(after.at)}, ${binder.bind(after.id)})`;
  const order = 'ORDER BY nanos DESC, id DESC';
  // The long details are read of the page's rows alone: sorting them all would unpack them all.
  const page = `SELECT rowid FROM flows WHERE ${where}${older} ${order} LIMIT ${binder.bind(limit)}`;
  const sql = `SELECT nanos, id, detail FROM flows WHERE rowid IN (${page}) ${order}`;
  return { sql, values: binder.values };
}

/** Events that say what became of a connection; oldest first, so that a reply comes after what it answers. */
export function connectionsStatement(query: Pick<FlowQuery, 'window' | 'scope'>): Statement {
  const binder = createBinder();
  const where = whereOf({ ...query, filter: [] }, binder);
  return {
    sql: `SELECT detail FROM flows WHERE type IN ('PolicyVerdict', 'Drop') AND ${where} ORDER BY nanos, id`,
    values: binder.values,
  };
}

export function printPlace({ at, id }: RecordPlace): string {
  return Buffer.from(`${at}:${id}`).toString('base64url');
}

/** Null for what is no cursor of ours. */
export function readPlace(cursor: string): RecordPlace | null {
  const match = /^(-?\d{1,19}):(.*)$/s.exec(Buffer.from(cursor, 'base64url').toString('utf8'));
  return match ? { at: BigInt(match[1] ?? '0'), id: match[2] ?? '' } : null;
}

import type { WafDimension, Window } from '@bartizan/api';
import type { TransactionQuery } from '../transaction-store.ts';
import type { Statement } from './database.ts';
import type { Pieces } from './transactions-counted.ts';
import type { Rollup } from './transactions-rollups.ts';
import { conditionsOf, createValues, duringAny } from './transactions-filter.ts';
import type { Bind } from './transactions-filter.ts';
import { separator } from './transactions-tables.ts';

/** A span of time of one source. */
export interface SourceSpan {
  readonly source: string;
  readonly fromMs: number;
  /** Included. */
  readonly toMs: number;
}

const sum = (condition: string): string => `coalesce(sum(count) FILTER (${condition}), 0)::BIGINT`;
const counts = `${sum('has_access')} AS total, ${sum('class >= 2')} AS anomalous, ${sum('class = 3')} AS blocked,
  ${sum('class = 2')} AS detected, ${sum('class = 1')} AS matched`;

/** What the question counts: `count` says how many transactions a row stands for. */
function counted(query: TransactionQuery, { rollup, counted: days, rows }: Pieces, bind: Bind): string {
  const columns = rollup ? ['time_ms', ...rollup.columns].join(', ') : '*';
  // Each window by itself: of one span of time the scan skips the rest, of several in one condition it does not.
  const parts = rows.map(
    (window) => `SELECT ${columns}, 1 AS count FROM transactions WHERE ${whereOf(query, [window], bind)}`,
  );
  if (rollup && days.length > 0)
    parts.push(`SELECT ${columns}, count FROM ${rollup.table} WHERE ${whereOf(query, days, bind)}`);
  return `(${parts.join(' UNION ALL ')})`;
}

function whereOf(query: TransactionQuery, windows: readonly Window[], bind: Bind): string {
  return [duringAny(windows, bind), ...conditionsOf(query, bind)].join(' AND ');
}

/** The figures, and those of them that fall into the spans that both logs cover. */
export function totalsStatement(query: TransactionQuery, pieces: Pieces, both: readonly SourceSpan[]): Statement {
  const { values, bind } = createValues();
  const inBoth =
    both
      .map(
        ({ source, fromMs, toMs }) =>
          `(source = ${bind(source)} AND time_ms >= ${bind(BigInt(fromMs))} AND time_ms <= ${bind(BigInt(toMs))})`,
      )
      .join(' OR ') || 'false';
  const sql = `SELECT ${counts}, ${sum(`has_access AND (${inBoth})`)} AS both_total,
  ${sum(`class >= 2 AND (${inBoth})`)} AS both_anomalous FROM ${counted(query, pieces, bind)}`;
  return { sql, values };
}

export function bucketsStatement(query: TransactionQuery, pieces: Pieces, intervalMs: number): Statement {
  const { values, bind } = createValues();
  const bucket = `time_ms // ${bind(BigInt(intervalMs))}`;
  const sql = `SELECT ${bucket} AS bucket, ${counts} FROM ${counted(query, pieces, bind)} GROUP BY bucket`;
  return { sql, values };
}

const dimensions: Readonly<Record<WafDimension, { readonly column: string; readonly isList: boolean }>> = {
  category: { column: 'categories', isList: true },
  rule: { column: 'rules', isList: true },
  client: { column: 'client', isList: false },
  path: { column: 'path', isList: false },
  host: { column: 'host', isList: false },
  method: { column: 'method', isList: false },
  status: { column: 'status', isList: false },
};

export function columnOf(by: WafDimension): string {
  return dimensions[by].column;
}

interface BreakdownAsked {
  readonly by: WafDimension;
  readonly limit: number;
  readonly offset: number;
}

export function breakdownStatement(
  query: TransactionQuery,
  pieces: Pieces,
  { by, limit, offset }: BreakdownAsked,
): Statement {
  const { values, bind } = createValues();
  const { column, isList } = dimensions[by];
  const grouped = `SELECT ${column} AS held, sum(count)::BIGINT AS count, ${sum('class >= 2')} AS anomalous
  FROM ${counted(query, pieces, bind)}${isList ? ` WHERE ${column} <> ''` : ''} GROUP BY held`;
  const ranked = isList
    ? `SELECT value, sum(count)::BIGINT AS count, sum(anomalous)::BIGINT AS anomalous
  FROM (SELECT unnest(string_split(held, '${separator}')) AS value, count, anomalous FROM (${grouped})) GROUP BY value`
    : `SELECT coalesce(CAST(held AS VARCHAR), '') AS value, count, anomalous FROM (${grouped})`;
  const page = `ORDER BY anomalous DESC, count DESC, value LIMIT ${bind(limit)} OFFSET ${bind(offset)}`;
  if (by !== 'rule') return { sql: `${ranked} ${page}`, values };
  const sql = `WITH ranked AS (${ranked} ${page}) SELECT ranked.*, message FROM ranked
  LEFT JOIN transaction_rules ON transaction_rules.id = ranked.value ORDER BY anomalous DESC, count DESC, value`;
  return { sql, values };
}

/** The place of a transaction in the list: newest first, then by where it stands in its log. */
export interface ListPlace {
  readonly timeMs: number;
  readonly file: number;
  readonly position: number;
}

export const rowColumns =
  'time_ms, source, file, position, audit_file, has_access, class, reason, client, method, host, path, status, score, rules, categories, namespace, upstream';

/** How many there are in each hour or day that was counted, newest first. */
export function unitsStatement(query: TransactionQuery, { table }: Rollup, windows: readonly Window[]): Statement {
  const { values, bind } = createValues();
  const sql = `SELECT time_ms, sum(count)::BIGINT AS count FROM ${table} WHERE ${whereOf(query, windows, bind)}
  GROUP BY time_ms ORDER BY time_ms DESC`;
  return { sql, values };
}

export interface ListAsked {
  readonly limit: number;
  readonly after: ListPlace | null;
  readonly columns?: string;
}

/** With where the raw records lie. */
export const detailColumns = `${rowColumns}, block, block_start, audit_size, access_size`;

/** `windows` lie inside the window of the query. */
export function listStatement(
  query: TransactionQuery,
  windows: readonly Window[],
  { limit, after, columns = rowColumns }: ListAsked,
): Statement {
  const { values, bind } = createValues();
  const conditions = [whereOf(query, windows, bind)];
  if (after) {
    const time = bind(BigInt(after.timeMs));
    const place = `(file, position) < (${bind(after.file)}, ${bind(BigInt(after.position))})`;
    conditions.push(`time_ms <= ${time}`, `(time_ms < ${time} OR ${place})`);
  }
  const sql = `SELECT ${columns} FROM transactions WHERE ${conditions.join(' AND ')}
  ORDER BY time_ms DESC, file DESC, position DESC LIMIT ${bind(limit)}`;
  return { sql, values };
}

export function findStatement({ file, position }: Pick<ListPlace, 'file' | 'position'>): Statement {
  const sql = `SELECT ${detailColumns} FROM transactions WHERE file = $1 AND position = $2 LIMIT 1`;
  return { sql, values: [file, BigInt(position)] };
}

export function ruleNamesStatement(ids: readonly string[]): Statement {
  const sql = `SELECT id, message FROM transaction_rules WHERE id IN (${ids.map((_, index) => `$${index + 1}`).join(', ')})`;
  return { sql, values: [...ids] };
}

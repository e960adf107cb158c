import type { DuckDBConnection } from '@duckdb/node-api';

export const dayMs = 86_400_000;
const hourMs = 3_600_000;

/** Counts of transactions that are alike in its columns; `time_ms` is the beginning of the hour or the day that they lie in. */
export interface Rollup {
  readonly table: string;
  readonly unitMs: number;
  readonly columns: readonly string[];
}

const common = ['source', 'namespace', 'host', 'has_access', 'class'];

/** The narrowest first. Clients and paths differ so much that together, or by the hour, they would be as many as the transactions. */
export const rollups: readonly Rollup[] = [
  {
    table: 'transactions_by_hour',
    unitMs: hourMs,
    columns: [...common, 'method', 'status', 'score', 'rules', 'categories', 'upstream'],
  },
  { table: 'transactions_by_client', unitMs: dayMs, columns: [...common, 'client'] },
  { table: 'transactions_by_path', unitMs: dayMs, columns: [...common, 'path'] },
];

/** In an order in which what is alike comes together: it is smaller so, and faster to go through. */
function countedRows({ unitMs, columns }: Rollup): string {
  return `SELECT time_ms // ${unitMs} * ${unitMs} AS time_ms, ${columns.join(', ')}, count(*) AS count
  FROM transactions WHERE time_ms >= $1 AND time_ms < $2 GROUP BY ALL ORDER BY class DESC, ${columns.at(-1)}`;
}

/** A day is counted wholly or not at all: what `transactions_counted` names. */
export async function createRollups(connection: DuckDBConnection): Promise<void> {
  await connection.run('CREATE TABLE IF NOT EXISTS transactions_counted (day_ms BIGINT NOT NULL)');
  for (const rollup of rollups)
    await connection.run(`CREATE TABLE IF NOT EXISTS ${rollup.table} AS ${countedRows(rollup)}`, [0n, 0n]);
}

/** Days before that time that have transactions and are not counted. */
export async function uncountedDays(connection: DuckDBConnection, beforeMs: number): Promise<readonly number[]> {
  const sql = `SELECT DISTINCT time_ms // ${dayMs} * ${dayMs} AS day_ms FROM transactions WHERE time_ms < $1
  EXCEPT SELECT day_ms FROM transactions_counted ORDER BY day_ms`;
  const found = await connection.runAndReadAll(sql, [BigInt(startOfDay(beforeMs))]);
  return found.getRowObjects().map((row) => Number(row['day_ms']));
}

export async function countDay(connection: DuckDBConnection, dayStartMs: number): Promise<void> {
  await forgetDays(connection, [dayStartMs]);
  const span = [BigInt(dayStartMs), BigInt(dayStartMs + dayMs)];
  for (const rollup of rollups) await connection.run(`INSERT INTO ${rollup.table} ${countedRows(rollup)}`, span);
  await connection.run('INSERT INTO transactions_counted VALUES ($1)', [BigInt(dayStartMs)]);
}

/** Takes the counts back of the days that rows come to, go from or change in: in the transaction that does so. */
export async function forgetDays(connection: DuckDBConnection, timesMs: Iterable<number>): Promise<void> {
  const days = new Set<number>();
  for (const timeMs of timesMs) days.add(startOfDay(timeMs));
  if (days.size === 0) return;
  const listed = [...days].join(', ');
  const found = await connection.runAndReadAll(
    `DELETE FROM transactions_counted WHERE day_ms IN (${listed}) RETURNING day_ms`,
  );
  for (const row of found.getRowObjects()) {
    const day = Number(row['day_ms']);
    const span = [BigInt(day), BigInt(day + dayMs)];
    for (const { table } of rollups)
      await connection.run(`DELETE FROM ${table} WHERE time_ms >= $1 AND time_ms < $2`, span);
  }
}

/** Of all days that begin before, also of one that goes on after. */
export async function dropCounts(connection: DuckDBConnection, beforeMs: number): Promise<void> {
  const before = [BigInt(beforeMs)];
  await connection.run('DELETE FROM transactions_counted WHERE day_ms < $1', before);
  const end = [BigInt(startOfDay(beforeMs - 1) + dayMs)];
  for (const { table } of rollups) await connection.run(`DELETE FROM ${table} WHERE time_ms < $1`, end);
}

function startOfDay(timeMs: number): number {
  return Math.floor(timeMs / dayMs) * dayMs;
}

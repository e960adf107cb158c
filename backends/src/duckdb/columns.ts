import type { DuckDBConnection } from '@duckdb/node-api';

/** A column as a statement is given it: its values, a line each. One by one they would cost more than to store them. */
export function linesOf(values: Iterable<string | number | bigint>): string {
  return (Array.isArray(values) ? values : [...values]).join('\n');
}

const control = /\p{Cc}/u;

/** Text without what would end its line; that comes from nobody who means well. */
export function lineOf(text: string): string {
  return control.test(text) ? text.replaceAll(/\p{Cc}/gu, '\uFFFD') : text;
}

export type ColumnType = 'VARCHAR' | 'BIGINT' | 'UBIGINT' | 'INTEGER';

/** The values of such a column, for the list of what a statement selects. */
export function valuesOf(parameter: number, type: ColumnType): string {
  const list = `string_split($${parameter}, chr(10))`;
  return `unnest(${type === 'VARCHAR' ? list : `${list}::${type}[]`})`;
}

/** The first number that no row of the table has. */
export async function nextOf(connection: DuckDBConnection, table: string): Promise<number> {
  const found = await connection.runAndReadAll(`SELECT coalesce(max(id), 0) + 1 FROM ${table}`);
  return Number(found.getRows()[0]?.[0] ?? 1);
}

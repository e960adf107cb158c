import type { DuckDBAppender, DuckDBConnection } from '@duckdb/node-api';

/** Appends a row for each. */
export async function appendAll<T>(
  connection: DuckDBConnection,
  table: string,
  rows: Iterable<T>,
  append: (appender: DuckDBAppender, row: T) => void,
): Promise<void> {
  const appender = await connection.createAppender(table);
  try {
    for (const row of rows) {
      append(appender, row);
      appender.endRow();
    }
    appender.flushSync();
  } finally {
    appender.closeSync();
  }
}

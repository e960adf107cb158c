import type { FlowRecord } from '@bartizan/flow';
import type { FlowWriter } from '../flow-store.ts';
import type { FlowDatabase } from './flows-ingest.ts';

/** A file of before connections and hours were counted: its events are put aside, to be stored once more. */
export async function putAsideOlder(database: FlowDatabase): Promise<void> {
  const columns = await database.rows("SELECT column_name FROM duckdb_columns() WHERE table_name = 'flows'", []);
  if (columns.length === 0 || columns.some((row) => row['column_name'] === 'arrival')) return;
  await database.write((connection) => connection.run('ALTER TABLE flows RENAME TO flows_older'));
}

const batchSize = 4000n;

/** What was stored already when this was interrupted is not stored twice. */
export async function storeOlder(database: FlowDatabase, store: Pick<FlowWriter, 'append'>): Promise<void> {
  const found = await database.rows("SELECT 1 FROM duckdb_tables() WHERE table_name = 'flows_older'", []);
  if (found.length === 0) return;
  const sources = await database.rows('SELECT DISTINCT source FROM flows_older', []);
  for (const source of sources.map((row) => String(row['source']))) {
    for (let at = 0n; ; at += batchSize) {
      const rows = await database.rows(
        'SELECT detail FROM flows_older WHERE source = $1 ORDER BY nanos, id LIMIT $2 OFFSET $3',
        [source, batchSize, at],
      );
      if (rows.length === 0) break;
      await store.append({ source, flows: rows.map((row) => asRecord(String(row['detail']))), gaps: [] });
    }
  }
  await database.write((connection) => connection.run('DROP TABLE flows_older'));
}

/** The column holds what was stored there. */
function asRecord(detail: string): FlowRecord {
  return JSON.parse(detail) as FlowRecord;
}

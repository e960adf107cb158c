import type { FlowReader, FlowWriter } from '@bartizan/backends';
import { openFlowStore } from '@bartizan/backends/duckdb';
import { DuckDBInstance } from '@duckdb/node-api';

/** The embedded flow history in a file of its own. */
export async function openHistory(file: string): Promise<FlowReader & FlowWriter> {
  const instance = await DuckDBInstance.create(file, { threads: '2', memory_limit: '256MB' });
  const connection = await instance.connect();
  const database: Parameters<typeof openFlowStore>[0] = {
    rows: async (sql, values) => (await connection.runAndReadAll(sql, [...values])).getRowObjects(),
    async write(work) {
      await connection.run('BEGIN');
      const result = await work(connection);
      await connection.run('COMMIT');
      return result;
    },
  };
  const store = await openFlowStore(database, { clock: () => new Date() });
  return {
    ...store,
    async close() {
      connection.closeSync();
      instance.closeSync();
    },
  };
}

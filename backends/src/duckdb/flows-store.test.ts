import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { describeFlowStore } from '../flow-store.suite.ts';
import type { FlowDatabase } from './flows-ingest.ts';
import { openFlowStore } from './flows-store.ts';

describeFlowStore('flow events in DuckDB', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'bartizan-flows-'));
  let now = new Date(0);
  const clock = () => now;
  let opened = await openDatabase(join(folder, 'events.duckdb'));
  return {
    store: await openFlowStore(opened.database, { clock }),
    setNow: (iso) => (now = new Date(iso)),
    async reopen() {
      opened.close();
      opened = await openDatabase(join(folder, 'events.duckdb'));
      return openFlowStore(opened.database, { clock });
    },
    async close() {
      opened.close();
      await rm(folder, { recursive: true });
    },
  };
});

async function openDatabase(file: string): Promise<{ database: FlowDatabase; close: () => void }> {
  const instance = await DuckDBInstance.create(file, { threads: '1' });
  const connection = await instance.connect();
  return {
    database: {
      rows: async (sql, values) => (await connection.runAndReadAll(sql, [...values])).getRowObjects(),
      async write(work) {
        await connection.run('BEGIN');
        const result = await work(connection);
        await connection.run('COMMIT');
        return result;
      },
    },
    close() {
      connection.closeSync();
      instance.closeSync();
    },
  };
}

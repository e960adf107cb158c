import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeFlowStore } from '../flow-store.suite.ts';
import { openDatabase } from './database.ts';
import { openFlowStore } from './flows-store.ts';

describeFlowStore('flow events in DuckDB', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'bartizan-flows-'));
  const file = join(folder, 'events.duckdb');
  let now = new Date(0);
  const clock = () => now;
  let database = await openDatabase({ file });
  return {
    store: await openFlowStore(database, { clock }),
    setNow: (iso) => (now = new Date(iso)),
    async reopen() {
      await database.close();
      database = await openDatabase({ file });
      return openFlowStore(database, { clock });
    },
    async close() {
      await database.close();
      await rm(folder, { recursive: true });
    },
  };
});

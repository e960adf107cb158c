import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeFlowHistory } from '../flow-history.suite.ts';
import { describeFlowStore } from '../flow-store.suite.ts';
import type { FlowStoreUnderTest } from '../flow-store.suite.ts';
import { openDatabase } from './database.ts';
import type { FlowRetention } from './flows-retention.ts';
import { openFlowStore } from './flows-store.ts';

async function openInFolder(retention: FlowRetention): Promise<FlowStoreUnderTest> {
  const folder = await mkdtemp(join(tmpdir(), 'bartizan-flows-'));
  const file = join(folder, 'events.duckdb');
  let now = new Date(0);
  const clock = () => now;
  let database = await openDatabase({ file });
  return {
    store: await openFlowStore(database, { clock, ...retention }),
    setNow: (iso) => (now = new Date(iso)),
    async reopen() {
      await database.close();
      database = await openDatabase({ file });
      return openFlowStore(database, { clock, ...retention });
    },
    async close() {
      await database.close();
      await rm(folder, { recursive: true });
    },
  };
}

describeFlowStore('flow events in DuckDB', () => openInFolder({}));
describeFlowHistory('flow events in DuckDB', openInFolder);

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeTransactionStore } from '../transaction-store.suite.ts';
import { openDatabase } from './database.ts';
import { openTransactionStore } from './transactions-store.ts';

describeTransactionStore('transactions in DuckDB', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'bartizan-transactions-'));
  const file = join(folder, 'events.duckdb');
  let database = await openDatabase({ file, threads: 1 });
  return {
    store: await openTransactionStore(database),
    async reopen() {
      await database.close();
      database = await openDatabase({ file, threads: 1 });
      return openTransactionStore(database);
    },
    async close() {
      await database.close();
      await rm(folder, { recursive: true });
    },
  };
});

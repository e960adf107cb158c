import { describeTransactionReader } from '../transaction-reader.suite.ts';
import { logFile } from '../transaction-store.suite.ts';
import type { StoredTransaction } from '../transaction-store.ts';
import { openDatabase } from './database.ts';
import { openTransactionStore } from './transactions-store.ts';

function filesOf(transactions: readonly StoredTransaction[]): ReturnType<typeof logFile>[] {
  return (['access', 'audit'] as const).flatMap((kind, index) => {
    const times = transactions.flatMap((each) => (each[kind] ? [each.summary.timeMs] : []));
    if (times.length === 0) return [];
    return [logFile({ id: index + 1, kind, firstMs: Math.min(...times), lastMs: Math.max(...times) })];
  });
}

describeTransactionReader('transactions in DuckDB', async (transactions) => {
  const database = await openDatabase({ file: ':memory:', threads: 1 });
  const reader = await openTransactionStore(database);
  await reader.append({ transactions, files: filesOf(transactions), gaps: [] });
  return { reader, close: () => database.close() };
});

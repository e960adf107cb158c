import type { TransactionStore } from '@bartizan/backends/duckdb';
import { expect, test } from 'vitest';
import { keepTransactions } from './keep-transactions.ts';

type Prune = TransactionStore['prune'];

type Store = Pick<TransactionStore, 'prune' | 'count' | 'kept'>;

function storeWith(prune: Prune, count: Store['count'] = async () => undefined): Store {
  return { prune, count, kept: () => ({ deletedBeforeMs: Date.parse('2026-03-17T12:00:00Z'), bytes: 5 }) };
}

const retention = { transactions: '90d', transactionsSize: '500MB', flows: '30d' };
const clock = () => new Date('2026-06-15T12:00:00Z');

test('the limits of the configuration are kept from the start on, and told with what was deleted; what is left is counted', async () => {
  const calls: unknown[] = [];
  const store = storeWith(
    async (...call) => void calls.push(call),
    async (nowMs) => void calls.push(['count', nowMs]),
  );
  const kept = keepTransactions({ store, retention, clock });
  await kept.close();
  expect(calls).toEqual([
    [
      { keepMs: 90 * 86_400_000, mostBytes: 5e8, words: 'they are kept for 90d, 500MB at most (retention)' },
      clock().getTime(),
    ],
    ['count', clock().getTime()],
  ]);
  expect(kept.stored()).toEqual({
    bytes: 5,
    deletedBefore: '2026-03-17T12:00:00.000Z',
    limits: { age: '90d', size: '500MB' },
  });
});

test('a store that cannot delete now does not end the console', async () => {
  const store = storeWith(async () => {
    throw new Error('the disk is full');
  });
  await expect(keepTransactions({ store, retention, clock }).close()).resolves.toBeUndefined();
});

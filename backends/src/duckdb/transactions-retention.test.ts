import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { transaction } from '../transaction-store.suite.ts';
import type { LogFile, StoredTransaction } from '../transaction-store.ts';
import { openDatabase } from './database.ts';
import type { Database } from './database.ts';
import { openTransactionStore } from './transactions-store.ts';
import type { TransactionStore } from './transactions-store.ts';

const day = 86_400_000;
const start = Date.parse('2026-06-01T00:00:00Z');
const words = 'they are kept for 10d, 1GB at most';
const everything = { kind: 'all' } as const;

const file = (fields: Partial<LogFile>): LogFile => ({
  id: 1,
  source: 'edge',
  kind: 'access',
  path: '/a',
  device: '1',
  inode: '1',
  fingerprint: 'f',
  fingerprintLength: 1,
  offset: 0,
  pattern: null,
  firstMs: start,
  lastMs: start + 19 * day,
  caughtUpMs: start + 20 * day,
  malformed: 0,
  ...fields,
});
const files = [file({}), file({ id: 2, kind: 'audit' })];

/** One request for each of twenty days, every other one an attack. */
function days(): StoredTransaction[] {
  return Array.from({ length: 20 }, (_, index) =>
    transaction({ at: start + index * day, ...(index % 2 === 0 ? {} : { attack: 'sqli' as const }) }, index),
  );
}

describe('what is kept of the transactions', () => {
  let folder: string;
  let database: Database;
  let store: TransactionStore;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'bartizan-retention-'));
    database = await openDatabase({ file: join(folder, 'history.duckdb'), threads: 1 });
    store = await openTransactionStore(database);
  });
  afterEach(async () => {
    await database.close();
    await rm(folder, { recursive: true });
  });

  const query = (fromDay: number, toDay: number) => ({
    window: { fromMs: start + fromDay * day, toMs: start + toDay * day },
    scope: everything,
    filter: [],
  });

  test('what is older is deleted, and the rest stays as it was', async () => {
    for (const one of days()) await store.append({ transactions: [one], files, gaps: [] });
    const { items: before } = await store.list(query(0, 20), { limit: 100 });
    await store.prune({ keepMs: 10 * day, words }, start + 20 * day);
    const { items } = await store.list(query(0, 20), { limit: 100 });
    expect(items.map(({ id }) => id)).toEqual(before.slice(0, 10).map(({ id }) => id));
    expect(await store.find(before.at(-1)?.id ?? '')).toBeNull();
    expect((await store.find(items[0]?.id ?? ''))?.raw.access).toContain('GET / HTTP');
    expect(store.kept()).toMatchObject({ deletedBeforeMs: start + 10 * day });
  });

  test('a window that reaches back before it names the gap; one that does not is complete', async () => {
    await store.append({ transactions: days(), files, gaps: [] });
    await store.prune({ keepMs: 10 * day, words }, start + 20 * day);
    const { gaps, complete } = await store.coverage(query(5, 20).window, everything);
    expect({ gaps, complete }).toEqual({
      complete: false,
      gaps: [
        {
          source: 'edge',
          reason: `transactions before 2026-06-11T00:00:00.000Z were deleted: ${words}`,
          from: '2026-06-06T00:00:00.000Z',
          to: '2026-06-11T00:00:00.000Z',
        },
      ],
    });
    expect(await store.coverage(query(10, 20).window, everything)).toMatchObject({ complete: true, gaps: [] });
  });

  test('of a time that was deleted the figures are unknown, not zero', async () => {
    await store.append({ transactions: days(), files, gaps: [] });
    await store.prune({ keepMs: 10 * day, words }, start + 20 * day);
    expect(await store.statistics(query(2, 8))).toEqual({
      total: null,
      anomalous: null,
      anomalousShare: null,
      blocked: null,
      detected: null,
      matched: null,
    });
    expect((await store.buckets(query(8, 12), day)).map(({ total }) => total)).toEqual([null, null, 1, 1]);
  });

  test('what was deleted is still told after a restart', async () => {
    await store.append({ transactions: days(), files, gaps: [] });
    await store.prune({ keepMs: 10 * day, words }, start + 20 * day);
    const again = await openTransactionStore(database);
    expect((await again.coverage(query(0, 20).window, everything)).gaps[0]?.reason).toContain('were deleted');
  });

  test('where nothing is older nothing is said', async () => {
    await store.append({ transactions: days(), files, gaps: [] });
    await store.prune({ keepMs: 30 * day, mostBytes: 1e9, words }, start + 20 * day);
    expect((await store.coverage(query(0, 20).window, everything)).gaps).toEqual([]);
    expect(store.kept().deletedBeforeMs).toBeNull();
  });

  test('beyond its size the oldest go until it fits, and the file has room again', async () => {
    const used = async (): Promise<number> => {
      const [row] = await database.rows('SELECT used_blocks * block_size AS bytes FROM pragma_database_size()', []);
      return Number(row?.['bytes']);
    };
    for (let batch = 0; batch < 24; batch += 1) {
      const transactions = Array.from({ length: 8 }, (_, index) => {
        const number = batch * 8 + index;
        const access = { file: 1, offset: number, bytes: randomBytes(260_000) };
        return { ...transaction({ at: start + number * 1000 }, number), access };
      });
      await store.append({ transactions, files, gaps: [] });
    }
    await database.compact();
    const before = await used();
    expect(before).toBeGreaterThan(48_000_000);
    await store.prune({ mostBytes: 35_000_000, words }, start + day);
    const { bytes, deletedBeforeMs } = store.kept();
    expect(bytes).toBeLessThan(35_000_000);
    expect(await used()).toBeLessThan(before * 0.7);
    const { items } = await store.list(query(0, 20), { limit: 1000 });
    expect(items[0]?.time).toBe(new Date(start + 191_000).toISOString());
    expect(Date.parse(items.at(-1)?.time ?? '')).toBeGreaterThanOrEqual(deletedBeforeMs ?? 0);
    expect((await store.find(items[0]?.id ?? ''))?.raw.access).not.toBeNull();
  });
});

import type { FilterTerm, WafDimension } from '@bartizan/api';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { logFile, transaction } from '../transaction-store.suite.ts';
import type { StoredTransaction, TransactionQuery } from '../transaction-store.ts';
import { openDatabase } from './database.ts';
import type { Database } from './database.ts';
import { openTransactionStore } from './transactions-store.ts';
import type { TransactionStore } from './transactions-store.ts';

const hour = 3_600_000;
const day = 24 * hour;
const start = Date.parse('2026-06-01T00:00:00Z');
const end = start + 6 * day;
const files = [
  logFile({ id: 1, kind: 'access', firstMs: start + 5.3 * hour, lastMs: end }),
  logFile({ id: 2, kind: 'audit', firstMs: start + 29.7 * hour, lastMs: end - 7 * hour }),
];

/** The same numbers each time. */
function createRandom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

function someTransactions(random: (below: number) => number, from: number, count: number): StoredTransaction[] {
  return Array.from({ length: count }, (_, index) => {
    const attack = (['sqli', 'xss', 'own', undefined, undefined, undefined] as const)[random(6)];
    return transaction(
      {
        at: start + random(6 * day),
        client: `203.0.113.${random(9)}`,
        path: ['/', '/a', '/a b', '/login'][random(4)] ?? '/',
        status: [200, 200, 404, 403][random(4)] ?? 200,
        namespace: ['shop', 'blog', null][random(3)] ?? null,
        upstream: ['shop-web-80', 'blog-web-80'][random(2)] ?? '-',
        ...(attack ? { attack, engine: random(2) === 0 ? 'Enabled' : 'DetectionOnly' } : {}),
        ...(attack ? { logs: (['both', 'both', 'audit'] as const)[random(3)] ?? 'both' } : {}),
      },
      from + index,
    );
  });
}

const is = (field: string, ...values: string[]): FilterTerm => ({
  field,
  negated: false,
  test: { kind: 'any-of', values },
});
const filters: readonly (readonly FilterTerm[])[] = [
  [],
  [is('class', 'anomalous')],
  [is('client', '203.0.113.4')],
  [{ field: 'path', negated: false, test: { kind: 'contains', text: 'a' } }],
  [is('rule', '942100'), { ...is('status', '404'), negated: true }],
  [{ ...is('namespace', 'shop'), negated: true }],
  [is('client', '203.0.113.4'), is('path', '/a')],
];
const scopes: readonly TransactionQuery['scope'][] = [
  { kind: 'all' },
  { kind: 'namespaces', sources: ['edge'], namespaces: ['shop'], hosts: [] },
];
const windows = [
  { fromMs: start, toMs: end },
  { fromMs: start + 1, toMs: end - 1 },
  { fromMs: start + 17 * hour, toMs: start + 4 * day },
  { fromMs: start - 40 * day, toMs: end + 40 * day },
  { fromMs: start + 20.5 * hour, toMs: start + 35.25 * hour },
];
const dimensions: readonly WafDimension[] = ['category', 'rule', 'client', 'path', 'host', 'method', 'status'];

/** Every other filter in one of the windows and with two breakdowns; the next round has the others. */
async function answersOf(store: TransactionStore, round: number): Promise<object[]> {
  const answers: object[] = [];
  for (const [index, filter] of filters.entries()) {
    if ((index + round) % 2 === 0) continue;
    const window = windows[(index + round) % windows.length] ?? { fromMs: start, toMs: end };
    const scope = scopes[(index + round) % 3 === 0 ? 1 : 0] ?? { kind: 'all' };
    const query = { window, scope, filter };
    const ranked = [];
    for (const by of [dimensions[(index + round) % 7], dimensions[(index + 2 * round + 3) % 7]])
      ranked.push(await store.breakdown(query, by ?? 'client', { limit: 3 }));
    const list = await store.list(query, { limit: 7 });
    const next = list.nextCursor === undefined ? null : await store.list(query, { limit: 7, cursor: list.nextCursor });
    answers.push({
      statistics: await store.statistics(query),
      buckets: await store.buckets(query, 12 * hour),
      ranked,
      listed: [...list.items, ...(next?.items ?? [])].map(({ id }) => id),
      cursor: next?.nextCursor ?? null,
    });
  }
  return answers;
}

describe('transactions that are counted by the day', () => {
  let folder: string;
  let databases: Database[];
  let counting: TransactionStore;
  let plain: TransactionStore;
  const open = async (file: string): Promise<TransactionStore> => {
    const database = await openDatabase({ file, threads: 1 });
    databases.push(database);
    return openTransactionStore(database);
  };

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'bartizan-counted-'));
    databases = [];
    counting = await open(join(folder, 'counting.duckdb'));
    plain = await open(':memory:');
  });
  afterEach(async () => {
    for (const database of databases) await database.close();
    await rm(folder, { recursive: true });
  });

  async function inBoth(work: (store: TransactionStore) => Promise<unknown>): Promise<void> {
    await work(counting);
    await work(plain);
  }

  let round = 0;
  async function expectSameAnswers(): Promise<void> {
    round += 1;
    expect(await answersOf(counting, round)).toEqual(await answersOf(plain, round));
  }

  const countedDays = async (): Promise<number> =>
    Number((await databases[0]?.rows('SELECT count(*) AS days FROM transactions_counted', []))?.[0]?.['days']);

  test('have the same answers as their rows, whatever comes, goes or changes after', async () => {
    const random = createRandom(7);
    const given = someTransactions(random, 0, 400);
    const settled = end + day;
    await inBoth((store) => store.append({ transactions: given, files, gaps: [] }));
    await counting.count(end - day);
    expect(await countedDays()).toBe(4);
    await expectSameAnswers();

    await counting.count(settled);
    expect(await countedDays()).toBe(6);
    await expectSameAnswers();

    const late = someTransactions(random, 400, 3);
    await inBoth((store) => store.append({ transactions: late, files, gaps: [] }));
    expect(await countedDays()).toBeLessThan(6);
    await expectSameAnswers();

    await counting.count(settled);
    const [replaced] = given.filter(({ access, audit }) => access && !audit);
    const at = new Date(replaced?.summary.timeMs ?? 0).getTime();
    // Joined with a record of another day: the day that it leaves is no longer as it was counted.
    const joined = transaction({ at: at < start + 3 * day ? at + day : at - day, attack: 'sqli', status: 403 }, 900);
    const replaces = [{ file: 1, offset: replaced?.access?.offset ?? -1 }];
    await inBoth((store) => store.append({ transactions: [joined], files, gaps: [], replaces }));
    expect(await countedDays()).toBe(4);
    await expectSameAnswers();

    await counting.count(settled);
    const attribute = ({ upstream }: { upstream: string | null }) => (upstream === 'shop-web-80' ? 'shop' : null);
    await inBoth((store) => store.reattribute(attribute));
    await expectSameAnswers();

    await counting.count(settled);
    await inBoth((store) => store.prune({ keepMs: 4 * day - 5 * hour, words: 'they are kept for a while' }, end));
    expect(await countedDays()).toBe(3);
    await expectSameAnswers();
    await counting.count(settled);
    expect(await countedDays()).toBe(4);
    await expectSameAnswers();
  });

  test('are counted still after a restart', async () => {
    const given = someTransactions(createRandom(3), 0, 100);
    await inBoth((store) => store.append({ transactions: given, files, gaps: [] }));
    await counting.count(end + day);
    await databases.shift()?.close();
    counting = await open(join(folder, 'counting.duckdb'));
    databases.unshift(...databases.splice(-1));
    expect(await countedDays()).toBe(6);
    await expectSameAnswers();
  });
});

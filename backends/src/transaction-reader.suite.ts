import type { FilterTerm, WafDimension } from '@bartizan/api';
import { afterEach, describe, expect, test } from 'vitest';
import type { StoredTransaction, TransactionQuery, TransactionReader } from './transaction-store.ts';
import { transaction } from './transaction-store.suite.ts';
import type { Given } from './transaction-store.suite.ts';

export interface TransactionReaderUnderTest {
  readonly reader: TransactionReader;
  close(): Promise<void>;
}

const noon = Date.parse('2026-06-15T12:00:00Z');
const minute = 60_000;
const source = 'edge';

function is(field: string, ...values: string[]): FilterTerm {
  return { field, negated: false, test: { kind: 'any-of', values } };
}

const query = (fields: Partial<TransactionQuery> = {}): TransactionQuery => ({
  window: { fromMs: noon, toMs: noon + 60 * minute },
  scope: { kind: 'all' },
  filter: [],
  ...fields,
});

/** What everything that has transactions answers alike, whether it joins the two logs or not. */
export function describeTransactionReader(
  name: string,
  open: (transactions: readonly StoredTransaction[]) => Promise<TransactionReaderUnderTest>,
): void {
  describe(`${name}: the reader of transactions`, () => {
    let opened: TransactionReaderUnderTest | null = null;
    afterEach(async () => {
      await opened?.close();
      opened = null;
    });

    async function readerOf(given: readonly Given[]): Promise<TransactionReader> {
      opened = await open(given.map(transaction));
      return opened.reader;
    }

    const mixed: readonly Given[] = [
      { at: noon - 20 * minute, path: '/before', attack: 'own' },
      { at: noon, path: '/a' },
      { at: noon + minute, path: '/a b "c"', attack: 'sqli', status: 403 },
      { at: noon + 2 * minute, path: '/x', attack: 'xss', engine: 'DetectionOnly', client: '2001:db8::7' },
      { at: noon + 3 * minute, path: '/x', attack: 'own', client: '2001:db8::7', namespace: 'blog' },
      { at: noon + 59 * minute, path: '/a', attack: 'sqli', status: 403, namespace: null },
      { at: noon + 60 * minute, path: '/after' },
    ];
    const anomalous = [is('class', 'anomalous')];

    test('requests and classes are counted in a window whose end does not count', async () => {
      const reader = await readerOf(mixed);
      expect(await reader.statistics(query())).toEqual({
        total: 5,
        anomalous: 3,
        anomalousShare: 3 / 5,
        blocked: 2,
        detected: 1,
        matched: 1,
      });
      expect((await reader.coverage(query().window, { kind: 'all' })).gaps).toEqual([]);
    });

    test('details are those of the list, in its order, and reading them ends where one stops', async () => {
      const reader = await readerOf(mixed);
      const asked = query({ filter: anomalous });
      const details = [];
      for await (const detail of reader.details(asked)) details.push(detail);
      const { items } = await reader.list(asked, { limit: 100 });
      expect(details.map(({ id }) => id)).toEqual(items.map(({ id }) => id));
      const found = await Promise.all(items.map(({ id }) => reader.find(id)));
      expect(details.map(({ matches }) => matches)).toEqual(found.map((one) => one?.matches));
      for await (const { id } of reader.details(asked)) {
        expect(id).toBe(items[0]?.id);
        break;
      }
    });

    test('what a list counts, statistics, transactions and every other list count for the same filter', async () => {
      const reader = await readerOf(mixed);
      const dimensions: readonly WafDimension[] = ['category', 'rule', 'client', 'path', 'host', 'method', 'status'];
      for (const by of dimensions)
        for (const item of (await reader.breakdown(query({ filter: anomalous }), by, { limit: 100 })).items) {
          const filter = [...anomalous, is(by, item.value)];
          const { items } = await reader.list(query({ filter }), { limit: 100 });
          const statistics = await reader.statistics(query({ filter }));
          expect({ by, items: items.length, anomalous: statistics.anomalous }).toEqual({
            by,
            items: item.count,
            anomalous: item.count,
          });
        }
    });

    test('values are ranked by anomalous, then count, then value', async () => {
      const reader = await readerOf(mixed);
      const { items, nextCursor } = await reader.breakdown(query({ filter: anomalous }), 'path', { limit: 2 });
      expect(items.map(({ value }) => value)).toEqual(['/a', '/a b "c"']);
      const rest = await reader.breakdown(query({ filter: anomalous }), 'path', { limit: 2, cursor: nextCursor });
      expect(rest).toEqual({ items: [{ value: '/x', count: 1, anomalous: 1 }] });
      expect((await reader.breakdown(query(), 'rule', { limit: 1 })).items).toEqual([
        { value: '942100', label: 'about sqli', count: 2, anomalous: 2 },
      ]);
    });

    test('a bucket stands for every interval of the window, and unknown is not zero', async () => {
      const reader = await readerOf(mixed);
      const window = { fromMs: noon - 45 * minute, toMs: noon + 60 * minute };
      const quiet = { total: 0, anomalous: 0, blocked: 0 };
      expect(await reader.buckets(query({ window }), 15 * minute)).toEqual([
        { startMs: noon - 45 * minute, total: null, anomalous: null, blocked: null },
        { startMs: noon - 30 * minute, ...quiet, total: 1 },
        { startMs: noon - 15 * minute, ...quiet },
        { startMs: noon, total: 4, anomalous: 2, blocked: 1 },
        { startMs: noon + 15 * minute, ...quiet },
        { startMs: noon + 30 * minute, ...quiet },
        { startMs: noon + 45 * minute, total: 1, anomalous: 1, blocked: 1 },
      ]);
    });

    test('without an access log there is no total and no share', async () => {
      const reader = await readerOf([{ at: noon, attack: 'sqli', logs: 'audit', status: 403 }]);
      expect(await reader.statistics(query())).toMatchObject({ total: null, anomalous: 1, anomalousShare: null });
      expect((await reader.coverage(query().window, { kind: 'all' })).complete).toBe(false);
    });

    test('nothing there means unknown', async () => {
      const reader = await readerOf([]);
      expect(new Set(Object.values(await reader.statistics(query())))).toEqual(new Set([null]));
      expect((await reader.list(query(), { limit: 10 })).items).toEqual([]);
      expect((await reader.breakdown(query(), 'rule', { limit: 10 })).items).toEqual([]);
    });

    test('an environment has its requests by namespace or host, its records by host, and each counts once', async () => {
      const reader = await readerOf([
        { at: noon, upstream: 'shop-web-8080' },
        { at: noon, upstream: 'shop-web-8080', attack: 'sqli', status: 403 },
        { at: noon, upstream: 'blog-web-8080', namespace: 'blog' },
      ]);
      const ask = async (namespaces: string[], hosts: string[], sources = [source]) =>
        reader.statistics(query({ scope: { kind: 'namespaces', sources, namespaces, hosts } }));
      expect(await ask(['shop'], ['shop.example'])).toMatchObject({ total: 2, anomalous: 1, anomalousShare: 0.5 });
      expect(await ask(['blog'], ['blog.example'])).toMatchObject({ total: 1, anomalous: 0, anomalousShare: 0 });
      expect(await ask(['shop'], ['shop.example'], [])).toMatchObject({ total: null, anomalous: null });
    });

    test.each([
      [[is('class', 'anomalous')], 3],
      [[is('class', 'blocked', 'matched')], 3],
      [[is('status', '403')], 2],
      [[{ field: 'path', negated: false, test: { kind: 'contains', text: '"c' } }], 1],
      [[{ field: 'score', negated: false, test: { kind: 'compare', operator: '>=', number: 5 } }], 3],
      [[{ field: 'rule', negated: false, test: { kind: 'present' } }], 4],
      [[is('client', "'; drop table transactions; --")], 0],
      [[is('category', 'SQLi'), is('path', '/a')], 1],
      [[is('class', 'anomalous'), { ...is('path', '/a'), negated: true }], 2],
    ] as const)('the filter %j keeps %i', async (filter, kept) => {
      const reader = await readerOf(mixed);
      expect((await reader.list(query({ filter }), { limit: 100 })).items).toHaveLength(kept);
      const { blocked, detected, matched } = await reader.statistics(query({ filter }));
      expect((blocked ?? 0) + (detected ?? 0) + (matched ?? 0)).toBe(kept);
    });

    test('a list is read page by page, newest first, without a gap or a repeat', async () => {
      const reader = await readerOf(
        Array.from({ length: 25 }, (_, at) => ({
          at: noon + Math.floor(at / 5) * minute,
          attack: 'sqli' as const,
          path: `/${at}`,
        })),
      );
      const times: string[] = [];
      const seen = new Set<string>();
      let cursor: string | undefined;
      do {
        const page = await reader.list(query(), { limit: 4, cursor });
        for (const { id, time } of page.items) {
          times.push(time);
          seen.add(id);
        }
        cursor = page.nextCursor;
      } while (cursor !== undefined);
      expect(seen.size).toBe(25);
      expect(times).toEqual(times.toSorted().toReversed());
      expect(times).toHaveLength(25);
      await expect(reader.list(query(), { limit: 4, cursor: 'rubbish' })).rejects.toThrow('cursor');
    });

    test('one transaction comes with everything that its record says', async () => {
      const reader = await readerOf(mixed);
      const { items } = await reader.list(query({ filter: [is('rule', '942100')] }), { limit: 1 });
      const found = await reader.find(items[0]?.id ?? '');
      expect(found).toMatchObject({ ...items[0], scores: { inbound: { sum: 5, stated: 5 } } });
      expect(found?.matches.map(({ id, isEvaluation }) => [id, isEvaluation])).toEqual([
        ['942100', false],
        ['949110', true],
      ]);
      expect(found?.raw.audit).toContain('942100');
      expect(await reader.find('1-zzz')).toBeNull();
      expect(await reader.find('../../etc')).toBeNull();
    });
  });
}

import type { FilterTerm, WafDimension } from '@bartizan/api';
import { createAccessReader, readAudit, summarise, utc } from '@bartizan/waf';
import { afterEach, describe, expect, test } from 'vitest';
import type {
  LogFile,
  StoredTransaction,
  TransactionQuery,
  TransactionReader,
  TransactionWriter,
} from './transaction-store.ts';

type Store = TransactionReader & TransactionWriter;

export interface TransactionStoreUnderTest {
  readonly store: Store;
  /** The same data, as after a restart. */
  reopen(): Promise<Store>;
  close(): Promise<void>;
}

const noon = Date.parse('2026-06-15T12:00:00Z');
const minute = 60_000;
const source = 'edge';

export interface Given {
  readonly at: number;
  readonly client?: string;
  readonly path?: string;
  readonly status?: number;
  readonly namespace?: string | null;
  readonly upstream?: string;
  readonly attack?: 'sqli' | 'xss' | 'own';
  readonly engine?: 'Enabled' | 'DetectionOnly';
  /** Which logs tell of it. */
  readonly logs?: 'both' | 'access' | 'audit';
}

const rules = {
  sqli: { ruleId: '942100', tags: ['attack-sqli', 'OWASP_CRS'], severity: '2', ver: 'OWASP_CRS/3.3.4' },
  xss: { ruleId: '941100', tags: ['attack-xss', 'OWASP_CRS'], severity: '2', ver: 'OWASP_CRS/3.3.4' },
  own: { ruleId: '1001', tags: [], severity: '0', ver: '' },
} as const;

/** A transaction as the readers make it of real lines. */
export function transaction(given: Given, offset: number): StoredTransaction {
  const { at, client = '203.0.113.7', path = '/', status = 200, attack, engine = 'Enabled' } = given;
  const time = new Date(at).toUTCString();
  const [, day, month, year, clock] = / (\d\d) (\w{3}) (\d{4}) (\S+)/.exec(time) ?? [];
  const line = `${client} - - [${day}/${month}/${year}:${clock} +0000] "GET ${encodeURI(path)} HTTP/1.1" ${status} 9 "-" "a" 211 0.052 [${given.upstream ?? '-'}] [] - - - - id${offset}`;
  const messages = attack
    ? [
        { message: `about ${attack}`, details: { ...rules[attack], data: '', match: '' } },
        ...(attack === 'own' ? [] : [{ message: 'Exceeded (Total Score: 5)', details: { ruleId: '949110' } }]),
      ]
    : [];
  const record = JSON.stringify({
    transaction: {
      client_ip: client,
      time_stamp: `Mon ${month} ${day} ${clock} ${year}`,
      unique_id: `u${offset}`,
      request: { method: 'GET', http_version: 1.1, uri: encodeURI(path), headers: { Host: 'shop.example' } },
      response: { http_code: status },
      producer: { secrules_engine: engine, components: ['OWASP_CRS/3.3.4"'] },
      messages,
    },
  });
  const logs = given.logs ?? (attack ? 'both' : 'access');
  const access = logs === 'audit' ? null : createAccessReader().read(line);
  const audit = logs === 'access' ? null : readAudit(record, { zone: utc });
  const summary = summarise(audit?.ok === true ? audit.value : null, access?.ok === true ? access.value : null);
  if (!summary) throw new Error('the line cannot be read');
  return {
    source,
    summary,
    namespace: given.namespace === undefined ? 'shop' : given.namespace,
    access: access && { file: 1, offset, bytes: Buffer.from(line) },
    audit: audit && { file: 2, offset, bytes: Buffer.from(record) },
  };
}

export function logFile(fields: Partial<LogFile> & Pick<LogFile, 'id' | 'kind'>): LogFile {
  return {
    source,
    path: `/logs/${fields.kind}.log`,
    device: '1',
    inode: `${fields.id}`,
    fingerprint: `f${fields.id}`,
    fingerprintLength: 10,
    offset: 0,
    pattern: null,
    firstMs: null,
    lastMs: null,
    caughtUpMs: null,
    malformed: 0,
    ...fields,
  };
}

const bothLogs = (fromMs: number, toMs: number): LogFile[] => [
  logFile({ id: 1, kind: 'access', firstMs: fromMs, lastMs: toMs }),
  logFile({ id: 2, kind: 'audit', firstMs: fromMs, lastMs: toMs }),
];

function is(field: string, ...values: string[]): FilterTerm {
  return { field, negated: false, test: { kind: 'any-of', values } };
}

const query = (fields: Partial<TransactionQuery> = {}): TransactionQuery => ({
  window: { fromMs: noon, toMs: noon + 60 * minute },
  scope: { kind: 'all' },
  filter: [],
  ...fields,
});
const inNamespaces = (namespaces: string[], hosts: string[] = []) =>
  ({ kind: 'namespaces', sources: [source], namespaces, hosts }) as const;

/** What every store of transactions does. */
export function describeTransactionStore(name: string, open: () => Promise<TransactionStoreUnderTest>): void {
  describe(`${name}: the store of transactions`, () => {
    let opened: TransactionStoreUnderTest;
    afterEach(async () => opened.close());

    async function storeOf(given: readonly Given[], files = bothLogs(noon, noon + 59 * minute)): Promise<Store> {
      opened = await open();
      await opened.store.append({ transactions: given.map(transaction), files, gaps: [] });
      return opened.store;
    }

    const mixed: readonly Given[] = [
      { at: noon, path: '/a' },
      { at: noon + minute, path: '/a b "c"', attack: 'sqli', status: 403 },
      { at: noon + 2 * minute, path: '/x', attack: 'xss', engine: 'DetectionOnly', client: '2001:db8::7' },
      { at: noon + 3 * minute, path: '/x', attack: 'own', client: '2001:db8::7', namespace: 'blog' },
      { at: noon + 59 * minute, path: '/a', attack: 'sqli', status: 403, namespace: null },
      { at: noon + 60 * minute, path: '/after' },
    ];

    test('requests and classes are counted in a window whose end does not count', async () => {
      const store = await storeOf(mixed);
      expect(await store.statistics(query())).toEqual({
        total: 5,
        anomalous: 3,
        anomalousShare: 3 / 5,
        blocked: 2,
        detected: 1,
        matched: 1,
      });
    });

    test('what a list counts, statistics, transactions and every other list count for the same filter', async () => {
      const store = await storeOf(mixed);
      const dimensions: readonly WafDimension[] = ['category', 'rule', 'client', 'path', 'host', 'method', 'status'];
      for (const by of dimensions)
        for (const { value, count, anomalous } of (await store.breakdown(query(), by, { limit: 100 })).items) {
          const filter = [is(by, value)];
          const { items } = await store.list(query({ filter }), { limit: 100 });
          const statistics = await store.statistics(query({ filter }));
          expect({ by, value, items: items.length, ...statistics }).toMatchObject({
            items: count,
            total: count,
            anomalous,
          });
        }
    });

    test('values are ranked by anomalous, then count, then value', async () => {
      const store = await storeOf(mixed);
      const { items, nextCursor } = await store.breakdown(query(), 'path', { limit: 2 });
      expect(items.map(({ value }) => value)).toEqual(['/a', '/x']);
      const rest = await store.breakdown(query(), 'path', { limit: 2, cursor: nextCursor });
      expect(rest.items).toEqual([{ value: '/a b "c"', count: 1, anomalous: 1 }]);
      expect(rest.nextCursor).toBeUndefined();
      expect((await store.breakdown(query(), 'rule', { limit: 1 })).items).toEqual([
        { value: '942100', label: 'about sqli', count: 2, anomalous: 2 },
      ]);
    });

    test('a bucket stands for every interval of the window, and unknown is not zero', async () => {
      const store = await storeOf(mixed, bothLogs(noon + 20 * minute, noon + 59 * minute));
      const window = { fromMs: noon - 60 * minute, toMs: noon + 60 * minute };
      expect(await store.buckets(query({ window }), 30 * minute)).toEqual([
        { startMs: noon - 60 * minute, total: null, anomalous: null, blocked: null },
        { startMs: noon - 30 * minute, total: null, anomalous: null, blocked: null },
        { startMs: noon, total: 4, anomalous: 2, blocked: 1 },
        { startMs: noon + 30 * minute, total: 1, anomalous: 1, blocked: 1 },
      ]);
    });

    test('without an access log there is no total and no share', async () => {
      const store = await storeOf(
        [{ at: noon, attack: 'sqli', logs: 'audit', status: 403 }],
        [logFile({ id: 2, kind: 'audit', firstMs: noon, lastMs: noon })],
      );
      expect(await store.statistics(query())).toMatchObject({ total: null, anomalous: 1, anomalousShare: null });
      expect((await store.coverage(query().window, { kind: 'all' })).gaps).toHaveLength(1);
    });

    test('nothing stored means unknown', async () => {
      opened = await open();
      const unknown = {
        total: null,
        anomalous: null,
        anomalousShare: null,
        blocked: null,
        detected: null,
        matched: null,
      };
      expect(await opened.store.statistics(query())).toEqual(unknown);
      expect((await opened.store.list(query(), { limit: 10 })).items).toEqual([]);
    });

    test('an environment has its namespaces and its hosts, and each record counts once', async () => {
      const store = await storeOf(mixed);
      const total = async (scope: TransactionQuery['scope']) => (await store.statistics(query({ scope }))).total;
      expect(await total(inNamespaces(['shop']))).toBe(3);
      expect(await total(inNamespaces(['shop', 'blog'], ['shop.example']))).toBe(5);
      expect(await total(inNamespaces([]))).toBe(0);
      expect(await total({ ...inNamespaces(['shop']), sources: [] })).toBeNull();
    });

    test.each([
      [[is('class', 'anomalous')], 3],
      [[is('class', 'blocked', 'matched')], 3],
      [[{ ...is('class', 'anomalous'), negated: true }], 2],
      [[{ ...is('namespace', 'shop'), negated: true }], 2],
      [[{ ...is('namespace', 'shop', ''), negated: true }], 1],
      [[is('namespace', '')], 1],
      [[is('status', '403')], 2],
      [[{ field: 'score', negated: true, test: { kind: 'compare', operator: '>=', number: 5 } }], 2],
      [[{ field: 'path', negated: false, test: { kind: 'contains', text: '"c' } }], 1],
      [[{ field: 'score', negated: false, test: { kind: 'compare', operator: '>=', number: 5 } }], 3],
      [[{ field: 'rule', negated: true, test: { kind: 'present' } }], 1],
      [[{ field: 'namespace', negated: false, test: { kind: 'present' } }], 4],
      [[is('client', "'; drop table transactions; --")], 0],
      [[is('category', 'SQLi'), is('path', '/a')], 1],
    ] as const)('the filter %j keeps %i', async (filter, kept) => {
      const store = await storeOf(mixed);
      expect((await store.list(query({ filter }), { limit: 100 })).items).toHaveLength(kept);
      expect((await store.statistics(query({ filter }))).total).toBe(kept);
    });

    test('a list is read page by page, newest first, without a gap or a repeat, also when more arrives', async () => {
      const store = await storeOf(Array.from({ length: 25 }, (_, at) => ({ at: noon + Math.floor(at / 5) * minute })));
      const seen: string[] = [];
      let cursor: string | undefined;
      do {
        const page = await store.list(query(), { limit: 4, cursor });
        seen.push(...page.items.map(({ id }) => id));
        cursor = page.nextCursor;
        const late = transaction({ at: noon + 10 * minute }, 1000 + seen.length);
        await store.append({ transactions: [late], files: [], gaps: [] });
      } while (cursor !== undefined);
      expect(new Set(seen).size).toBe(25);
      expect(seen).toHaveLength(25);
      await expect(store.list(query(), { limit: 4, cursor: 'rubbish' })).rejects.toThrow('cursor');
    });

    test('one transaction comes with everything that its logs say', async () => {
      const store = await storeOf(mixed);
      const { items } = await store.list(query({ filter: [is('rule', '942100')] }), { limit: 1 });
      const found = await store.find(items[0]?.id ?? '');
      expect(found).toMatchObject({ ...items[0], engine: 'on', scores: { inbound: { sum: 5, stated: 5 } } });
      expect(found?.matches.map(({ id, isEvaluation }) => [id, isEvaluation])).toEqual([
        ['942100', false],
        ['949110', true],
      ]);
      expect(found?.raw.access).toContain('GET /a');
      expect(found?.raw.audit).toContain('unique_id');
      expect(await store.find('1-zzz')).toBeNull();
      expect(await store.find('../../etc')).toBeNull();
    });

    test('rows, files and gaps are there after a restart', async () => {
      const store = await storeOf(mixed);
      const gap = { key: 'edge:1', source, reason: '3 records could not be read', from: new Date(noon).toISOString() };
      await store.append({
        transactions: [],
        files: [logFile({ id: 1, kind: 'access', offset: 77, firstMs: noon, lastMs: noon })],
        gaps: [gap],
      });
      const reopened = await opened.reopen();
      expect((await reopened.statistics(query())).total).toBe(5);
      expect((await reopened.files(source)).map(({ id, offset }) => [id, offset])).toEqual([
        [1, 77],
        [2, 0],
      ]);
      const coverage = await reopened.coverage(query().window, { kind: 'all' });
      expect(coverage).toMatchObject({ complete: false, sources: [{ source }] });
      expect(coverage.gaps.map(({ reason }) => reason)).toContain(gap.reason);
    });

    test('places behind a checkpoint whose records are stored already are known, of both logs', async () => {
      const store = await storeOf([
        { at: noon },
        { at: noon, attack: 'sqli' },
        { at: noon, attack: 'xss', logs: 'audit' },
      ]);
      const places = await store.storedPlaces(source);
      expect(places.map(({ file, offset }) => `${file}:${offset}`).toSorted()).toEqual(['1:0', '1:1', '2:1', '2:2']);
    });

    test('a record whose line comes late is joined with it, and counts once', async () => {
      const store = await storeOf([
        { at: noon, path: '/late' },
        { at: noon, path: '/other' },
      ]);
      const spans = [{ client: '203.0.113.7', path: '/late', fromMs: noon - 1000, toMs: noon + 1000 }];
      const [clean] = await store.unjoined(source, { kind: 'access', spans });
      expect(clean && Buffer.from(clean.bytes).toString()).toContain('/late');
      const late = transaction({ at: noon, path: '/late', attack: 'sqli', status: 403 }, 0);
      await store.append({ transactions: [late], files: [], gaps: [], replaces: [{ file: 1, offset: 0 }] });
      expect(await store.statistics(query())).toMatchObject({ total: 2, anomalous: 1 });
      expect(await store.unjoined(source, { kind: 'access', spans })).toEqual([]);
    });

    test('a line whose record came early is joined with it', async () => {
      const store = await storeOf([{ at: noon, path: '/early', attack: 'sqli', status: 403, logs: 'audit' }]);
      expect(await store.clientsOfUnjoinedRecords(source)).toEqual(['203.0.113.7']);
      const spans = [{ client: '203.0.113.7', path: '/early', fromMs: noon - 1000, toMs: noon + 1000 }];
      const [record] = await store.unjoined(source, { kind: 'audit', spans });
      expect(record).toMatchObject({ file: 2, offset: 0 });
      const whole = transaction({ at: noon, path: '/early', attack: 'sqli', status: 403 }, 0);
      await store.append({ transactions: [whole], files: [], gaps: [], replaces: [{ file: 2, offset: 0 }] });
      expect(await store.statistics(query())).toMatchObject({ total: 1, anomalous: 1 });
      expect(await store.clientsOfUnjoinedRecords(source)).toEqual([]);
    });

    test('namespaces that become known later are told later', async () => {
      const store = await storeOf([
        { at: noon, namespace: null, upstream: 'shop-web-8080' },
        { at: noon, namespace: null },
      ]);
      const attribute = ({ upstream }: { upstream: string | null }) => (upstream === 'shop-web-8080' ? 'shop' : null);
      expect(await store.reattribute(attribute)).toBe(1);
      expect((await store.statistics(query({ scope: inNamespaces(['shop']) }))).total).toBe(1);
    });
  });
}

import { WafTuning } from '@bartizan/api';
import type { TransactionQuery, TransactionReader } from '@bartizan/backends';
import { SourceError } from '@bartizan/backends';
import { detailOf, readAudit, summarise, utc } from '@bartizan/waf';
import type { TransactionDetail } from '@bartizan/waf';
import { expect, test } from 'vitest';
import { createApp } from '../app.ts';
import { bareDeps } from '../deps.fixture.ts';

const record = JSON.stringify({
  transaction: {
    client_ip: '203.0.113.7',
    time_stamp: 'Mon Jun 15 11:12:40 2026',
    request: { method: 'GET', uri: '/search?q=x', headers: { Host: 'shop.example' } },
    response: { http_code: 403 },
    producer: { secrules_engine: 'Enabled', components: ['OWASP_CRS/3.3.4'] },
    messages: [
      { message: 'SQLi', details: { ruleId: '942100', severity: '2', data: 'Matched Data: x found within ARGS:q: x' } },
      { message: 'Exceeded (Total Score: 5)', details: { ruleId: '949110' } },
    ],
  },
});

function detail(id: string): TransactionDetail {
  const reading = readAudit(record, { zone: utc });
  const value = reading.ok === true ? reading.value : null;
  const summary = summarise(value, null);
  if (!summary) throw new Error('not a record');
  const { timeMs, rules, categories, ...rest } = summary;
  const time = new Date(timeMs).toISOString();
  const row = { ...rest, id, time, namespace: null, rules: [...rules], categories: [...categories] };
  return detailOf({ row, record: value, access: null, raw: { audit: record, access: null } });
}

const totals = { total: 100, anomalous: 3, anomalousShare: 0.03, blocked: 3, detected: 0, matched: 0 };

function readerOf(details: () => AsyncIterable<TransactionDetail>, asked: TransactionQuery[] = []): TransactionReader {
  return {
    kind: 'files',
    supports: { join: true },
    statistics: async () => totals,
    buckets: async () => [],
    breakdown: async () => ({ items: [{ value: '203.0.113.7', count: 100, anomalous: 3 }] }),
    list: async () => ({ items: [] }),
    find: async () => null,
    details(query) {
      asked.push(query);
      return details();
    },
    coverage: async () => ({ from: '', to: '', sources: [], complete: true, gaps: [] }),
    close: async () => undefined,
  };
}

async function* three() {
  for (const id of ['a', 'b', 'c']) yield detail(id);
}

async function ask(reader: TransactionReader | null, query = '') {
  const app = await createApp(bareDeps({ transactions: reader }));
  const answer = await app.inject({ method: 'GET', url: `/api/v1/environments/shop/waf/tuning${query}` });
  await app.close();
  return answer;
}

test('the judged requests of the filter are read and put together', async () => {
  const asked: TransactionQuery[] = [];
  const answer = await ask(readerOf(three, asked), '?filter=path:~search');
  const tuning = WafTuning.parse(answer.json());
  expect(asked[0]?.filter.map(({ field }) => field)).toEqual(['path', 'class']);
  expect(tuning).toMatchObject({ examined: 3, complete: true, groupCount: 1, chosen: null });
  expect(tuning.groups[0]).toMatchObject({ rule: '942100', variable: 'ARGS:q', requests: 3, replay: { passes: 3 } });
  expect(tuning.groups[0]?.signs[0]?.text).toBe('3 % of everything that these clients sent was judged an attack');
});

test('chosen exclusions come as text; a key that names nothing is told', async () => {
  const [group] = WafTuning.parse((await ask(readerOf(three))).json()).groups;
  const answer = await ask(readerOf(three), `?exclude=${group?.key},0123456789abcdef`);
  expect(WafTuning.parse(answer.json()).chosen).toMatchObject({
    keys: [group?.key],
    missing: ['0123456789abcdef'],
    replay: { passes: 3 },
  });
});

test('more than it reads is told, and no more is read', async () => {
  let given = 0;
  async function* endless() {
    const one = detail('a');
    for (;;) {
      given += 1;
      yield one;
    }
  }
  expect((await ask(readerOf(endless))).json()).toMatchObject({ examined: 5000, complete: false });
  expect(given).toBe(5001);
});

test('a source that does not answer is a gap, not an empty answer', async () => {
  const failure = new SourceError({ code: 'unreachable', source: 'edge', attempted: 'read', reason: 'it is away' });
  const fails = (): AsyncIterable<TransactionDetail> => ({
    [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(failure) }),
  });
  const { coverage } = WafTuning.parse((await ask(readerOf(fails))).json());
  expect(coverage.complete).toBe(false);
  expect(coverage.gaps.map(({ reason }) => reason).join()).toContain('it is away');
});

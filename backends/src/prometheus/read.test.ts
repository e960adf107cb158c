import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { IncomingMessage, Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { openPrometheus } from './index.ts';
import type { PrometheusOptions } from './index.ts';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

const { signal } = new AbortController();
const window = { fromMs: 3_600_000, toMs: 7_200_000 };
const asked = { window, namespaces: ['shop'], intervalMs: 600_000 };

type Answers = Readonly<Record<string, unknown>>;

interface Heard {
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly form: URLSearchParams;
}

/** A server that answers as Prometheus does: `count` and `sum` give one number, ranges the same at each step. */
async function serving(
  answers: Answers,
  options: Partial<PrometheusOptions> & { more?: object; redirect?: string } = {},
) {
  const heard: Heard[] = [];
  const { more = {}, redirect, ...given } = options;
  const server: Server = createServer(async (request, response) => {
    const url = new URL(request.url ?? '', 'http://localhost');
    let body = '';
    for await (const chunk of request) body += String(chunk);
    const form = new URLSearchParams(request.method === 'GET' ? url.search : body);
    const path = url.pathname.replace(/^\/api\/v1\//, '');
    heard.push({ path, headers: request.headers, form });
    if (redirect !== undefined) {
      response.writeHead(302, { Location: redirect }).end();
      return;
    }
    const answer = answers[path];
    const found: unknown = typeof answer === 'function' ? answer(form) : answer;
    response.end(JSON.stringify({ status: 'success', data: found, ...more }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => server.close().closeAllConnections());
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  const metrics = openPrometheus({ url, ...given });
  closers.push(() => metrics.close());
  return { metrics, heard };
}

const vector = (...values: [string, number][]) => ({
  resultType: 'vector',
  result: values.map(([verdict, value]) => ({ metric: { verdict }, value: [7200, `${value}`] })),
});
const matrix = (values: Readonly<Record<string, [number, number][]>>) => ({
  resultType: 'matrix',
  result: Object.entries(values).map(([verdict, points]) => ({
    metric: { verdict },
    values: points.map(([seconds, value]) => [seconds, `${value}`]),
  })),
});
const names = ['source_namespace', 'destination_namespace', 'verdict'];
const old = ['source', 'destination'];
const steps = [4200, 4800, 5400, 6000, 6600, 7200];
const forwarded = steps.map((seconds): [number, number] => [seconds, 2]);
const whole: Answers = {
  labels: names,
  query: vector(['FORWARDED', 7200], ['DROPPED', 10]),
  query_range: matrix({ FORWARDED: forwarded }),
};

test('series are paired by their time, not by their place, and what one of them lacks is nothing', async () => {
  const { metrics } = await serving({
    ...whole,
    query_range: matrix({
      FORWARDED: forwarded,
      DROPPED: [
        [6000, 1],
        [7200, 3],
      ],
    }),
  });
  const { buckets } = await metrics.read(asked, signal);
  expect(buckets.map(({ forwardedPerSecond }) => forwardedPerSecond)).toEqual([2, 2, 2, 2, 2, 2]);
  expect(buckets.map(({ droppedPerSecond }) => droppedPerSecond)).toEqual([0, 0, 0, 1, 0, 3]);
});

test('an interval that was not scraped is empty and a gap, one that was is zero', async () => {
  const { metrics } = await serving({
    ...whole,
    query_range: (form: URLSearchParams) =>
      form.get('query')?.startsWith('count(')
        ? matrix({ '': forwarded.filter(([at]) => at !== 4800 && at !== 5400) })
        : matrix({ FORWARDED: forwarded.filter(([at]) => at > 5400) }),
  });
  const { buckets, coverage } = await metrics.read(asked, signal);
  expect(buckets.map(({ forwardedPerSecond }) => forwardedPerSecond)).toEqual([0, null, null, 2, 2, 2]);
  expect(coverage).toMatchObject({
    complete: false,
    gaps: [{ from: '1970-01-01T01:10:00.000Z', to: '1970-01-01T01:30:00.000Z' }],
  });
});

test.each([
  ['Thanos', { warnings: ['No StoreAPIs matched for this query'] }, 'No StoreAPIs matched for this query'],
  ['VictoriaMetrics', { isPartial: true }, 'a part of its storage did not answer, so its figures are too low'],
])('what %s could not see is a gap, once, beside the figures', async (_, more, reason) => {
  const { metrics } = await serving(whole, { more });
  const { totals, coverage } = await metrics.read(asked, signal);
  expect(totals.total).toBe(7210);
  expect(coverage).toMatchObject({ complete: false, gaps: [{ source: 'prometheus', reason }] });
});

test('what Prometheus remarks on a query is no gap', async () => {
  const { metrics } = await serving(whole, { more: { infos: ['PromQL info: metric might not be a counter'] } });
  expect((await metrics.read(asked, signal)).coverage).toMatchObject({ complete: true, gaps: [] });
});

test('every question has the headers and the credentials, read anew', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'bartizan-prometheus-'));
  closers.push(() => rm(folder, { recursive: true }));
  const file = join(folder, 'secret');
  await writeFile(file, 'first\n');
  const { metrics, heard } = await serving(whole, { headers: { 'X-Scope-OrgID': 'team-a' }, bearerTokenFile: file });
  await metrics.check(signal);
  await writeFile(file, 'second\n');
  await metrics.read(asked, signal);
  expect(new Set(heard.map(({ headers }) => headers['x-scope-orgid']))).toEqual(new Set(['team-a']));
  expect(new Set(heard.map(({ headers }) => headers.authorization))).toEqual(
    new Set(['Bearer first', 'Bearer second']),
  );
  const basic = await serving(whole, { basic: { user: 'me', passwordFile: file } });
  await basic.metrics.check(signal);
  expect(basic.heard[0]?.headers.authorization).toBe(`Basic ${Buffer.from('me:second').toString('base64')}`);
});

test('a redirect is not followed, and told without what may be secret', async () => {
  const { metrics, heard } = await serving(whole, {
    redirect: 'https://sso.example/login?state=secret',
    basic: undefined,
  });
  await expect(metrics.check(signal)).rejects.toMatchObject({
    code: 'bad-response',
    message: /it redirects to https:\/\/sso\.example\/login; give the address that answers itself/,
  });
  expect(heard).toHaveLength(1);
});

test('the labels are those of the window, and of any time where it has none: then nothing is known of it', async () => {
  const empty = { resultType: 'vector', result: [] };
  const { metrics, heard } = await serving({
    labels: (form: URLSearchParams) => (form.has('start') ? [] : names),
    query: empty,
    query_range: { resultType: 'matrix', result: [] },
  });
  const { totals, coverage } = await metrics.read(asked, signal);
  expect(totals.total).toBeNull();
  expect(coverage.gaps[0]?.reason).toMatch(/was not scraped/);
  expect(heard.filter(({ path }) => path === 'labels').map(({ form }) => form.get('start'))).toEqual(['3600', null]);
});

test.each([
  [[...old, 'verdict'], ['k8s:app=web', 'reserved:host'], /its label source holds "k8s:app=web"/],
  [[...old, 'verdict'], ['web-7d9c6bd5f9-x2x4z'], /its label source holds "web-7d9c6bd5f9-x2x4z"/],
  [[...old, 'verdict'], ['web', 'api', 'shop', 'pay'], /its label source holds "web", "api", "shop" …/],
  [old, ['shop'], /has no label verdict/],
  [
    ['source_workload', 'destination_workload', 'verdict'],
    [],
    /neither source_namespace .*; there is source_workload, destination_workload$/,
  ],
])('labels %j that hold no namespace give no figure, and say what they hold', async (labels, values, reason) => {
  const answers = { ...whole, labels, 'label/source/values': values, 'label/destination/values': ['shop'] };
  const { metrics } = await serving(answers, { namespaces: () => ['shop', 'edge'] });
  expect(await metrics.check(signal)).toMatchObject({ isWell: false, reason, fix: /labelsContext/ });
  await expect(metrics.read(asked, signal)).rejects.toMatchObject({ code: 'bad-response', message: reason });
});

test('where the series are of several clusters, one must be named: their namespaces have the same names', async () => {
  const answers = { ...whole, labels: [...names, 'cluster'], 'label/cluster/values': ['east', 'west'] };
  const either = await serving(answers);
  expect(await either.metrics.check(signal)).toMatchObject({
    isWell: false,
    reason: expect.stringContaining('of several clusters (cluster: "east", "west")'),
    fix: expect.stringContaining('match: { cluster: "east" }'),
  });
  await expect(either.metrics.read(asked, signal)).rejects.toMatchObject({ code: 'bad-response' });
  const east = await serving(answers, { match: { cluster: 'east' } });
  expect((await east.metrics.read(asked, signal)).totals.total).toBe(7210);
  const queries = east.heard.map(({ form }) => form.get('query') ?? form.get('match[]'));
  expect(queries.filter((query) => !query?.includes('cluster="east"'))).toEqual([]);
  const single = await serving({ ...answers, 'label/cluster/values': ['east'] });
  expect((await single.metrics.check(signal)).isWell).toBe(true);
});

test('what is no number is not taken for one, and the gap says so', async () => {
  const { metrics } = await serving({
    ...whole,
    query: {
      resultType: 'vector',
      result: [
        { metric: { verdict: 'FORWARDED' }, value: [7200, '7'] },
        { metric: { verdict: 'AUDIT' }, value: [7200, 'NaN'] },
      ],
    },
  });
  const { totals, coverage } = await metrics.read(asked, signal);
  expect(totals).toMatchObject({ total: null, byVerdict: {} });
  expect(coverage.gaps).toMatchObject([{ reason: expect.stringContaining('no number (NaN or Inf)') }]);
});

test('which labels hold the namespaces is said', async () => {
  const both = await serving({ labels: [...names, 'source', 'destination'] });
  expect(await both.metrics.check(signal)).toEqual({
    isWell: true,
    reason:
      'namespaces are in the labels source_namespace and destination_namespace, and where those are missing in source and destination',
  });
  const values = { 'label/source/values': [''], 'label/destination/values': ['shop'] };
  const former = await serving({ labels: [...old, 'verdict', 'prometheus_replica'], ...values });
  expect((await former.metrics.check(signal)).reason).toBe(
    'namespaces are in the labels source and destination; of servers that prometheus_replica tells apart the fuller one counts',
  );
});

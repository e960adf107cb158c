import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { afterEach, describe, expect, test } from 'vitest';
import { bucketsOf, gapsOf, slotsOf } from './buckets.ts';
import { openPrometheus } from './index.ts';
import { endLabelsOf, increases, presence, rates } from './query.ts';
import { wholeTotals } from './totals.ts';

const modern = { source: 'source_namespace', destination: 'destination_namespace' };

describe('the questions', () => {
  test('in and out are asked apart, and together each event once', () => {
    expect(increases({ labels: modern, namespaces: ['shop'] }, 3600)).toEqual({
      ingress:
        'sum by (verdict) (increase(hubble_flows_processed_total{destination_namespace=~"(shop)(/.*)?"}[3600s]))',
      egress: 'sum by (verdict) (increase(hubble_flows_processed_total{source_namespace=~"(shop)(/.*)?"}[3600s]))',
      total:
        'sum by (verdict) (increase(hubble_flows_processed_total{destination_namespace=~"(shop)(/.*)?"}[3600s]) or ' +
        'increase(hubble_flows_processed_total{source_namespace=~"(shop)(/.*)?"}[3600s]))',
    });
    expect(rates({ labels: { source: 'source', destination: 'destination' }, namespaces: ['a', 'b'] }, 300)).toBe(
      'sum by (verdict) (rate(hubble_flows_processed_total{destination=~"(a|b)(/.*)?"}[300s]) or ' +
        'rate(hubble_flows_processed_total{source=~"(a|b)(/.*)?"}[300s]))',
    );
    expect(presence(60)).toBe('count(present_over_time(hubble_flows_processed_total[60s]))');
  });

  test('a value that would change the question stays a value', () => {
    const { ingress } = increases({ labels: modern, namespaces: ['a.*"} or vector(1)'] }, 60);
    expect(ingress).toContain('=~"(a\\\\.\\\\*\\"\\\\} or vector\\\\(1\\\\))(/.*)?"');
  });

  test.each([
    [['__name__', 'source_namespace', 'destination_namespace', 'source', 'destination'], modern],
    [['destination', 'source', 'verdict'], { source: 'source', destination: 'destination' }],
    [['source', 'verdict'], null],
    [['protocol', 'verdict'], null],
  ])('of the labels %j the ends are %j', (names, labels) => {
    expect(endLabelsOf(names)).toEqual(labels);
  });
});

describe('the totals', () => {
  test('are whole numbers that add up, whatever was extrapolated', () => {
    const totals = wholeTotals({
      ingress: new Map([
        ['FORWARDED', 10.6],
        ['DROPPED', 2.4],
      ]),
      egress: new Map([
        ['FORWARDED', 5.3],
        ['AUDIT', 1.4],
      ]),
      total: new Map([
        ['FORWARDED', 12.4],
        ['DROPPED', 2.4],
        ['AUDIT', 1.4],
      ]),
    });
    expect(totals).toEqual({
      total: 16,
      dropped: 2,
      droppedShare: 2 / 16,
      ingress: { total: 13, dropped: 2 },
      egress: { total: 7, dropped: 0 },
      internal: { total: 4, dropped: 0 },
      byVerdict: { FORWARDED: 13, AUDIT: 1, DROPPED: 2 },
    });
  });

  test('of nothing are zero, with no share', () => {
    const nothing = new Map<string, number>();
    const totals = wholeTotals({ ingress: nothing, egress: nothing, total: nothing });
    expect(totals).toMatchObject({ total: 0, dropped: 0, droppedShare: null, byVerdict: {} });
  });
});

describe('the intervals', () => {
  const window = { fromMs: 61_000, toMs: 200_000 };

  test('are aligned, and the last is asked for where the window ends', () => {
    expect(slotsOf(window, 60_000)).toEqual([
      { startMs: 60_000, askedAtMs: 120_000 },
      { startMs: 120_000, askedAtMs: 180_000 },
      { startMs: 180_000, askedAtMs: 200_000 },
    ]);
  });

  test('without a sample are empty and make a gap; with samples and no events they are zero', () => {
    const slots = slotsOf(window, 60_000);
    const found = new Map([[200_000, new Map([['FORWARDED', 1.5]])]]);
    const buckets = bucketsOf(slots, { rates: found, wasScraped: ({ startMs }) => startMs === 120_000 });
    expect(buckets.map(({ forwardedPerSecond }) => forwardedPerSecond)).toEqual([null, 0, 1.5]);
    expect(gapsOf(buckets, { source: 'p', window, intervalMs: 60_000 })).toEqual([
      expect.objectContaining({ from: '1970-01-01T00:01:01.000Z', to: '1970-01-01T00:02:00.000Z' }),
    ]);
  });

  test('whose next scrape is still to come are no gap', () => {
    const buckets = bucketsOf(slotsOf(window, 60_000), {
      rates: new Map(),
      wasScraped: ({ startMs }) => startMs < 180_000,
    });
    expect(gapsOf(buckets, { source: 'p', window, intervalMs: 60_000 })).toEqual([]);
  });
});

describe('a server that', () => {
  const servers: Server[] = [];
  afterEach(() => {
    for (const server of servers.splice(0)) server.close().closeAllConnections();
  });

  async function answering(status: number, body: string): Promise<string> {
    const server = createServer((_, response) => response.writeHead(status).end(body));
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    return `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/prefix/`;
  }

  async function asking(answer: (path: string, form: string) => unknown): Promise<string> {
    const server = createServer((request, response) => {
      let form = '';
      request.on('data', (part: Buffer) => (form += part.toString()));
      request.on('end', () => {
        const data = answer(request.url ?? '', decodeURIComponent(form));
        response.end(JSON.stringify({ status: 'success', data }));
      });
    });
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    return `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  }

  test.each([
    ['answers with a page', 200, '<html>sign in</html>', 'bad-response', /not one of Prometheus/],
    [
      'answers with other JSON',
      200,
      '{"status":"success","data":{"result":7}}',
      'bad-response',
      /not one of Prometheus/,
    ],
    ['does not know us', 401, '', 'unauthorized', /HTTP status 401/],
    ['does not let us', 403, '', 'forbidden', /HTTP status 403/],
    [
      'is overloaded',
      422,
      '{"status":"error","error":"query processing would load too many samples"}',
      'refused',
      /too many samples/,
    ],
    ['is behind a broken gateway', 502, 'bad gateway', 'unreachable', /HTTP status 502/],
    ['has no such path', 404, 'no', 'bad-response', /HTTP status 404/],
  ])('%s is an error in words', async (_, status, body, code, message) => {
    const metrics = openPrometheus({ url: await answering(status, body) });
    await expect(metrics.check(new AbortController().signal)).rejects.toMatchObject({ code, message });
    await metrics.close();
  });

  test('never answers is given up', async () => {
    const server = createServer(() => undefined);
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
    const metrics = openPrometheus({ url, timeoutMs: 50 });
    await expect(metrics.check(new AbortController().signal)).rejects.toMatchObject({ code: 'timeout' });
    await metrics.close();
  });

  test('has no such metric is told from one without namespaces', async () => {
    const empty = openPrometheus({ url: await answering(200, '{"status":"success","data":[]}') });
    const bare = openPrometheus({ url: await answering(200, '{"status":"success","data":["__name__","verdict"]}') });
    const signal = new AbortController().signal;
    expect((await empty.check(signal))?.problem).toMatch(/there is no metric/);
    expect(await bare.check(signal)).toMatchObject({ problem: /carries no namespaces/, fix: /labelsContext/ });
    await Promise.all([empty.close(), bare.close()]);
  });

  test('whose labels hold identities or addresses is told from one without traffic', async () => {
    const url = await asking((path, form) => {
      if (path.endsWith('/labels')) return ['__name__', 'verdict', 'source', 'destination'];
      const isSeen = form.includes('present_over_time') && !form.includes('=~');
      return { resultType: 'vector', result: isSeen ? [{ metric: {}, value: [0, '7'] }] : [] };
    });
    const metrics = openPrometheus({ url });
    const { signal } = new AbortController();
    const problem = /source and destination hold something else/;
    expect(await metrics.check(signal)).toMatchObject({ problem, fix: /labelsContext/ });
    const query = { window: { fromMs: 0, toMs: 60_000 }, namespaces: ['shop'], intervalMs: 60_000 };
    await expect(metrics.read(query, signal)).rejects.toMatchObject({ code: 'bad-response', message: problem });
    await metrics.close();
  });
});

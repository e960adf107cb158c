import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { afterEach, describe, expect, test } from 'vitest';
import { bucketsOf, gapsOf, slotsOf } from './buckets.ts';
import { openPrometheus } from './index.ts';
import { contextShape, holdNamespaces, increases, labelsShape, presence, rates, shapesOf } from './query.ts';
import type { EndLabels, Selection } from './query.ts';
import { placedTotals, wholeTotals } from './totals.ts';

function of(shapes: readonly EndLabels[], ...namespaces: readonly string[]): Selection {
  return { shapes, namespaces, match: {}, replicas: [] };
}

describe('the questions', () => {
  test('where one server has several clusters, or several servers scrape the same, each event is still counted once', () => {
    const selection = { ...of([labelsShape], 'shop'), match: { cluster: 'a"b' }, replicas: ['prometheus_replica'] };
    const series = (end: string): string =>
      `rate(hubble_flows_processed_total{${end}_namespace=~"(shop)(/.*)?",cluster="a\\"b"}[60s])`;
    expect(rates(selection, 60)).toBe(
      `sum by (verdict) (max without (prometheus_replica) (${series('destination')} or ${series('source')}))`,
    );
    expect(increases(selection, 60).ingress).toMatch(/^sum by \(verdict\) \(max without \(prometheus_replica\)/);
    expect(presence(selection.match, 60)).toBe(
      'count(present_over_time(hubble_flows_processed_total{cluster="a\\"b"}[60s]))',
    );
  });

  test('in and out are asked apart, and together each event once', () => {
    expect(increases(of([labelsShape], 'shop'), 3600)).toEqual({
      ingress:
        'sum by (verdict) (increase(hubble_flows_processed_total{destination_namespace=~"(shop)(/.*)?"}[3600s]))',
      egress: 'sum by (verdict) (increase(hubble_flows_processed_total{source_namespace=~"(shop)(/.*)?"}[3600s]))',
      total:
        'sum by (verdict) (increase(hubble_flows_processed_total{destination_namespace=~"(shop)(/.*)?"}[3600s]) or ' +
        'increase(hubble_flows_processed_total{source_namespace=~"(shop)(/.*)?"}[3600s]))',
    });
    expect(rates(of([contextShape], 'a', 'b'), 300)).toBe(
      'sum by (verdict) (rate(hubble_flows_processed_total{destination=~"(a|b)(/.*)?"}[300s]) or ' +
        'rate(hubble_flows_processed_total{source=~"(a|b)(/.*)?"}[300s]))',
    );
    expect(rates(of([labelsShape], 'shop'), 60, 'egress')).toBe(
      'sum by (verdict) (rate(hubble_flows_processed_total{source_namespace=~"(shop)(/.*)?"}[60s]))',
    );
    expect(presence({}, 60)).toBe('count(present_over_time(hubble_flows_processed_total[60s]))');
  });

  test('where some series have the one labels and some the other, each series is counted by its own', () => {
    expect(rates(of([labelsShape, contextShape], 'shop'), 60)).toBe(
      'sum by (verdict) (' +
        [
          'rate(hubble_flows_processed_total{destination_namespace=~"(shop)(/.*)?"}[60s])',
          'rate(hubble_flows_processed_total{destination=~"(shop)(/.*)?",source_namespace="",destination_namespace=""}[60s])',
          'rate(hubble_flows_processed_total{source_namespace=~"(shop)(/.*)?"}[60s])',
          'rate(hubble_flows_processed_total{source=~"(shop)(/.*)?",source_namespace="",destination_namespace=""}[60s])',
        ].join(' or ') +
        ')',
    );
  });

  test('a value that would change the question stays a value', () => {
    const { ingress } = increases(of([labelsShape], 'a.*"} or vector(1)'), 60);
    expect(ingress).toContain('=~"(a\\\\.\\\\*\\"\\\\} or vector\\\\(1\\\\))(/.*)?"');
  });

  test.each([
    [
      ['__name__', 'source_namespace', 'destination_namespace', 'source', 'destination'],
      [labelsShape, contextShape],
    ],
    [['source_namespace', 'destination_namespace', 'source_workload'], [labelsShape]],
    [['destination', 'source', 'verdict'], [contextShape]],
    [['source', 'verdict'], []],
    [['source_workload', 'destination_workload', 'source_app', 'destination_app'], []],
    [['source_namespace', 'verdict'], []],
    [['protocol', 'verdict'], []],
  ])('of the labels %j the ends are %j', (names, shapes) => {
    expect(shapesOf(names)).toEqual(shapes);
  });

  // https://docs.cilium.io/en/stable/observability/metrics/#context-options
  test.each([
    ['namespace', ['shop', 'payments', ''], true],
    ['pod', ['shop/web-7d9c6bd5f9-x2x4z', 'reserved:host'], true],
    ['workload', ['shop/web', 'kube-system/coredns'], true],
    ['namespace|reserved-identity', ['shop', 'reserved:world', 'host'], true],
    ['reserved identities alone, so far', ['reserved:host', 'reserved:world'], true],
    ['pod-name', ['web-7d9c6bd5f9-x2x4z', 'api-5c9b6fdd7b-q8k2l', ''], false],
    ['ip', ['10.0.1.5', '192.168.7.2'], false],
    ['ip of the sixth version', ['fd00::1'], false],
    ['identity', ['k8s:app=web,k8s:io.kubernetes.pod.namespace=shop', 'reserved:host'], false],
    ['dns', ['api.example.org', 'pay.example.org'], false],
  ])('labels with the context %s hold namespaces: %j, %s', (_, values, isWell) => {
    expect(holdNamespaces(values)).toBe(isWell);
  });

  test.each([
    ['namespace', ['shop', 'edge', 'gone', ''], true],
    ['pod', ['shop/web-7d9c6bd5f9-x2x4z', 'edge/gw-0'], true],
    ['workload-name|reserved-identity', ['shop', 'web', 'api', 'reserved:world'], false],
    ['app', ['web', 'api'], false],
    ['reserved identities alone, so far', ['reserved:host'], true],
  ])('where the namespaces are known, the context %s is told by them: %j, %s', (_, values, isWell) => {
    expect(holdNamespaces(values, ['shop', 'edge', 'kube-system'])).toBe(isWell);
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

  test('of what goes in, or comes out, are those of the whole for that place', () => {
    const series = {
      ingress: new Map([
        ['FORWARDED', 10],
        ['DROPPED', 2],
      ]),
      egress: new Map([['FORWARDED', 7]]),
      total: new Map([
        ['FORWARDED', 13],
        ['DROPPED', 2],
      ]),
    };
    const whole = wholeTotals(series);
    expect(placedTotals(series, 'ingress')).toEqual({
      total: 12,
      dropped: 2,
      droppedShare: 2 / 12,
      ingress: whole.ingress,
      egress: whole.internal,
      internal: whole.internal,
      byVerdict: { FORWARDED: 10, DROPPED: 2 },
    });
    expect(placedTotals(series, 'egress')).toMatchObject({ total: 7, egress: whole.egress, ingress: whole.internal });
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

  test.each([
    [
      'answers with a page',
      200,
      '<!DOCTYPE html><title>sign in',
      'bad-response',
      /a web page came.*where people sign in/,
    ],
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
      /too many samples\. Choose a shorter window, or raise that limit of the server \(of Prometheus: --query\.max-samples/,
    ],
    [
      'has a limit of series',
      422,
      '{"status":"error","errorType":"execution","error":"the query exceeded the maximum number of series (limit: 100000)"}',
      'refused',
      /maximum number of series \(limit: 100000\)\. Choose a shorter window, or raise that limit/,
    ],
    [
      'ran out of time',
      503,
      '{"status":"error","errorType":"timeout","error":"query timed out in expression evaluation"}',
      'timeout',
      /timed out in expression evaluation\. Choose a shorter window/,
    ],
    [
      'does not understand us',
      400,
      '{"status":"error","error":"invalid parameter \\"query\\""}',
      'refused',
      /invalid parameter "query"$/,
    ],
    [
      'wants us to come later, in plain words',
      429,
      'too many outstanding requests',
      'unreachable',
      /too many outstanding/,
    ],
    ['is a tenant short', 401, 'no org id\n', 'unauthorized', /no org id$/],
    ['answers with half a JSON', 200, '{"status":"success","data":[', 'bad-response', /not one of Prometheus/],
    ['answers with a list', 200, '[]', 'bad-response', /not one of Prometheus/],
    ['answers with nothing', 200, '', 'bad-response', /not one of Prometheus/],
    [
      'says that it failed, with a status that says otherwise',
      200,
      '{"status":"error","error":"oh"}',
      'bad-response',
      /oh/,
    ],
    ['is behind a broken gateway, with a page', 504, '<html><h1>504</h1></html>', 'unreachable', /HTTP status 504$/],
    ['is behind a broken gateway', 502, 'bad gateway', 'unreachable', /bad gateway$/],
    ['has no such path', 404, 'no such page', 'bad-response', /no such page/],
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
    expect((await empty.check(signal)).reason).toMatch(/there is no metric/);
    expect(await bare.check(signal)).toMatchObject({
      isWell: false,
      reason: /carries no namespaces/,
      fix: /labelsContext/,
    });
    await Promise.all([empty.close(), bare.close()]);
  });
});

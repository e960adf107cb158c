import type { FlowMetrics } from '@bartizan/backends';
import { openPrometheus } from '@bartizan/backends/prometheus';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { increaseOf } from './servers/extrapolated.ts';
import { exported, seededLines } from './servers/flow-lines.ts';
import type { FlowLine } from './servers/flow-lines.ts';
import { hubbleMissing, startNode } from './servers/hubble.ts';
import type { HubbleNode } from './servers/hubble.ts';
import { until } from './servers/process.ts';
import { prometheusMissing, startPrometheus } from './servers/prometheus.ts';
import type { PrometheusServer } from './servers/prometheus.ts';

const lacking = hubbleMissing ?? prometheusMissing;
const signal = new AbortController().signal;
const metric = 'hubble_flows_processed_total';

const shapes = {
  namespaces: 'flow:sourceContext=namespace;destinationContext=namespace',
  pods: 'flow:sourceContext=pod;destinationContext=pod',
  labels: 'flow:labelsContext=source_namespace,destination_namespace',
  workloads: 'flow:sourceContext=workload;destinationContext=workload|reserved-identity',
  podNames: 'flow:sourceContext=pod-name;destinationContext=pod-name',
  none: 'flow',
} as const;
type Shape = keyof typeof shapes;

const warm = seededLines({ count: 600, fromMs: 0, prefix: 'warm' });
const fed = seededLines({ count: 4000, fromMs: 0, prefix: 'counted' });

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function count(isOf: (line: FlowLine) => boolean): number {
  return fed.filter(isOf).length;
}

describe.skipIf(lacking !== null)(`a real Prometheus (${lacking ?? 'scraping hubble-node'})`, () => {
  const nodes = new Map<Shape, HubbleNode>();
  const servers = new Map<Shape, PrometheusServer>();
  const opened: FlowMetrics[] = [];
  const windows = new Map<Shape, { fromMs: number; toMs: number }>();

  function metricsOf(shape: Shape): FlowMetrics {
    const metrics = openPrometheus({ url: servers.get(shape)?.url ?? '' });
    opened.push(metrics);
    return metrics;
  }

  function read(shape: Shape, options: { namespaces?: readonly string[]; intervalMs?: number } = {}) {
    const { namespaces = ['shop'], intervalMs = 2000 } = options;
    return metricsOf(shape).read({ window: windowOf(shape), namespaces, intervalMs }, signal);
  }

  /** From a scrape before the events to one after them, whole seconds apart, so that `increase()` has nothing to extrapolate. */
  function betweenScrapes(
    scrapes: readonly number[],
    fedMs: { readonly warm: number; readonly from: number; readonly to: number },
  ) {
    const pairs = scrapes
      .filter((atMs) => atMs > fedMs.warm && atMs < fedMs.from)
      .flatMap((fromMs) => scrapes.filter((atMs) => atMs > fedMs.to).map((toMs) => ({ fromMs, toMs })));
    const excess = ({ fromMs, toMs }: (typeof pairs)[number]): number => (1000 - ((toMs - fromMs) % 1000)) % 1000;
    const best = pairs.toSorted((a, b) => excess(a) - excess(b))[0];
    if (best === undefined) throw new Error('nothing was scraped before the events, or after them');
    return best;
  }

  function windowOf(shape: Shape): { readonly fromMs: number; readonly toMs: number } {
    return windows.get(shape) ?? { fromMs: 0, toMs: 0 };
  }

  async function feedSlowly(lines: readonly FlowLine[], parts: number): Promise<void> {
    const size = Math.ceil(lines.length / parts);
    for (let at = 0; at < lines.length; at += size) {
      for (const node of nodes.values()) node.feed(lines.slice(at, at + size).map(exported));
      await pause(500);
    }
  }

  beforeAll(async () => {
    for (const [shape, metricsConfig] of Object.entries(shapes) as [Shape, string][])
      nodes.set(shape, await startNode({ name: `node-${shape}`, metricsConfig, now: true }));
    await Promise.all(
      [...nodes].map(async ([shape, node]) => servers.set(shape, await startPrometheus(node.metricsUrl))),
    );
    await feedSlowly(warm, 1);
    await pause(4500);
    const from = Date.now();
    await feedSlowly(fed, 16);
    const spentMs = Date.now() - from;
    await pause(3500);
    for (const [shape, server] of servers)
      windows.set(shape, betweenScrapes(await server.scrapedAtMs(), { warm: from - 2500, from, to: from + spentMs }));
  });

  afterAll(async () => {
    await Promise.all(opened.map((metrics) => metrics.close()));
    await Promise.all([...servers.values()].map((server) => server.remove()));
    await Promise.all([...nodes.values()].map((node) => node.stop()));
  });

  test('every figure is what increase() must give for the raw samples', async () => {
    const window = windowOf('namespaces');
    const seconds = Math.round((window.toMs - window.fromMs) / 1000);
    const range = { startSeconds: window.toMs / 1000 - seconds, endSeconds: window.toMs / 1000 };
    const series = (await servers.get('namespaces')?.query(`${metric}[${seconds}s]`, window.toMs)) ?? [];
    const sum = (isOf: (labels: Readonly<Record<string, string>>) => boolean): number =>
      series
        .filter(({ metric: labels }) => isOf(labels))
        .reduce((total, { values }) => total + (increaseOf(values ?? [], range) ?? 0), 0);
    const { totals } = await read('namespaces');
    const into = Math.round(sum(({ destination }) => destination === 'shop'));
    const out = Math.round(sum(({ source }) => source === 'shop'));
    expect(totals.ingress?.total).toBe(into);
    expect(totals.egress?.total).toBe(out);
    expect(totals.total).toBe(
      Math.round(sum(({ source, destination }) => source === 'shop' || destination === 'shop')),
    );
    expect(totals.ingress?.dropped).toBe(
      Math.round(sum(({ destination, verdict }) => destination === 'shop' && verdict === 'DROPPED')),
    );
    expect(Object.values(totals.byVerdict).reduce((all, one) => all + one, 0)).toBe(totals.total);
    expect((totals.ingress?.total ?? 0) + (totals.egress?.total ?? 0) - (totals.internal?.total ?? 0)).toBe(
      totals.total,
    );
  });

  test.each(['namespaces', 'pods', 'workloads', 'labels'] as const)(
    'with %s in its labels it gives the fed events within two per cent, where every series was there before',
    async (shape) => {
      const { totals, coverage } = await read(shape);
      const near = (figure: number | null | undefined, events: number): void => {
        expect(Math.abs((figure ?? -1) - events)).toBeLessThanOrEqual(Math.max(2, events * 0.02));
      };
      near(
        totals.total,
        count(({ from, to }) => from === 'shop' || to === 'shop'),
      );
      near(
        totals.dropped,
        count(({ from, to, verdict }) => verdict === 'DROPPED' && (from === 'shop' || to === 'shop')),
      );
      near(
        totals.ingress?.total,
        count(({ to }) => to === 'shop'),
      );
      near(
        totals.egress?.total,
        count(({ from }) => from === 'shop'),
      );
      near(
        totals.internal?.total,
        count(({ from, to }) => from === 'shop' && to === 'shop'),
      );
      for (const verdict of ['FORWARDED', 'AUDIT', 'REDIRECTED', 'ERROR'] as const)
        near(
          totals.byVerdict[verdict],
          count((line) => line.verdict === verdict && (line.from === 'shop' || line.to === 'shop')),
        );
      expect(coverage).toMatchObject({ complete: true, gaps: [] });
    },
  );

  test('an interval shows its average per second, aligned, and sums up to the total', async () => {
    const { buckets, totals } = await read('labels');
    expect(buckets.every(({ startMs }) => startMs % 2000 === 0)).toBe(true);
    const dropped = buckets.reduce((sum, { droppedPerSecond }) => sum + (droppedPerSecond ?? 0) * 2, 0);
    expect(Math.abs(dropped - (totals.dropped ?? 0))).toBeLessThan((totals.dropped ?? 0) * 0.25);
  });

  test('a namespace without events is zero, not unknown', async () => {
    const { totals, buckets } = await read('namespaces', { namespaces: ['quiet'] });
    expect(totals).toMatchObject({ total: 0, dropped: 0, droppedShare: null, byVerdict: {} });
    expect(buckets.every(({ forwardedPerSecond }) => forwardedPerSecond === 0)).toBe(true);
  });

  test('without namespaces in the labels it names the lines to add, and gives no number', async () => {
    const metrics = metricsOf('none');
    const found = await metrics.check(signal);
    expect(found.fix).toContain('"flow:labelsContext=source_namespace,destination_namespace,traffic_direction"');
    await expect(read('none')).rejects.toMatchObject({ code: 'bad-response', message: /carries no namespaces/ });
    expect(await metricsOf('podNames').check(signal)).toMatchObject({ isWell: false, reason: /hold "server-/ });
    await expect(read('podNames')).rejects.toMatchObject({
      code: 'bad-response',
      message: /source and destination hold/,
    });
    expect(await metricsOf('pods').check(signal)).toMatchObject({ isWell: true, reason: /source and destination$/ });
  });

  test('a time in which nothing was scraped is a gap, and its buckets are empty', async () => {
    const server = servers.get('namespaces');
    const stoppedMs = Date.now();
    await server?.stop();
    await pause(7000);
    await server?.start();
    const startedMs = Date.now();
    await pause(4000);
    const window = { fromMs: windowOf('namespaces').fromMs, toMs: Date.now() };
    const asked = { window, namespaces: ['shop'], intervalMs: 2000 };
    const { buckets, coverage } = await metricsOf('namespaces').read(asked, signal);
    const empty = buckets.slice(0, -1).filter(({ forwardedPerSecond }) => forwardedPerSecond === null);
    expect(empty.length).toBeGreaterThanOrEqual(2);
    expect(empty.filter(({ startMs }) => startMs < stoppedMs - 3000 || startMs > startedMs + 3000)).toEqual([]);
    expect(coverage.complete).toBe(false);
    expect(coverage.gaps[0]?.reason).toMatch(/was not scraped/);
    const before = { fromMs: window.fromMs - 7_200_000, toMs: window.fromMs - 3_600_000 };
    const unknown = await metricsOf('namespaces').read(
      { window: before, namespaces: ['shop'], intervalMs: 600_000 },
      signal,
    );
    expect(unknown.totals.total).toBeNull();
    expect(unknown.coverage.gaps).toHaveLength(1);
  });

  test('a server that refuses to load so much says what to do', async () => {
    const small = await startPrometheus(nodes.get('labels')?.metricsUrl ?? '', ['--query.max-samples=5']);
    const metrics = openPrometheus({ url: small.url });
    opened.push(metrics);
    const window = { fromMs: Date.now() - 600_000, toMs: Date.now() };
    await expect(metrics.read({ window, namespaces: ['shop'], intervalMs: 60_000 }, signal)).rejects.toMatchObject({
      code: 'refused',
      message: /too many samples into memory.*Choose a shorter window, or raise that limit/,
    });
    await small.remove();
  });

  test('a server that is gone, or is none, is an error in words', async () => {
    const node = nodes.get('none');
    const elsewhere = openPrometheus({ url: node?.metricsUrl ?? '' });
    await expect(elsewhere.check(signal)).rejects.toMatchObject({ code: 'bad-response' });
    await servers.get('none')?.stop();
    const gone = await until('it is gone', () =>
      metricsOf('none')
        .check(signal)
        .then(
          () => undefined,
          (error: unknown) => error,
        ),
    );
    expect(gone).toMatchObject({ name: 'SourceError', code: 'unreachable' });
  });
});

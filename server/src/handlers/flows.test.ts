import type { Coverage, FlowStatistics, FlowTotals } from '@bartizan/api';
import type { FlowMetrics, FlowReader } from '@bartizan/backends';
import { SourceError } from '@bartizan/backends';
import { expect, test } from 'vitest';
import { createApp } from '../app.ts';
import { bareDeps } from '../deps.fixture.ts';

const window = { from: '2026-06-15T11:00:00.000Z', to: '2026-06-15T12:00:00.000Z' };
const whole: Coverage = { ...window, sources: [], complete: true, gaps: [] };
const begun: Coverage = {
  ...window,
  sources: [],
  complete: false,
  gaps: [{ source: 'memory', reason: 'recording began then', from: window.from, to: '2026-06-15T11:30:00.000Z' }],
};

function totals(total: number, dropped: number): FlowTotals {
  const both = { total, dropped };
  const none = { total: 0, dropped: 0 };
  return { ...both, droppedShare: dropped / total, ingress: both, egress: none, internal: none, byVerdict: {} };
}

function history(counted: FlowTotals, coverage: Coverage): FlowReader {
  const never = () => Promise.reject(new Error('not asked'));
  return {
    statistics: async () => counted,
    buckets: async () => [],
    coverage: async () => coverage,
    breakdown: never,
    list: never,
    find: never,
    connections: never,
    connectionsSeen: never,
    kept: () => ({ wholeSinceMs: null, countsSinceMs: null }),
    firstSeen: never,
    close: async () => {},
  };
}

/** Answers for the window, and for the one before with `before`. */
function prometheus(now: FlowTotals | SourceError, before: FlowTotals | SourceError = totals(900, 40)): FlowMetrics {
  return {
    async read({ window: asked }) {
      const answer = asked.toMs === Date.parse(window.to) ? now : before;
      if (answer instanceof SourceError) throw answer;
      return { totals: answer, buckets: [], coverage: whole };
    },
    check: async () => ({ isWell: true, reason: '' }),
    close: async () => {},
  };
}

async function ask(options: {
  flows: FlowReader | null;
  metrics: FlowMetrics | null;
  query?: string;
}): Promise<FlowStatistics> {
  const metrics = new Map(options.metrics ? [['memory', options.metrics]] : []);
  const app = await createApp(bareDeps({ flows: options.flows, metrics }));
  const url = `/api/v1/environments/shop/flows/statistics?from=${window.from}&to=${window.to}${options.query ?? ''}`;
  const response = await app.inject({ method: 'GET', url });
  expect(response.statusCode).toBe(200);
  return response.json<FlowStatistics>();
}

const refused = new SourceError({
  code: 'refused',
  source: 'prometheus',
  attempted: 'read',
  reason: 'too many samples',
});

test('Prometheus answers where it can, with the count of a history that covers the window beside it', async () => {
  const same = await ask({ flows: history(totals(1000, 50), whole), metrics: prometheus(totals(1010, 51)) });
  expect(same).toMatchObject({
    total: 1010,
    source: { kind: 'prometheus', note: /by a few per cent/ },
    alsoKnown: { source: 'history', total: 1000, dropped: 50, agrees: true },
    previous: { total: 900 },
  });
  const other = await ask({ flows: history(totals(1000, 50), whole), metrics: prometheus(totals(500, 51)) });
  expect(other).toMatchObject({
    total: 500,
    source: { note: /^The recorded history has 1000 events in this window, 50 of them dropped/ },
    alsoKnown: { agrees: false },
  });
});

test('a history of a part of the window is not compared with all of it', async () => {
  expect(await ask({ flows: history(totals(10, 5), begun), metrics: prometheus(totals(1000, 50)) })).not.toHaveProperty(
    'alsoKnown',
  );
  expect(await ask({ flows: null, metrics: prometheus(totals(1000, 50)) })).not.toHaveProperty('alsoKnown');
});

test('the history answers what Prometheus cannot, and says that it does', async () => {
  const flows = history(totals(1000, 50), whole);
  const filtered = await ask({ flows, metrics: prometheus(totals(7, 7)), query: '&filter=port:443' });
  expect(filtered).toMatchObject({ total: 1000, source: { kind: 'history' } });
  const instead = await ask({ flows, metrics: prometheus(refused) });
  expect(instead).toMatchObject({ total: 1000, source: { kind: 'history' }, coverage: { complete: false } });
  expect(instead.coverage.gaps).toContainEqual({
    source: 'prometheus',
    reason: 'prometheus could not read: too many samples. The recorded history answers instead.',
  });
  const nobody = await ask({ flows: null, metrics: prometheus(refused) });
  expect(nobody).toMatchObject({ total: null, source: { kind: 'none' }, coverage: { complete: false } });
});

test('a window before that Prometheus refuses leaves only the comparison unknown', async () => {
  const { total, previous } = await ask({ flows: null, metrics: prometheus(totals(1000, 50), refused) });
  expect([total, previous.total]).toEqual([1000, null]);
});

test('a page does not wait for a slow Prometheus: the gap names it, and asking again gives its figures', async () => {
  let give = (): void => {};
  const given = new Promise<void>((resolve) => (give = resolve));
  const fast = prometheus(totals(1000, 50));
  const metrics = new Map([
    ['memory', { ...fast, read: (query, signal) => given.then(() => fast.read(query, signal)) } as FlowMetrics],
  ]);
  const app = await createApp(bareDeps({ flows: history(totals(990, 50), whole), metrics }));
  const url = `/api/v1/environments/shop/flows/statistics?from=${window.from}&to=${window.to}`;
  const first = (await app.inject({ method: 'GET', url })).json<FlowStatistics>();
  expect(first).toMatchObject({
    total: 990,
    source: { kind: 'history' },
    isAwaited: true,
    coverage: { complete: false },
  });
  expect(first.coverage.gaps.at(-1)?.reason).toMatch(/^Prometheus has not answered within 2 s/);
  give();
  const second = (await app.inject({ method: 'GET', url })).json<FlowStatistics>();
  expect(second).toMatchObject({ total: 1000, source: { kind: 'prometheus' }, coverage: { complete: true } });
  expect(second).not.toHaveProperty('isAwaited');
});

test('where there is no history, nothing but the whole figures is told, and never as complete', async () => {
  const deps = bareDeps({ flows: null, metrics: new Map([['memory', prometheus(totals(1000, 50))]]) });
  const status = () => ({ signal: 'flows', kind: 'prometheus', state: 'ok' }) as const;
  const app = await createApp({
    ...deps,
    sources: [{ signal: 'flows', name: 'prometheus', covers: () => true, status }],
  });
  for (const path of ['statistics?filter=port:80', 'breakdown?by=port', '?limit=5', 'first-seen']) {
    const response = await app.inject({
      method: 'GET',
      url: `/api/v1/environments/shop/flows/${path}`.replace('/?', '?'),
    });
    expect(response.json()).toMatchObject({
      coverage: { complete: false, gaps: [{ reason: expect.stringMatching(/need Hubble Relay/) }] },
    });
  }
});

test('Prometheus answers for what goes in and what comes out as well, and no other filter', async () => {
  const asked: unknown[] = [];
  const metrics = {
    ...prometheus(totals(1000, 50)),
    read: async ({ place }: { place?: unknown }) => {
      asked.push(place);
      return { totals: totals(7, 1), buckets: [], coverage: whole };
    },
  } as FlowMetrics;
  const flows = history(totals(1000, 50), whole);
  const kinds = [];
  for (const filter of ['place:ingress', 'place:egress', '-place:ingress', 'place:internal', 'place:ingress port:80'])
    kinds.push((await ask({ flows, metrics, query: `&filter=${encodeURIComponent(filter)}` })).source.kind);
  expect(kinds).toEqual(['prometheus', 'prometheus', 'history', 'history', 'history']);
  expect(new Set(asked)).toEqual(new Set(['ingress', 'egress']));
});

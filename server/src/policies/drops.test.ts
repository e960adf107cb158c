import type { FilterTerm, FlowTotals, Gap } from '@bartizan/api';
import type { FlowQuery, FlowReader, KubernetesObject } from '@bartizan/backends';
import { describe, expect, test } from 'vitest';
import { memoryCluster } from '../deps.fixture.ts';
import { contentOf } from './content.ts';
import { dropsOf } from './drops.ts';
import { createPodFinder } from './selected-pods.ts';

interface Event {
  readonly atMs: number;
  readonly source: string;
  readonly destination: string;
  readonly isDropped: boolean;
}

const madeAtMs = Date.parse('2026-06-15T12:00:00Z');
const nowMs = madeAtMs + 30_000;

function pod(name: string, owner: string, app: string): KubernetesObject {
  const ownerReferences = [{ kind: 'ReplicaSet', name: owner, controller: true }];
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace: 'shop', labels: { app }, ownerReferences } };
}

function policy(app: string): string {
  return contentOf({
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: 'web', namespace: 'shop' },
    spec: { podSelector: { matchLabels: { app } } },
  });
}

/** Counts what it was given, as a history that knows everything would. */
function historyOf(events: readonly Event[], gaps: readonly Gap[] = []): FlowReader {
  const matches = (event: Event, { field, test: asked }: FilterTerm): boolean =>
    asked.kind === 'any-of' && asked.values.includes(event[field as 'source' | 'destination']);
  const statistics = async ({ window, filter }: FlowQuery): Promise<FlowTotals> => {
    const counted = events.filter(
      (event) =>
        event.atMs >= window.fromMs && event.atMs < window.toMs && filter.every((term) => matches(event, term)),
    );
    const dropped = counted.filter(({ isDropped }) => isDropped).length;
    const none = { ingress: null, egress: null, internal: null, byVerdict: {} };
    return { total: counted.length, dropped, droppedShare: null, ...none };
  };
  const coverage = async ({ window }: FlowQuery) => ({
    from: '',
    to: '',
    sources: [],
    complete: false,
    gaps: gaps.filter(({ from = '' }) => Date.parse(from) < window.toMs),
  });
  return { statistics, coverage } as Partial<FlowReader> as FlowReader;
}

const change = {
  id: 'a',
  cluster: 'memory',
  kind: 'NetworkPolicy',
  namespace: 'shop',
  name: 'web',
  by: 'mara',
  madeAtMs,
  revertAtMs: madeAtMs + 300_000,
  before: policy('web'),
  after: policy('api'),
};
const pods = [
  pod('web-7d9c6bd5f9-x2x4z', 'web-7d9c6bd5f9', 'web'),
  pod('web-7d9c6bd5f9-b4b5k', 'web-7d9c6bd5f9', 'web'),
  pod('api-5c8b6d7f9c-q8w2t', 'api-5c8b6d7f9c', 'api'),
  pod('db-6b7c8d9f5c-t2w9q', 'db-6b7c8d9f5c', 'db'),
];
const asked = { cluster: memoryCluster(pods), pods: createPodFinder(), nowMs };

describe('drops at the workloads of a timed change', () => {
  test('are counted since it and before it, of what it selected before and selects now, an event between two once', async () => {
    const flows = historyOf([
      { atMs: madeAtMs - 1000, source: 'shop/db', destination: 'shop/web', isDropped: true },
      { atMs: madeAtMs - 700_000, source: 'shop/db', destination: 'shop/web', isDropped: true },
      { atMs: madeAtMs + 1000, source: 'shop/web', destination: 'shop/api', isDropped: true },
      { atMs: madeAtMs + 2000, source: 'shop/api', destination: 'world', isDropped: false },
      { atMs: madeAtMs + 3000, source: 'shop/db', destination: 'world', isDropped: true },
    ]);
    expect(await dropsOf(change, { ...asked, flows })).toEqual({
      workloads: ['shop/api', 'shop/web'],
      before: { from: '2026-06-15T11:50:00.000Z', to: '2026-06-15T12:00:00.000Z', events: 1, dropped: 1 },
      since: { from: '2026-06-15T12:00:00.000Z', to: '2026-06-15T12:00:30.000Z', events: 2, dropped: 1 },
    });
  });

  test('are compared with what was recorded before, no longer', async () => {
    const began = {
      source: 'prod',
      reason: 'recording began then',
      from: '2026-06-15T11:50:00Z',
      to: '2026-06-15T11:58:00Z',
    };
    const since = { source: 'prod', reason: 'Relay was away', from: '2026-06-15T12:00:05Z' };
    expect(await dropsOf(change, { ...asked, flows: historyOf([], [began]) })).toMatchObject({
      before: { from: '2026-06-15T11:58:00.000Z', to: '2026-06-15T12:00:00.000Z' },
    });
    const dark = await dropsOf(change, { ...asked, flows: historyOf([], [since]) });
    expect(dark).toMatchObject({ missing: 'prod: Relay was away' });
  });

  test('are unknown without a source of flows, and where it selects no pod', async () => {
    const unknown = { events: null, dropped: null };
    expect(await dropsOf(change, { ...asked, flows: null })).toMatchObject({
      since: unknown,
      missing: 'no source of flows is configured',
    });
    const empty = { ...change, before: null, after: policy('nobody') };
    expect(await dropsOf(empty, { ...asked, flows: historyOf([]) })).toMatchObject({
      workloads: [],
      since: unknown,
      missing: 'the policy selects no pod',
    });
  });
});

import type { Gap } from '@bartizan/api';
import type { FlowSource, FlowSourceEvent, FlowWriter } from '@bartizan/backends';
import { SourceError } from '@bartizan/backends';
import type { FlowRecord } from '@bartizan/flow';
import { expect, test, vi } from 'vitest';
import { collectFlows } from './collect-flows.ts';

/** Only what the collector looks at: the rest of a record passes through it unread. */
function flow(id: string): FlowRecord {
  return { id, time: `2026-06-15T12:00:0${id}Z` } as FlowRecord;
}

function memoryStore() {
  const flows: FlowRecord[] = [];
  const gaps: Gap[] = [];
  const store: FlowWriter = {
    async append(batch) {
      flows.push(...batch.flows);
      gaps.push(...batch.gaps);
    },
    newest: async () => null,
    logs: async () => [],
  };
  return { store, flows, gaps };
}

function sourceOf(runs: readonly (readonly FlowSourceEvent[] | SourceError)[]): FlowSource {
  let run = -1;
  return {
    async status() {
      run += 1;
      const script = runs[run];
      if (script instanceof SourceError) throw script;
      return { version: null, connectedNodes: 2, unavailableNodes: [], storedFlows: 0, capacity: 10 };
    },
    async *follow({ signal }) {
      const script = runs[run];
      if (Array.isArray(script)) yield script;
      if (run < runs.length - 1) return;
      await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
    },
    close: async () => {},
  };
}

test('flows and gaps of the source are stored, and a break is a gap with a beginning and an end', async () => {
  const refused = new SourceError({ code: 'unreachable', source: 'relay', attempted: 'connect', reason: 'refused' });
  const lost: FlowSourceEvent = { kind: 'gap', reason: 'node a failed', fromMs: 0, toMs: 0 };
  const { store, flows, gaps } = memoryStore();
  const source = sourceOf([[{ kind: 'flow', flow: flow('1') }, lost], refused, [{ kind: 'flow', flow: flow('2') }]]);
  const collector = collectFlows({ name: 'prod', location: 'relay:80', source, store, clock: () => new Date() });
  await vi.waitFor(() => expect(flows.map(({ id }) => id)).toEqual(['1', '2']), 10_000);
  expect(gaps[0]).toMatchObject({ reason: 'node a failed' });
  const broken = gaps.slice(1);
  expect(broken).toHaveLength(2);
  expect(broken[0]).not.toHaveProperty('to');
  expect(broken[1]).toMatchObject({ from: broken[0]?.from, to: expect.any(String) });
  expect(collector.status()).toMatchObject({ state: 'ok', kind: 'hubble' });
  await collector.close();
});

test('a Relay without any of its nodes is unreachable, and says since when', async () => {
  const { store } = memoryStore();
  const relay = sourceOf([[]]);
  const unavailableNodes = ['default/n1', 'default/n2'];
  const source: FlowSource = {
    ...relay,
    status: async (signal) => ({ ...(await relay.status(signal)), connectedNodes: 0, unavailableNodes }),
  };
  const clock = () => new Date('2026-06-15T12:00:00Z');
  const collector = collectFlows({ name: 'prod', location: 'relay:80', source, store, clock });
  await vi.waitFor(() =>
    expect(collector.status()).toMatchObject({
      state: 'unreachable',
      reason: '0 of 2 nodes connected; no answer from default/n1, default/n2',
      since: '2026-06-15T12:00:00.000Z',
    }),
  );
  await collector.close();
});

test('a source that refuses is unreachable with its reason, and does not hold readiness back', async () => {
  const refused = new SourceError({ code: 'unreachable', source: 'relay', attempted: 'connect', reason: 'refused' });
  const { store } = memoryStore();
  const collector = collectFlows({
    name: 'prod',
    location: 'relay:80',
    source: sourceOf([refused, refused]),
    store,
    clock: () => new Date(),
  });
  await collector.caughtUp;
  expect(collector.status()).toMatchObject({ state: 'unreachable', reason: expect.stringContaining('refused') });
  await collector.close();
});

test('a source that breaks again and again is tried again later and later, with jitter, and that is said', async () => {
  const { store } = memoryStore();
  vi.useFakeTimers();
  const attempts: number[] = [];
  const source = sourceOf([[], [], [], [], [], [], []]);
  const collector = collectFlows({
    name: 'prod',
    location: 'relay:80',
    source: {
      ...source,
      status(signal) {
        attempts.push(Date.now());
        return source.status(signal);
      },
    },
    store,
    clock: () => new Date(),
    random: () => 0,
  });
  await vi.advanceTimersByTimeAsync(60_000);
  vi.useRealTimers();
  expect(attempts.slice(1).map((at, index) => at - (attempts[index] ?? 0))).toEqual([250, 500, 1000, 2500, 5000, 5000]);
  expect(collector.status()).toMatchObject({
    state: 'ok',
    reason: 'the connection broke 6 times in a row; the last time: the stream ended',
  });
  await collector.close();
});

test('a store that cannot write does not end the collecting', async () => {
  const { store, flows } = memoryStore();
  let isFull = true;
  const full = {
    ...store,
    append: (batch: Parameters<FlowWriter['append']>[0]) =>
      isFull ? Promise.reject(new Error('disk full')) : store.append(batch),
  };
  const source = sourceOf([[{ kind: 'flow', flow: flow('1') }], [{ kind: 'flow', flow: flow('1') }]]);
  const collector = collectFlows({
    name: 'prod',
    location: 'relay:80',
    source,
    store: full,
    clock: () => new Date(),
    random: () => 0,
  });
  await vi.waitFor(() => expect(collector.status().reason).toBe('disk full'), 5000);
  isFull = false;
  await vi.waitFor(() => expect(flows.map(({ id }) => id)).toEqual(['1']), 5000);
  await collector.close();
});

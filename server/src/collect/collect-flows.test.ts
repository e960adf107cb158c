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
      if (Array.isArray(script)) yield* script;
      if (run < runs.length - 1) return;
      await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
    },
    close: async () => {},
  };
}

test('flows and gaps of the source are stored, and a break is a gap with a beginning and an end', async () => {
  const refused = new SourceError({ code: 'unreachable', source: 'relay', attempted: 'connect', reason: 'refused' });
  const lost: FlowSourceEvent = { kind: 'gap', reason: '7 events lost', fromMs: 0, toMs: 0, lost: 7 };
  const { store, flows, gaps } = memoryStore();
  const source = sourceOf([[{ kind: 'flow', flow: flow('1') }, lost], refused, [{ kind: 'flow', flow: flow('2') }]]);
  const collector = collectFlows({ name: 'prod', location: 'relay:80', source, store, clock: () => new Date() });
  await vi.waitFor(() => expect(flows.map(({ id }) => id)).toEqual(['1', '2']), 10_000);
  expect(gaps[0]).toMatchObject({ reason: '7 events lost' });
  const broken = gaps.slice(1);
  expect(broken).toHaveLength(2);
  expect(broken[0]).not.toHaveProperty('to');
  expect(broken[1]).toMatchObject({ from: broken[0]?.from, to: expect.any(String) });
  expect(collector.status()).toMatchObject({ state: 'ok', kind: 'hubble' });
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

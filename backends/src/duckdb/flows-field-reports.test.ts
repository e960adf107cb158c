import { readExportLine } from '@bartizan/flow';
import type { FlowRecord } from '@bartizan/flow';
import { expect, test } from 'vitest';
import type { FlowReader } from '../flow-store.ts';
import { openDatabase } from './database.ts';
import { openFlowStore } from './flows-store.ts';

const time = '2026-06-15T12:00:00Z';
const query = {
  window: { fromMs: Date.parse(time), toMs: Date.parse(time) + 60_000 },
  scope: { kind: 'namespaces', sources: ['prod'], namespaces: ['shop'], hosts: [] },
  filter: [],
} as const;
const web = { identity: 40_311, namespace: 'shop', labels: ['k8s:app=web'], pod_name: 'web-0' };

function read(flow: object): FlowRecord {
  const [entry] = readExportLine(JSON.stringify({ flow: { time, event_type: { type: 5 }, ...flow } }));
  if (entry?.kind !== 'flow') throw new Error('not a flow');
  return entry.record;
}

async function withStore(flows: readonly FlowRecord[], work: (store: FlowReader) => Promise<void>): Promise<void> {
  const database = await openDatabase({ file: ':memory:' });
  const store = await openFlowStore(database, { clock: () => new Date(Date.parse(time) + 60_000) });
  await store.append({ source: 'prod', flows, gaps: [] });
  await work(store);
  await database.close();
}

// https://github.com/cilium/cilium/issues/14692
test('what audit mode would have dropped is neither dropped nor forwarded, and can be listed', () => {
  const counts = { FORWARDED: 6, DROPPED: 2, AUDIT: 3, REDIRECTED: 1, ERROR: 1 };
  const flows = Object.entries(counts).flatMap(([verdict, count]) =>
    Array.from({ length: count }, (_, index) =>
      read({ uuid: `${verdict}-${index}`, verdict, source: web, destination: web }),
    ),
  );
  return withStore(flows, async (store) => {
    const totals = await store.statistics(query);
    expect(totals).toMatchObject({ total: 13, dropped: 2, byVerdict: counts });
    expect(totals.droppedShare).toBeCloseTo(2 / 13, 9);
    const audited = { field: 'verdict', negated: false, test: { kind: 'any-of', values: ['AUDIT'] } } as const;
    expect((await store.list({ ...query, filter: [audited] }, { limit: 10 })).items).toHaveLength(3);
    const [bucket] = await store.buckets(query, 60_000);
    expect(bucket).toMatchObject({ forwarded: 6, dropped: 2 });
  });
});

// https://github.com/cilium/hubble-ui/issues/1125
test('a drop towards a node belongs to the namespace that sent it, and its peer is called host', () => {
  const drop = { verdict: 'DROPPED', drop_reason_desc: 'POLICY_DENIED', source: web, traffic_direction: 'EGRESS' };
  const l4 = { TCP: { source_port: 41_000, destination_port: 9100, flags: { SYN: true } } };
  const toHost = read({ ...drop, uuid: 'd1', l4, destination: { identity: 1, labels: ['reserved:host'] } });
  const toNowhere = [read({ ...drop, uuid: 'd2' }), read({ ...drop, uuid: 'd3', destination: {} })];
  return withStore([toHost, ...toNowhere], async (store) => {
    expect(await store.statistics(query)).toMatchObject({
      egress: { total: 3, dropped: 3 },
      internal: { total: 0, dropped: 0 },
      ingress: { total: 0, dropped: 0 },
    });
    expect((await store.breakdown(query, 'destination', { limit: 10 })).items).toEqual([
      { value: 'unknown', count: 2, dropped: 2 },
      { value: 'host', count: 1, dropped: 1 },
    ]);
    const isHost = { field: 'destination', negated: false, test: { kind: 'any-of', values: ['host'] } } as const;
    expect((await store.list({ ...query, filter: [isHost] }, { limit: 10 })).items.map(({ id }) => id)).toEqual(['d1']);
  });
});

import { readExportLine } from '@bartizan/flow';
import type { FlowRecord } from '@bartizan/flow';
import { expect, test } from 'vitest';
import type { FlowReader } from '../flow-store.ts';
import { openDatabase } from './database.ts';
import type { Database } from './database.ts';
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

test('events that no 64 bits hold, or with numbers that are none, keep nothing else from being stored', () => {
  const strange = [
    { uuid: 's1', time: '9999-12-31T23:59:59Z' },
    { uuid: 's2', time: '0001-01-01T00:00:00Z' },
    { uuid: 's3', l4: { TCP: { source_port: 1.5, destination_port: 99_999_999_999 } } },
    { uuid: 's4', l4: { ICMPv4: { type: 8.5, code: -1 } } },
    { uuid: 's5', aggregate: { ingress_flow_count: 2 ** 40 } },
    { uuid: 's6', source: { ...web, workloads: [{ kind: '\u0000', name: '\ud800' }] } },
  ].map((fields) => read({ verdict: 'FORWARDED', source: web, destination: web, ...fields }));
  return withStore([...strange, read({ uuid: 'fine', verdict: 'FORWARDED', source: web })], async (store) => {
    // What has no time counts when it came: at the end of the window, which does not count.
    expect((await store.statistics(query)).total).toBe(5);
    const later = { ...query, window: { fromMs: query.window.toMs, toMs: query.window.toMs + 1000 } };
    expect((await store.statistics(later)).total).toBe(2);
  });
});

test('a namespace of the same name in another cluster of the mesh is outside', () => {
  const ends = { source: { ...web, cluster_name: 'west' }, destination: { ...web, cluster_name: 'east' } };
  const flow = read({ uuid: 'm1', verdict: 'FORWARDED', node_name: 'east/n1', ...ends });
  return withStore([flow], async (store) => {
    expect(await store.statistics(query)).toMatchObject({ total: 1, ingress: { total: 1 }, egress: { total: 0 } });
    expect((await store.breakdown(query, 'pair', { limit: 10 })).items).toMatchObject([
      { value: 'west/shop/web -> shop/web', count: 1 },
    ]);
  });
});

test('lines of a file that a field mask made alike are all counted', async () => {
  const masked = read({ time: undefined, verdict: 'FORWARDED', source: web });
  const database = await openDatabase({ file: ':memory:' });
  const store = await openFlowStore(database, { clock: () => new Date(time) });
  await store.append({ source: 'prod', flows: [masked, masked, masked], gaps: [], logs: [] });
  expect((await store.statistics(query)).total).toBe(3);
  await database.close();
});

test('what is asked while the first events arrive is unknown, not none', async () => {
  const database = await openDatabase({ file: ':memory:' });
  let open = (): void => {};
  const gate = new Promise<void>((resolve) => (open = resolve));
  let isHeld = false;
  const late = async <T>(found: Promise<T>): Promise<T> => {
    const wasHeld = isHeld;
    const answer = await found;
    if (wasHeld) await gate;
    return answer;
  };
  const held: Pick<Database, 'rows' | 'read' | 'write' | 'compact'> = {
    rows: (...asked) => late(database.rows(...asked)),
    read: (work) => late(database.read(work)),
    write: (work) => database.write(work),
    compact: () => database.compact(),
  };
  const store = await openFlowStore(held, { clock: () => new Date(Date.parse(time) + 60_000) });
  isHeld = true;
  const asked = [store.statistics(query), store.buckets(query, 60_000)] as const;
  isHeld = false;
  await store.append({ source: 'prod', flows: [read({ uuid: 'first', verdict: 'FORWARDED', source: web })], gaps: [] });
  open();
  expect(await asked[0]).toMatchObject({ total: null });
  expect(await asked[1]).toMatchObject([{ forwarded: null }]);
  expect((await store.statistics(query)).total).toBe(1);
  await database.close();
});

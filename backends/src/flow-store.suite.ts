import type { FilterTerm } from '@bartizan/api';
import { peerName } from '@bartizan/flow';
import type { FlowEndpoint, FlowRecord } from '@bartizan/flow';
import { describe, expect, test } from 'vitest';
import type { FlowQuery, FlowReader, FlowWriter } from './flow-store.ts';
import { logFile } from './transaction-store.suite.ts';

export interface FlowStoreUnderTest {
  readonly store: FlowReader & FlowWriter;
  /** Moves the clock that the store reads. */
  setNow(iso: string): void;
  /** The same data, as after a restart. */
  reopen(): Promise<FlowReader & FlowWriter>;
  close(): Promise<void>;
}

const source = 'shop-prod';

export function end(fields: Partial<FlowEndpoint> = {}): FlowEndpoint {
  return {
    namespace: null,
    pod: null,
    workload: null,
    labels: [],
    identity: null,
    entity: fields.namespace ? null : 'unknown',
    ip: null,
    port: null,
    names: [],
    cluster: null,
    ...fields,
  };
}

export function pod(namespace: string, name: string, port: number | null = null): FlowEndpoint {
  return end({ namespace, pod: `${name}-0`, workload: { kind: 'StatefulSet', name, guessed: true }, port });
}

export function event(fields: Partial<FlowRecord> & { readonly id: string }): FlowRecord {
  return {
    time: '2026-06-15T12:00:00Z',
    verdict: 'FORWARDED',
    type: 'PolicyVerdict',
    subtype: '',
    direction: 'ingress',
    isReply: false,
    node: 'node-1',
    source: pod('edge', 'gateway'),
    destination: pod('shop', 'web', 8080),
    protocol: 'TCP',
    icmp: null,
    tcpFlags: ['SYN'],
    traceReason: null,
    dropReason: null,
    policyMatchType: 'all',
    allowedBy: [],
    deniedBy: [],
    l7: null,
    sourceService: null,
    destinationService: null,
    summary: '',
    aggregate: null,
    ...fields,
  };
}

/** A noon hour of `shop`, in the units of its window. */
function shop(filter: readonly FilterTerm[] = [], window?: { from: string; to: string }): FlowQuery {
  const { from, to } = window ?? { from: '2026-06-15T12:00:00Z', to: '2026-06-15T13:00:00Z' };
  return {
    window: { fromMs: Date.parse(from), toMs: Date.parse(to) },
    scope: { kind: 'namespaces', sources: [source], namespaces: ['shop'], hosts: [] },
    filter,
  };
}

function is(field: string, ...values: string[]): FilterTerm {
  return { field, negated: false, test: { kind: 'any-of', values } };
}

const dropped = { verdict: 'DROPPED', dropReason: 'POLICY_DENIED' } as const;

const traffic: readonly FlowRecord[] = [
  event({ id: 'in-1' }),
  event({ id: 'in-2', time: '2026-06-15T12:10:00.000000001Z', ...dropped }),
  event({
    id: 'out-1',
    time: '2026-06-15T12:10:00Z',
    source: pod('shop', 'web'),
    destination: end({ entity: 'host', port: 9100 }),
    ...dropped,
  }),
  event({
    id: 'both-1',
    time: '2026-06-15T12:59:59.999Z',
    source: pod('shop', 'web'),
    destination: pod('shop', 'db', 5432),
  }),
  event({ id: 'other-1', source: pod('edge', 'gateway'), destination: pod('edge', 'cache', 6379) }),
  event({
    id: 'name-1',
    time: '2026-06-15T12:20:00Z',
    verdict: 'AUDIT',
    source: pod('shop', 'web'),
    destination: end({ entity: 'world', ip: '192.0.2.7', names: ['pay.example.org'], port: 443 }),
  }),
  event({ id: 'late-1', time: '2026-06-15T13:00:00Z' }),
];

/** What every store of flows answers. */
export function describeFlowStore(name: string, open: () => Promise<FlowStoreUnderTest>): void {
  async function withTraffic(work: (under: FlowStoreUnderTest) => Promise<void>): Promise<void> {
    const under = await open();
    try {
      under.setNow('2026-06-15T13:30:00Z');
      await under.store.append({ source, flows: [...traffic], gaps: [] });
      await work(under);
    } finally {
      await under.close();
    }
  }

  describe(`${name}:`, () => {
    test('an event with both ends inside is counted once in the total, and in ingress, egress and internal', () =>
      withTraffic(async ({ store }) => {
        expect(await store.statistics(shop())).toEqual({
          total: 5,
          dropped: 2,
          droppedShare: 2 / 5,
          ingress: { total: 3, dropped: 1 },
          egress: { total: 3, dropped: 1 },
          internal: { total: 1, dropped: 0 },
          byVerdict: { FORWARDED: 2, DROPPED: 2, AUDIT: 1 },
        });
      }));

    test('all environments count every event once', () =>
      withTraffic(async ({ store }) => {
        const totals = await store.statistics({ ...shop(), scope: { kind: 'all' } });
        expect(totals.total).toBe(6);
        const { ingress, egress, internal } = totals;
        expect((ingress?.total ?? 0) + (egress?.total ?? 0) - (internal?.total ?? 0)).toBe(6);
      }));

    test('namespaces of another cluster are not counted', () =>
      withTraffic(async ({ store }) => {
        const scope = { kind: 'namespaces', sources: ['other'], namespaces: ['shop'], hosts: [] } as const;
        expect((await store.statistics({ ...shop(), scope })).total).toBeNull();
      }));

    test('an event that arrives twice is kept once, also in one batch and after a restart', () =>
      withTraffic(async ({ store, reopen }) => {
        await store.append({ source, flows: [event({ id: 'in-1' }), event({ id: 'in-1' })], gaps: [] });
        const again = await reopen();
        await again.append({ source, flows: [...traffic], gaps: [] });
        expect((await again.statistics(shop())).total).toBe(5);
      }));

    test('records come newest first, to the nanosecond, page by page without a hole', () =>
      withTraffic(async ({ store }) => {
        const first = await store.list(shop(), { limit: 2 });
        expect(first.items.map(({ id }) => id)).toEqual(['both-1', 'name-1']);
        const second = await store.list(shop(), { limit: 2, cursor: first.nextCursor });
        expect(second.items.map(({ id }) => id)).toEqual(['in-2', 'out-1']);
        const third = await store.list(shop(), { limit: 2, cursor: second.nextCursor });
        expect(third).toEqual({ items: [traffic[0]] });
      }));

    test('a record comes back as it was', () =>
      withTraffic(async ({ store }) => {
        const { items } = await store.list(shop([is('name', 'pay.example.org')]), { limit: 10 });
        expect(items).toEqual([traffic[5]]);
      }));

    test('an event is found by its id, with the source that told it', () =>
      withTraffic(async ({ store }) => {
        expect(await store.find('in-2')).toEqual({ source, flow: traffic[1] });
        expect(await store.find('nobody')).toBeNull();
      }));

    test('connections are those that policies judged, grouped, whatever was traced beside them', () =>
      withTraffic(async ({ store }) => {
        await store.append({ source, flows: [event({ id: 'trace-1', type: 'Trace' })], gaps: [] });
        const { ends, from, to, port, count } = await store.connections(shop());
        const told = [...port].map((number, place) => {
          const [left, right] = [ends[from[place] ?? 0], ends[to[place] ?? 0]];
          return `${left && peerName(left)} ${right && peerName(right)} ${number}`;
        });
        expect(told.toSorted()).toEqual([
          'edge/gateway shop/web 8080',
          'shop/web host 9100',
          'shop/web pay.example.org 443',
          'shop/web shop/db 5432',
        ]);
        expect(count.reduce((sum, one) => sum + one)).toBe(5);
      }));

    test('a cursor that is none is refused in words', () =>
      withTraffic(async ({ store }) => {
        await expect(store.list(shop(), { limit: 2, cursor: 'nonsense' })).rejects.toThrow(/start again without it/);
        await expect(store.breakdown(shop(), 'port', { limit: 2, cursor: '-1' })).rejects.toThrow(/start again/);
      }));

    test.each<[string, readonly FilterTerm[], readonly string[]]>([
      ['verdict:DROPPED', [is('verdict', 'DROPPED')], ['in-2', 'out-1']],
      ['-verdict:DROPPED', [{ ...is('verdict', 'DROPPED'), negated: true }], ['both-1', 'in-1', 'name-1']],
      ['port:5432,443', [is('port', '5432', '443')], ['both-1', 'name-1']],
      [
        'port:>8080',
        [{ field: 'port', negated: false, test: { kind: 'compare', operator: '>', number: 8080 } }],
        ['out-1'],
      ],
      ['namespace:edge', [is('namespace', 'edge')], ['in-1', 'in-2']],
      ['-namespace:edge', [{ ...is('namespace', 'edge'), negated: true }], ['both-1', 'name-1', 'out-1']],
      ['reason:*', [{ field: 'reason', negated: false, test: { kind: 'present' } }], ['in-2', 'out-1']],
      ['-reason:*', [{ field: 'reason', negated: true, test: { kind: 'present' } }], ['both-1', 'in-1', 'name-1']],
      ['name:~example', [{ field: 'name', negated: false, test: { kind: 'contains', text: 'example' } }], ['name-1']],
      ['-name:*', [{ field: 'name', negated: true, test: { kind: 'present' } }], ['both-1', 'in-1', 'in-2', 'out-1']],
      ['destination:host', [is('destination', 'host')], ['out-1']],
      ['pair:"shop/web -> shop/db"', [is('pair', 'shop/web -> shop/db')], ['both-1']],
      ['two terms mean and', [is('source', 'shop/web'), is('verdict', 'AUDIT')], ['name-1']],
      ['a quote is only text', [is('source', "x' OR '1'='1")], []],
    ])('the filter %s counts what it lists', (_, filter, ids) =>
      withTraffic(async ({ store }) => {
        const query = shop(filter);
        const { items } = await store.list(query, { limit: 100 });
        expect(items.map(({ id }) => id).toSorted()).toEqual(ids);
        expect((await store.statistics(query)).total).toBe(ids.length);
        const verdicts = await store.breakdown(query, 'verdict', { limit: 100 });
        expect(verdicts.items.reduce((sum, { count }) => sum + count, 0)).toBe(ids.length);
        const buckets = await store.buckets(query, 3_600_000);
        const counted = (buckets[0]?.forwarded ?? 0) + (buckets[0]?.dropped ?? 0);
        expect(counted).toBe(items.filter(({ verdict }) => verdict === 'FORWARDED' || verdict === 'DROPPED').length);
      }),
    );

    test('a breakdown is ranked by dropped, then count, then value, page by page', () =>
      withTraffic(async ({ store }) => {
        const first = await store.breakdown(shop(), 'destination', { limit: 2 });
        expect(first).toEqual({
          items: [
            { value: 'shop/web', count: 2, dropped: 1 },
            { value: 'host', count: 1, dropped: 1 },
          ],
          nextCursor: '2',
        });
        const rest = await store.breakdown(shop(), 'destination', { limit: 2, cursor: first.nextCursor });
        expect(rest.items.map(({ value }) => value)).toEqual(['pay.example.org', 'shop/db']);
      }));

    test('buckets are aligned to their interval, and null where nothing was recorded', () =>
      withTraffic(async ({ store }) => {
        const query = shop([], { from: '2026-06-15T11:30:00Z', to: '2026-06-15T14:30:00Z' });
        expect(await store.buckets(query, 3_600_000)).toEqual([
          { startMs: Date.parse('2026-06-15T11:00:00Z'), forwarded: null, dropped: null },
          { startMs: Date.parse('2026-06-15T12:00:00Z'), forwarded: 2, dropped: 2 },
          { startMs: Date.parse('2026-06-15T13:00:00Z'), forwarded: 1, dropped: 0 },
          { startMs: Date.parse('2026-06-15T14:00:00Z'), forwarded: null, dropped: null },
        ]);
      }));

    test('a quiet stretch that was followed is zero, without a gap', () =>
      withTraffic(async ({ store }) => {
        const query = shop([], { from: '2026-06-15T13:10:00Z', to: '2026-06-15T13:20:00Z' });
        expect(await store.statistics(query)).toMatchObject({ total: 0, dropped: 0, droppedShare: null });
        expect(await store.coverage(query)).toMatchObject({ complete: true, gaps: [] });
      }));

    test('a window before anything was recorded is unknown, and says since when there is something', () =>
      withTraffic(async ({ store }) => {
        const query = shop([], { from: '2026-06-15T10:00:00Z', to: '2026-06-15T11:00:00Z' });
        expect((await store.statistics(query)).total).toBeNull();
        const coverage = await store.coverage(query);
        expect(coverage.complete).toBe(false);
        expect(coverage.gaps[0]?.reason).toBe('recording began at 2026-06-15T12:00:00.000Z, after this window');
      }));

    test('a gap is told for the windows that it touches, cut to them; one that ended replaces its beginning', () =>
      withTraffic(async ({ store, reopen }) => {
        const gap = { source, reason: 'no events from node b', from: '2026-06-15T12:30:00.000Z' };
        await store.append({ source, flows: [], gaps: [gap] });
        const { window } = shop();
        expect((await store.coverage(shop())).gaps).toEqual([gap]);
        await store.append({ source, flows: [], gaps: [{ ...gap, to: '2026-06-15T13:10:00.000Z' }] });
        const again = await reopen();
        expect((await again.coverage(shop())).gaps).toEqual([{ ...gap, to: '2026-06-15T13:00:00.000Z' }]);
        expect((await again.coverage({ ...shop(), window: { fromMs: 0, toMs: window.fromMs } })).gaps).toHaveLength(1);
      }));

    test('a gap that ends where it began is taken back', () =>
      withTraffic(async ({ store, reopen }) => {
        const gap = { source, reason: 'no events from node b', from: '2026-06-15T12:30:00.000Z' };
        await store.append({ source, flows: [], gaps: [gap] });
        await store.append({ source, flows: [], gaps: [{ ...gap, to: gap.from }] });
        expect((await store.coverage(shop())).gaps).toEqual([]);
        expect((await (await reopen()).coverage(shop())).gaps).toEqual([]);
      }));

    const later = shop([], { from: '2026-06-15T12:00:00Z', to: '2026-06-15T14:00:00Z' });

    test('following anew leaves no gap where the source sends what it had sent before', () =>
      withTraffic(async ({ store, setNow }) => {
        expect(await store.newest(source)).toBe(Date.parse('2026-06-15T13:00:00Z'));
        const fresh = event({ id: 'new-1', time: '2026-06-15T13:20:00Z' });
        await store.append({ source, flows: [fresh], gaps: [] });
        await store.append({ source, flows: [event({ id: 'late-1', time: '2026-06-15T13:00:00Z' })], gaps: [] });
        setNow('2026-06-15T13:31:00Z');
        await store.append({ source, flows: [], gaps: [] });
        expect((await store.coverage(later)).gaps).toEqual([]);
      }));

    test('following anew leaves a gap where the source no longer had what came next', () =>
      withTraffic(async ({ store, setNow }) => {
        await store.newest(source);
        await store.append({ source, flows: [event({ id: 'new-1', time: '2026-06-15T13:28:00Z' })], gaps: [] });
        setNow('2026-06-15T13:31:00Z');
        await store.append({ source, flows: [], gaps: [] });
        expect((await store.coverage(later)).gaps).toMatchObject([
          { from: '2026-06-15T13:00:00.000Z', to: '2026-06-15T13:28:00.000Z' },
        ]);
        const hole = shop([], { from: '2026-06-15T13:01:00Z', to: '2026-06-15T13:27:00Z' });
        expect((await store.statistics(hole)).total).toBeNull();
      }));

    test('a stretch in which the source was not followed is unknown', () =>
      withTraffic(async ({ store, setNow }) => {
        setNow('2026-06-15T13:50:00Z');
        const reason = 'no answer';
        await store.append({ source, flows: [], gaps: [{ source, reason, from: '2026-06-15T13:31:00Z' }] });
        const outage = shop([], { from: '2026-06-15T13:35:00Z', to: '2026-06-15T13:45:00Z' });
        expect((await store.statistics(outage)).total).toBeNull();
        expect((await store.coverage(outage)).gaps).toMatchObject([{ reason }]);
      }));

    test('following goes on where the node that is furthest behind stopped', () =>
      withTraffic(async ({ store }) => {
        const behind = event({ id: 'slow-1', time: '2026-06-15T12:50:00Z', node: 'node-2' });
        const silent = event({ id: 'gone-1', time: '2026-06-15T10:00:00Z', node: 'node-3' });
        await store.append({ source, flows: [behind, silent], gaps: [] });
        expect(await store.newest(source)).toBe(Date.parse('2026-06-15T12:50:00Z'));
      }));

    test('an event from the future does not hide what comes until then, nor make it known', () =>
      withTraffic(async ({ store, reopen }) => {
        await store.append({ source, flows: [event({ id: 'ahead', time: '2027-01-01T00:00:00Z' })], gaps: [] });
        expect(await store.newest(source)).toBe(Date.parse('2026-06-15T13:00:00Z'));
        const ahead = shop([], { from: '2026-06-15T14:00:00Z', to: '2026-06-15T15:00:00Z' });
        expect((await store.statistics(ahead)).total).toBeNull();
        expect((await (await reopen()).statistics(ahead)).total).toBeNull();
      }));

    test('a note takes the place of the one before with its key, and what lasted when the store was closed has ended', () =>
      withTraffic(async ({ store, setNow, reopen }) => {
        setNow('2026-06-15T13:30:00Z');
        const note = { key: 'lost', source, reason: '3 events lost', from: '2026-06-15T12:10:00.000Z' };
        await store.append({ source, flows: [], gaps: [], notes: [{ ...note, to: note.from }] });
        await store.append({ source, flows: [], gaps: [], notes: [{ ...note, reason: '5 events lost' }] });
        const told = async (from: FlowReader) => (await from.coverage(later)).gaps;
        expect(await told(store)).toEqual([{ source, reason: '5 events lost', from: note.from }]);
        const again = await reopen();
        await again.append({ source, flows: [], gaps: [], notes: [{ ...note, from: '2026-06-15T13:40:00.000Z' }] });
        expect(await told(again)).toEqual([
          { source, reason: '5 events lost', from: note.from, to: '2026-06-15T13:30:00.000Z' },
          { source, reason: '3 events lost', from: '2026-06-15T13:40:00.000Z' },
        ]);
      }));

    test('how far an export file was read is kept with its events', () =>
      withTraffic(async ({ store, reopen }) => {
        const log = logFile({ id: 1, kind: 'flows', offset: 70, lastMs: Date.parse('2026-06-15T12:00:00Z') });
        await store.append({ source: log.source, flows: [], gaps: [], logs: [log, { ...log, id: 2 }] });
        const read = { ...log, offset: 140 };
        await store.append({ source: log.source, flows: [], gaps: [], logs: [read] });
        const again = await reopen();
        expect((await again.logs(log.source)).toSorted((a, b) => a.id - b.id)).toEqual([read, { ...log, id: 2 }]);
        expect(await again.logs('other')).toEqual([]);
      }));

    test('there is nothing to resume from of an unknown source', () =>
      withTraffic(async ({ store }) => {
        expect(await store.newest('other')).toBeNull();
      }));
  });
}

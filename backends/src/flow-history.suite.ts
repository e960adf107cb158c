import type { FilterTerm, FlowDimension } from '@bartizan/api';
import { networkOf, peerName, statisticsOfRecords } from '@bartizan/flow';
import type { FlowEndpoint, FlowRecord } from '@bartizan/flow';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { end, event, pod } from './flow-store.suite.ts';
import type { FlowStoreUnderTest } from './flow-store.suite.ts';
import type { FlowQuery, FlowReader } from './flow-store.ts';

export interface Retention {
  readonly keepWholeMs?: number;
  readonly keepMs?: number;
}

const source = 'shop-prod';
const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const startMs = Date.parse('2026-06-10T00:00:00Z');
const nowMs = startMs + 5 * dayMs + 10 * 60_000;
/** Whole events are kept from 11:00 of the fourth day on. */
const keepWholeMs = 37 * hourMs;
const wholeMs = startMs + 4 * dayMs - 13 * hourMs;

const address = (ip: string, ...names: string[]): FlowEndpoint => end({ entity: 'world', ip, names, port: 443 });
const ends: readonly FlowEndpoint[] = [
  pod('shop', 'web', 8080),
  pod('shop', 'db', 5432),
  pod('edge', 'gateway', 80),
  end({ entity: 'host', port: 9100 }),
  address('192.0.2.7'),
  address('192.0.2.9'),
  address('2001:db8::7'),
  address('198.51.100.4', 'pay.example.org'),
];

/** One event every few minutes, the same at each run. */
const events: readonly FlowRecord[] = Array.from({ length: 1400 }, (_, number) => {
  const mixed = mixedOf(number);
  const pick = <T>(list: readonly [T, ...T[]], shift: number): T => list[(mixed >>> shift) % list.length] ?? list[0];
  const isDropped = mixed % 7 === 0;
  return event({
    id: `event-${number}`,
    time: new Date(startMs + number * 308_000 + (number === 0 ? 0 : mixed % 60_000)).toISOString(),
    verdict: isDropped ? 'DROPPED' : pick(['FORWARDED', 'FORWARDED', 'AUDIT'], 4),
    type: isDropped ? 'Drop' : pick(['Trace', 'PolicyVerdict', 'L7'], 6),
    dropReason: isDropped ? pick(['POLICY_DENIED', 'TTL_EXCEEDED'], 8) : null,
    direction: pick(['ingress', 'egress', 'unknown'], 10),
    isReply: [true, false, null][(mixed >>> 12) % 3] ?? null,
    node: pick(['node-1', 'node-2'], 14),
    protocol: pick(['TCP', 'UDP'], 16),
    source: ends[(mixed >>> 18) % 4] ?? end(),
    destination: ends[(mixed >>> 21) % ends.length] ?? end(),
  });
});

function mixedOf(number: number): number {
  let mixed = Math.imul(number + 1, 0x9e3779b1);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x85ebca6b);
  return (mixed ^ (mixed >>> 13)) >>> 0;
}

function timeOf({ time }: FlowRecord): number {
  return Date.parse(time);
}

interface Asked {
  readonly fromMs: number;
  readonly toMs: number;
  readonly filter?: readonly FilterTerm[];
}

function ask({ fromMs, toMs, filter = [] }: Asked): FlowQuery {
  const scope = { kind: 'namespaces', sources: [source], namespaces: ['shop'], hosts: [] } as const;
  return { window: { fromMs, toMs }, scope, filter };
}

function inside(fromMs: number, toMs: number, matches: (event: FlowRecord) => boolean = () => true): FlowRecord[] {
  return events.filter(
    (one) =>
      timeOf(one) >= fromMs &&
      timeOf(one) < toMs &&
      [one.source, one.destination].some(({ namespace }) => namespace === 'shop') &&
      matches(one),
  );
}

const is = (field: string, ...values: string[]): FilterTerm => ({
  field,
  negated: false,
  test: { kind: 'any-of', values },
});
const has = (field: string, text: string): FilterTerm => ({ field, negated: false, test: { kind: 'contains', text } });
const not = (term: FilterTerm): FilterTerm => ({ ...term, negated: true });

/** As it is called where addresses are told by their network. */
function groupOf(one: FlowEndpoint): string {
  const name = peerName(one);
  return name === one.ip ? networkOf(name) : name;
}

function ranked(values: readonly (readonly [string | null, FlowRecord])[]) {
  const counts = new Map<string, { count: number; dropped: number }>();
  for (const [value, { verdict }] of values) {
    if (value === null) continue;
    const one = counts.get(value) ?? { count: 0, dropped: 0 };
    counts.set(value, { count: one.count + 1, dropped: one.dropped + Number(verdict === 'DROPPED') });
  }
  return [...counts]
    .map(([value, sums]) => ({ value, ...sums }))
    .toSorted((a, b) => b.dropped - a.dropped || b.count - a.count || (a.value < b.value ? -1 : 1));
}

const valuesOf: Readonly<Record<FlowDimension, (one: FlowRecord) => readonly (string | null)[]>> = {
  verdict: (one) => [one.verdict],
  type: (one) => [one.type],
  direction: (one) => [one.direction],
  source: (one) => [groupOf(one.source)],
  destination: (one) => [groupOf(one.destination)],
  pair: (one) => [`${groupOf(one.source)} -> ${groupOf(one.destination)}`],
  port: (one) => [one.isReply === true ? null : String(one.destination.port)],
  protocol: (one) => [one.protocol],
  reason: (one) => [one.dropReason],
  name: (one) => one.destination.names,
};

const spans: readonly [string, number, number][] = [
  ['all days', startMs, nowMs],
  ['days of which only counts are kept', startMs + dayMs, startMs + 3 * dayMs],
  ['a window over the boundary that ends in an hour', wholeMs - 9 * hourMs, nowMs - 17 * 60_000],
  ['a window of whole events', wholeMs + 13 * 60_000, nowMs],
];

/** What every store answers of a history of which only the newest part is kept whole. */
export function describeFlowHistory(name: string, open: (retention: Retention) => Promise<FlowStoreUnderTest>): void {
  async function filled(retention: Retention): Promise<FlowStoreUnderTest> {
    const under = await open(retention);
    for (let at = 0; at < events.length; at += 200) {
      const flows = events.slice(at, at + 200);
      under.setNow(flows.at(-1)?.time ?? '');
      await under.store.append({ source, flows, gaps: [] });
    }
    under.setNow(new Date(nowMs).toISOString());
    await under.store.append({ source, flows: [], gaps: [] });
    return under;
  }

  /** For what changes it. */
  async function withOwn(retention: Retention, work: (under: FlowStoreUnderTest) => Promise<void>): Promise<void> {
    const under = await filled(retention);
    try {
      await work(under);
    } finally {
      await under.close();
    }
  }

  async function expectTotals(store: FlowReader, asked: Asked, counted: readonly FlowRecord[]): Promise<void> {
    const { total, dropped, ingress, egress, internal, byVerdict } = await store.statistics(ask(asked));
    const expected = statisticsOfRecords(counted, new Set(['shop']));
    expect({ total, dropped, ingress, egress, internal, byVerdict }).toEqual(expected);
  }

  describe(`${name}, its older part kept as counts:`, () => {
    let under: FlowStoreUnderTest;
    let store: FlowReader;

    beforeAll(async () => {
      under = await filled({ keepWholeMs });
      ({ store } = under);
    });

    afterAll(() => under.close());

    test('says since when events are whole', () =>
      withOwn({ keepWholeMs }, async ({ store: before, reopen }) => {
        expect(before.kept()).toEqual({ wholeSinceMs: wholeMs, countsSinceMs: null });
        const again = await reopen();
        expect(again.kept()).toEqual({ wholeSinceMs: wholeMs, countsSinceMs: null });
        await expectTotals(again, { fromMs: startMs, toMs: nowMs }, inside(startMs, nowMs));
      }));

    test('totals, buckets and every breakdown are those of the events that were fed', async () => {
      for (const [, fromMs, toMs] of spans) {
        const query = ask({ fromMs, toMs });
        await expectTotals(store, { fromMs, toMs }, inside(fromMs, toMs));
        expect(await store.coverage(query)).toMatchObject({ complete: true, gaps: [] });
        for (const bucket of await store.buckets(query, 2 * hourMs)) {
          const part = inside(Math.max(bucket.startMs, fromMs), Math.min(bucket.startMs + 2 * hourMs, toMs));
          const of = (verdict: string): number => part.filter((one) => one.verdict === verdict).length;
          expect(bucket).toMatchObject({ forwarded: of('FORWARDED'), dropped: of('DROPPED') });
        }
        for (const [by, values] of Object.entries(valuesOf) as [FlowDimension, (typeof valuesOf)['name']][]) {
          if (toMs - fromMs <= 25 * hourMs) continue;
          const { items } = await store.breakdown(query, by, { limit: 100 });
          const expected = ranked(
            inside(fromMs, toMs).flatMap((one) => values(one).map((value) => [value, one] as const)),
          );
          expect(items).toEqual(expected);
        }
      }
    });

    test.each<[string, readonly FilterTerm[], (one: FlowRecord) => boolean]>([
      ['verdict:DROPPED', [is('verdict', 'DROPPED')], (one) => one.verdict === 'DROPPED'],
      ['-reason:*', [not({ ...is('reason'), test: { kind: 'present' } })], (one) => one.dropReason === null],
      ['port:8080', [is('port', '8080')], (one) => one.isReply !== true && one.destination.port === 8080],
      [
        'namespace:edge',
        [is('namespace', 'edge')],
        (one) => [one.source, one.destination].some((e) => e.namespace === 'edge'),
      ],
      ['reply:unknown', [is('reply', 'unknown')], (one) => one.isReply === null],
      ['name:~example', [has('name', 'example')], (one) => one.destination.names.length > 0],
      ['source:shop/web', [is('source', 'shop/web')], (one) => peerName(one.source) === 'shop/web'],
      ['destination:*', [{ ...is('destination'), test: { kind: 'present' } }], () => true],
      ['-destination:~shop', [not(has('destination', 'shop'))], (one) => !peerName(one.destination).includes('shop')],
      [
        'destination:192.0.2.0/24',
        [is('destination', '192.0.2.0/24')],
        (one) => groupOf(one.destination) === '192.0.2.0/24',
      ],
      [
        'pair:"shop/web -> 192.0.2.0/24"',
        [is('pair', 'shop/web -> 192.0.2.0/24')],
        (one) => peerName(one.source) === 'shop/web' && groupOf(one.destination) === '192.0.2.0/24',
      ],
      ['pair:~"web ->"', [has('pair', 'web ->')], (one) => peerName(one.source).endsWith('web')],
    ])('the filter %s is answered over the boundary', async (_, filter, matches) => {
      const [fromMs, toMs] = [startMs, nowMs];
      const counted = inside(fromMs, toMs, matches);
      expect(counted.length).toBeGreaterThan(0);
      await expectTotals(store, { fromMs, toMs, filter }, counted);
      expect((await store.coverage(ask({ fromMs, toMs, filter }))).gaps).toEqual([]);
      const types = await store.breakdown(ask({ fromMs, toMs, filter }), 'type', { limit: 9 });
      expect(types.items).toEqual(ranked(counted.map((one) => [one.type, one])));
    });

    test.each<[string, FilterTerm, RegExp, (one: FlowRecord) => boolean]>([
      ['node', is('node', 'node-1'), /do not tell nodes apart/, (one) => one.node === 'node-1'],
      ['an address', is('destination', '192.0.2.7'), /by their network/, (one) => one.destination.ip === '192.0.2.7'],
      ['a part of one', has('destination', '0.2.7'), /by their network/, (one) => one.destination.ip === '192.0.2.7'],
      [
        'what may be one',
        has('destination', 'db'),
        /by their network/,
        (one) => peerName(one.destination).includes('db'),
      ],
    ])(
      'a filter by %s counts what is whole, and says that the rest cannot be told',
      async (_, term, reason, matches) => {
        const asked = { fromMs: startMs, toMs: nowMs, filter: [term] };
        await expectTotals(store, asked, inside(wholeMs, nowMs, matches));
        const { complete, gaps } = await store.coverage(ask(asked));
        expect(complete).toBe(false);
        expect(gaps).toMatchObject(
          [{ source, reason, to: new Date(wholeMs).toISOString() }].map((gap) => ({
            ...gap,
            reason: expect.stringMatching(reason),
          })),
        );
        const older = ask({ fromMs: startMs + dayMs, toMs: startMs + 2 * dayMs, filter: [term] });
        expect((await store.statistics(older)).total).toBeNull();
      },
    );

    test('records are listed where they are kept, and the rest of the window is a gap', async () => {
      const query = ask({ fromMs: startMs, toMs: nowMs });
      const { items } = await store.list(query, { limit: 1000 });
      expect(items.map(({ id }) => id)).toEqual(
        inside(wholeMs, nowMs)
          .map(({ id }) => id)
          .toReversed(),
      );
      expect(await store.coverage(query, { records: true })).toMatchObject({
        complete: false,
        gaps: [{ reason: 'of this time only counts by the hour are kept', to: new Date(wholeMs).toISOString() }],
      });
      expect(await store.find('event-3')).toBeNull();
    });

    test('an hour that the window cuts is left out, with its gap, never guessed', async () => {
      const [fromMs, toMs] = [startMs + dayMs + 20 * 60_000, startMs + 3 * dayMs + 50 * 60_000];
      await expectTotals(store, { fromMs, toMs }, inside(startMs + dayMs + hourMs, startMs + 3 * dayMs));
      const { gaps } = await store.coverage(ask({ fromMs, toMs }));
      expect(gaps.map(({ from, to }) => [from, to])).toEqual([
        [new Date(fromMs).toISOString(), new Date(startMs + dayMs + hourMs).toISOString()],
        [new Date(startMs + 3 * dayMs).toISOString(), new Date(toMs).toISOString()],
      ]);
      const buckets = await store.buckets(ask({ fromMs, toMs }), 6 * hourMs);
      expect(buckets.map(({ forwarded }) => forwarded === null)).toEqual([
        true,
        ...Array.from({ length: 7 }, () => false),
        true,
      ]);
    });

    test('buckets shorter than an hour are unknown where only counts by the hour are kept', async () => {
      const query = ask({ fromMs: wholeMs - 2 * hourMs, toMs: wholeMs + 2 * hourMs });
      const buckets = await store.buckets(query, hourMs / 2);
      expect(buckets.map(({ dropped }) => dropped === null)).toEqual([
        ...Array.from({ length: 4 }, () => true),
        ...Array.from({ length: 4 }, () => false),
      ]);
      const { gaps } = await store.coverage(query, { intervalMs: hourMs / 2 });
      expect(gaps).toMatchObject([{ reason: expect.stringContaining('take an interval of whole hours') }]);
    });

    test('what is too old is dropped, and said to be no longer kept', () =>
      withOwn({ keepWholeMs, keepMs: 3 * dayMs }, async ({ store: kept }) => {
        const countsMs = startMs + 2 * dayMs;
        expect(kept.kept()).toEqual({ wholeSinceMs: wholeMs, countsSinceMs: countsMs });
        await expectTotals(kept, { fromMs: countsMs, toMs: nowMs }, inside(countsMs, nowMs));
        const query = ask({ fromMs: startMs, toMs: nowMs });
        expect((await kept.coverage(query)).gaps).toMatchObject([
          { reason: 'what was recorded before is no longer kept', to: new Date(countsMs).toISOString() },
        ]);
        expect((await kept.statistics(ask({ fromMs: startMs, toMs: startMs + dayMs }))).total).toBeNull();
      }));

    test('an event that comes when its time is no longer whole is not counted twice', () =>
      withOwn({ keepWholeMs }, async ({ store: own }) => {
        await own.append({ source, flows: events.slice(10, 20), gaps: [] });
        await expectTotals(own, { fromMs: startMs, toMs: nowMs }, inside(startMs, nowMs));
        const { gaps } = await own.coverage(ask({ fromMs: startMs, toMs: startMs + dayMs }));
        expect(gaps).toMatchObject([{ reason: expect.stringContaining('were left out') }]);
      }));
  });
}

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createConnectionReader, endName } from '@bartizan/flow';
import type { FlowRecord } from '@bartizan/flow';
import { expect, test } from 'vitest';
import { end, event, pod } from '../flow-store.suite.ts';
import type { FlowReader, FlowWriter } from '../flow-store.ts';
import { openDatabase } from './database.ts';
import { openFlowStore } from './flows-store.ts';

const startMs = Date.parse('2026-06-13T20:17:00Z');
const hourMs = 3_600_000;
const outcomeNames = ['forwarded', 'dropped', 'audit', 'unknown'] as const;
type Outcome = (typeof outcomeNames)[number];
const rank: Record<Outcome, number> = { forwarded: 0, audit: 1, unknown: 2, dropped: 3 };
const verdicts = { forwarded: 'FORWARDED', dropped: 'DROPPED', audit: 'AUDIT', unknown: 'ERROR' } as const;

/** The same numbers at each run. */
function seeded(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

interface Made {
  readonly key: string;
  /** Of the halves in the order of their arrival. */
  readonly halves: readonly { readonly outcome: Outcome; readonly timeMs: number }[];
}

interface Arriving {
  readonly flow: FlowRecord;
  readonly arrivesMs: number;
}

const sources = [pod('shop', 'web'), pod('shop', 'api'), pod('edge', 'gateway')];
const targets = [
  pod('shop', 'db', 5432),
  pod('shop', 'api', 8080),
  end({ entity: 'world', ip: '192.0.2.7', port: 443 }),
];

function makeTraffic(count: number): { readonly made: readonly Made[]; readonly arriving: readonly Arriving[] } {
  const below = seeded(7);
  const arriving: Arriving[] = [];
  const made = Array.from({ length: count }, (_, number): Made => {
    const source = { ...(sources[below(3)] ?? end()), ip: `10.0.${number >> 8}.${number & 255}`, port: 40_000 };
    const target = targets[below(3)] ?? end();
    const destination = target.entity === null ? { ...target, ip: `10.9.${number >> 8}.${number & 255}` } : target;
    const timeMs = startMs + below(50 * hourMs);
    // Now and then a node is behind, or its halves come together with a half that came long ago.
    const delayOf = (): number => (below(20) === 0 ? below(3 * hourMs) : below(2000));
    const directions = below(3) === 0 ? (['egress'] as const) : (['egress', 'ingress'] as const);
    const halves = directions.map((direction, place) => {
      const outcome = outcomeNames[below(10) < 6 ? 0 : below(4)] ?? 'forwarded';
      const at = timeMs + place * below(50_000);
      const flow = event({
        id: `${number}-${direction}`,
        time: new Date(at).toISOString(),
        verdict: verdicts[outcome],
        direction,
        source,
        destination,
        node: `node-${below(3)}`,
      });
      return { flow, outcome, timeMs: at, arrivesMs: at + delayOf() };
    });
    arriving.push(...halves.map(({ flow, arrivesMs }) => ({ flow, arrivesMs })));
    const key = `${endName(source)} ${endName(destination)} ${destination.port}`;
    return { key, halves: halves.toSorted((a, b) => a.arrivesMs - b.arrivesMs) };
  });
  return { made, arriving: arriving.toSorted((a, b) => a.arrivesMs - b.arrivesMs) };
}

type Counted = Record<string, { count: number; first: number; last: number }>;

/** A connection belongs to the half that came first; both must let it through. */
function countedOf(made: readonly Made[], fromMs: number, toMs: number): Counted {
  const counted: Counted = {};
  const note = (key: string, outcome: Outcome, timeMs: number, by: number): void => {
    const one = (counted[`${key} ${outcome}`] ??= { count: 0, first: timeMs, last: timeMs });
    one.count += by;
    one.first = Math.min(one.first, timeMs);
    one.last = Math.max(one.last, timeMs);
  };
  for (const { key, halves } of made) {
    const [first, second] = halves;
    if (!first || first.timeMs < fromMs || first.timeMs >= toMs) continue;
    const isWorse = second !== undefined && rank[second.outcome] > rank[first.outcome];
    note(key, first.outcome, first.timeMs, isWorse ? 0 : 1);
    if (isWorse) note(key, second.outcome, first.timeMs, 1);
  }
  return Object.fromEntries(Object.entries(counted).filter(([, { count }]) => count > 0));
}

async function toldBy(store: FlowReader, fromMs: number, toMs: number): Promise<Counted> {
  const query = { window: { fromMs, toMs }, scope: { kind: 'all' } } as const;
  const table = await store.connections(query);
  const rows = [...table.count.keys()];
  const seen = await store.connectionsSeen(query, rows.map(table.rowOf));
  return Object.fromEntries(
    rows.map((row) => {
      const connection = table.connection[row] ?? 0;
      const [from, to] = [table.ends[table.from[connection] ?? 0], table.ends[table.to[connection] ?? 0]];
      const name = `${from && endName(from)} ${to && endName(to)} ${table.port[connection]}`;
      const { firstSeen = '', lastSeen = '' } = seen[row] ?? {};
      const told = { count: table.count[row] ?? 0, first: Date.parse(firstSeen), last: Date.parse(lastSeen) };
      return [`${name} ${outcomeNames[table.outcome[row] ?? 0]}`, told];
    }),
  );
}

async function inFolder(work: (file: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'bartizan-connections-'));
  try {
    await work(join(folder, 'events.duckdb'));
  } finally {
    await rm(folder, { recursive: true });
  }
}

test('connections are counted as they were made, however their halves arrive, over restarts, days and hours that are rolled up', () =>
  inFolder(async (file) => {
    const below = seeded(11);
    const { made, arriving } = makeTraffic(1500);
    let nowMs = startMs;
    const clock = (): Date => new Date(nowMs);
    let database = await openDatabase({ file });
    let store: FlowReader & FlowWriter = await openFlowStore(database, { clock });
    let last: FlowRecord[] = [];
    for (let at = 0; at < arriving.length;) {
      const batch = arriving.slice(at, at + 1 + below(90));
      at += batch.length;
      nowMs = batch.at(-1)?.arrivesMs ?? nowMs;
      const flows = batch.map(({ flow }) => flow);
      // What a source sends once more after a break changes nothing.
      await store.append({ source: 'prod', flows: [...last, ...flows], gaps: [] });
      last = below(4) === 0 ? flows : [];
      if (below(12) === 0) {
        await database.close();
        database = await openDatabase({ file });
        store = await openFlowStore(database, { clock });
      }
    }
    const endMs = startMs + 60 * hourMs;
    expect(await toldBy(store, startMs, endMs)).toEqual(countedOf(made, startMs, endMs));
    const ids = new Set(arriving.map(({ flow }) => flow.id));
    for (let round = 0; round < 25; round += 1) {
      const fromMs = startMs + below(50 * hourMs);
      const toMs = fromMs + below(below(2) === 0 ? 40 * hourMs : hourMs);
      expect(await toldBy(store, fromMs, toMs)).toEqual(countedOf(made, fromMs, toMs));
    }
    const query = { window: { fromMs: startMs, toMs: endMs }, scope: { kind: 'all' } } as const;
    const table = await store.connections(query);
    for (const { examples } of await store.connectionsSeen(query, [table.rowOf(0), table.rowOf(1)])) {
      expect(examples.length).toBeGreaterThan(0);
      for (const id of examples) expect(ids).toContain(id);
    }
    const rolled = await database.rows('SELECT count(*) AS days FROM connection_days', []);
    expect(Number(rolled[0]?.['days'])).toBeGreaterThan(0);
    await database.close();
  }));

test('the sums are those of reading all events in the order of time', () =>
  inFolder(async (file) => {
    const { arriving } = makeTraffic(800);
    const database = await openDatabase({ file });
    const store = await openFlowStore(database, { clock: () => new Date(startMs + 70 * hourMs) });
    const flows = arriving.map(({ flow }) => flow);
    for (let at = 0; at < flows.length; at += 100)
      await store.append({ source: 'prod', flows: flows.slice(at, at + 100), gaps: [] });
    const reader = createConnectionReader();
    for (const flow of flows.toSorted((a, b) => (a.time < b.time ? -1 : 1))) reader.add(flow);
    const read: Record<string, number> = {};
    for (const edge of reader.finish().edges)
      for (const outcome of outcomeNames) {
        const count = edge.outcomes[outcome]?.count ?? 0;
        if (count > 0) read[`${endName(edge.source)} ${endName(edge.destination)} ${edge.port} ${outcome}`] = count;
      }
    const told = await toldBy(store, startMs, startMs + 70 * hourMs);
    expect(Object.fromEntries(Object.entries(told).map(([key, { count }]) => [key, count]))).toEqual(read);
    await database.close();
  }));

test('drops stand in where the verdict events of their node are off, and are not counted twice where they are on', async () => {
  const database = await openDatabase({ file: ':memory:' });
  const store = await openFlowStore(database, { clock: () => new Date(startMs + 2 * hourMs) });
  const time = new Date(startMs).toISOString();
  const dropped = { time, verdict: 'DROPPED', dropReason: 'POLICY_DENIED', direction: 'egress' } as const;
  const flows = [
    event({ ...dropped, id: 'a-verdict', node: 'a', source: { ...pod('shop', 'web'), ip: '10.0.0.1', port: 1 } }),
    event({
      ...dropped,
      id: 'a-drop',
      node: 'a',
      type: 'Drop',
      source: { ...pod('shop', 'web'), ip: '10.0.0.1', port: 1 },
    }),
    event({
      ...dropped,
      id: 'b-drop',
      node: 'b',
      type: 'Drop',
      source: { ...pod('shop', 'web'), ip: '10.0.0.2', port: 1 },
    }),
    event({ ...dropped, id: 'b-other', node: 'b', type: 'Drop', dropReason: 'TTL_EXCEEDED' }),
  ];
  await store.append({ source: 'prod', flows, gaps: [] });
  const { count } = await store.connections({
    window: { fromMs: startMs, toMs: startMs + hourMs },
    scope: { kind: 'all' },
  });
  expect([...count]).toEqual([2]);
  await database.close();
});

test('a question that is given up is stopped', async () => {
  const database = await openDatabase({ file: ':memory:' });
  const store = await openFlowStore(database, { clock: () => new Date(startMs) });
  const gone = new AbortController();
  const asked = store.connections({ window: { fromMs: 0, toMs: startMs }, scope: { kind: 'all' } }, gone.signal);
  gone.abort(new Error('the client went away'));
  await expect(asked).rejects.toThrow('the client went away');
  await database.close();
});

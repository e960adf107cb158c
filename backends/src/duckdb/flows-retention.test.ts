import { randomBytes } from 'node:crypto';
import { statSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FlowRecord } from '@bartizan/flow';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { event, pod } from '../flow-store.suite.ts';
import type { FlowReader, FlowWriter } from '../flow-store.ts';
import { openDatabase } from './database.ts';
import type { Database } from './database.ts';
import type { FlowRetention } from './flows-retention.ts';
import { openFlowStore } from './flows-store.ts';

const hourMs = 3_600_000;
const startMs = Date.parse('2026-06-10T00:00:00Z');
/** Each hour is written to the disk, which others may be using. */
const timeoutMs = 120_000;
const eventsPerHour = 50;
const eventBytes = 20_000;

let folder: string;
let file: string;
let database: Database;
let nowMs: number;
let fed = 0;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bartizan-flow-retention-'));
  file = join(folder, 'history.duckdb');
  database = await openDatabase({ file, threads: 1 });
  nowMs = startMs;
  fed = 0;
});
afterEach(async () => {
  await database.close();
  await rm(folder, { recursive: true });
});

const openStore = (retention: FlowRetention) => openFlowStore(database, { clock: () => new Date(nowMs), ...retention });

/** The events of an hour, at its end. */
async function feed(store: FlowWriter, hour: number, describe: (place: number) => Partial<FlowRecord>): Promise<void> {
  nowMs = startMs + (hour + 1) * hourMs;
  const flows = Array.from({ length: eventsPerHour }, (_, place) => {
    const time = new Date(startMs + hour * hourMs + place * (hourMs / eventsPerHour)).toISOString();
    return event({ id: `${hour}-${place}`, time, ...describe(place) });
  });
  await store.append({ source: 'prod', flows, gaps: [] });
  fed += flows.length;
}

/** Cannot be compressed. */
const long = (): Partial<FlowRecord> => {
  const http = { method: 'GET', protocol: 'HTTP/1.1', code: 200, headers: [] };
  return {
    type: 'L7',
    l7: { type: 'request', http: { ...http, url: `/${randomBytes(eventBytes).toString('base64')}` }, dns: null },
  };
};

const totalOf = async (store: FlowReader): Promise<number | null> => {
  const window = { fromMs: startMs, toMs: nowMs };
  return (await store.statistics({ window, scope: { kind: 'all' }, filter: [] })).total;
};

/** The last three hours are whole whatever the limit, and the file has room for what comes until it is looked at again. */
test(
  'the file stays within its size and the last hours, however much comes; the oldest whole events go, and their counts stay',
  async () => {
    const mostBytes = 12_000_000;
    const store = await openStore({ mostBytes });
    const hourBytes = eventsPerHour * eventBytes;
    const sizes: number[] = [];
    for (let hour = 0; hour < 16; hour += 1) {
      await feed(store, hour, long);
      sizes.push(statSync(file).size);
    }
    // What is written anew takes its place before the old is given back.
    expect(Math.max(...sizes)).toBeLessThan(2 * mostBytes + 3 * hourBytes);
    expect(sizes.at(-1)).toBeLessThanOrEqual(Math.max(...sizes.slice(0, 12)));
    const { wholeSinceMs, countsSinceMs } = store.kept();
    expect(countsSinceMs).toBeNull();
    expect(wholeSinceMs).toBeGreaterThan(startMs + 4 * hourMs);
    expect(wholeSinceMs).toBeLessThan(startMs + 14 * hourMs);
    expect(await totalOf(store)).toBe(fed);
    const asked = { window: { fromMs: startMs, toMs: nowMs }, scope: { kind: 'all' }, filter: [] } as const;
    const { items } = await store.list(asked, { limit: 100_000 });
    expect(items.at(-1)?.time).toBe(new Date(wholeSinceMs ?? 0).toISOString());
    expect(await store.coverage(asked, { records: true })).toMatchObject({
      gaps: [
        { reason: 'of this time only counts by the hour are kept', to: new Date(wholeSinceMs ?? 0).toISOString() },
      ],
    });
  },
  timeoutMs,
);

test(
  'where counts alone take too much, those of the oldest days go, and the window says since when there are some',
  async () => {
    const mostBytes = 12_000_000;
    const store = await openStore({ mostBytes });
    const sizes: number[] = [];
    for (let hour = 0; hour < 24 * 4; hour += 8) {
      await feed(store, hour, (place) => {
        const name = randomBytes(3000).toString('base64');
        return { source: pod('shop', name), destination: pod(`team-${place}`, `${name}-db`, 5432) };
      });
      sizes.push(statSync(file).size);
    }
    const { countsSinceMs } = store.kept();
    expect(countsSinceMs).toBeGreaterThan(startMs);
    // Counts of today stay, and what is written anew takes its place before the old is given back.
    expect(Math.max(...sizes)).toBeLessThan(3 * mostBytes);
    expect(Math.max(...sizes.slice(9))).toBeLessThanOrEqual(Math.max(...sizes.slice(0, 9)));
    const since = countsSinceMs ?? 0;
    expect(
      (await store.coverage({ window: { fromMs: startMs, toMs: nowMs }, scope: { kind: 'all' }, filter: [] })).gaps,
    ).toMatchObject([{ reason: 'what was recorded before is no longer kept', to: new Date(since).toISOString() }]);
    expect(await totalOf(store)).toBe(((nowMs - hourMs - since) / (8 * hourMs) + 1) * eventsPerHour);
  },
  timeoutMs,
);

import { appendFile, copyFile, mkdir, mkdtemp, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openDatabase, openFlowStore } from '../duckdb/index.ts';
import type { Database } from '../duckdb/index.ts';
import type { FlowReader, FlowWriter } from '../flow-store.ts';
import { tailFlowLogs } from './tail-flows.ts';
import type { FlowTail } from './tail-flows.ts';

const startMs = Date.parse('2026-06-15T12:00:00Z');
const now = new Date('2026-06-15T18:00:00Z');
const window = { fromMs: startMs - 3_600_000, toMs: now.getTime() };
const all = { kind: 'all' } as const;
const pod = { namespace: 'shop', pod_name: 'web-0', labels: ['k8s:app=web'] };

/** Event number n comes n seconds after noon. */
function flow(n: number, fields: object = {}, node = 'default/n1'): string {
  const time = new Date(startMs + n * 1000).toISOString();
  const verdict = n % 5 === 0 ? 'DROPPED' : 'FORWARDED';
  const event = { time, uuid: `${node}-${n}`, verdict, source: pod, event_type: { type: 5 }, ...fields };
  return `${JSON.stringify({ flow: event, node_name: node, time })}\n`;
}

function flows(from: number, to: number, node?: string): string {
  return Array.from({ length: to - from }, (_, at) => flow(from + at, {}, node)).join('');
}

describe("following Hubble's export files", () => {
  let folder: string;
  let database: Database;
  let store: FlowReader & FlowWriter;
  let tail: FlowTail | null = null;
  const file = (name: string): string => join(folder, name);

  async function open(): Promise<void> {
    database = await openDatabase({ file: file('history.duckdb'), threads: 1 });
    store = await openFlowStore(database, { clock: () => now });
  }
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'bartizan-tail-flows-'));
    await open();
  });
  afterEach(async () => {
    await tail?.close();
    tail = null;
    await database.close();
    await rm(folder, { recursive: true });
  });

  async function follow(files = [file('events*.log*')]): Promise<FlowTail> {
    await tail?.close();
    const signal = new AbortController().signal;
    tail = tailFlowLogs({ source: 'prod', files, store, clock: () => now, signal, pollMs: 20 });
    await tail.caughtUp;
    return tail;
  }

  test('events without a time count when they are read, and the gap says so', async () => {
    await writeFile(file('events.log'), `{"flow":{"verdict":"FORWARDED"}}\n{"flow":{"verdict":"FORWARDED"}}\n`);
    await follow();
    const query = { window: { fromMs: now.getTime() - 1000, toMs: now.getTime() + 1000 }, scope: all, filter: [] };
    await expect.poll(async () => (await store.statistics(query)).total).toBe(2);
    expect((await store.coverage(query)).gaps).toContainEqual(
      expect.objectContaining({ reason: expect.stringMatching(/has events without a time: they count as of when/) }),
    );
  });

  async function restart(files?: string[]): Promise<void> {
    await tail?.close();
    await database.close();
    await open();
    await follow(files);
  }

  const counts = async (): Promise<readonly [number | null, number | null]> => {
    const { total, dropped } = await store.statistics({ window, scope: all, filter: [] });
    return [total, dropped];
  };
  const expectCounts = (total: number, dropped: number) =>
    expect.poll(counts, { timeout: 15_000, interval: 50 }).toEqual([total, dropped]);
  const gaps = async () => (await store.coverage({ window, scope: all, filter: [] })).gaps;
  const reasons = async (): Promise<string> => (await gaps()).map(({ reason }) => reason).join('\n');

  test('what is there is read, and what comes is read when it comes, half a line with its other half', async () => {
    await writeFile(file('events.log'), flows(0, 10));
    await follow();
    await expectCounts(10, 2);
    const text = flow(20);
    await appendFile(file('events.log'), text.slice(0, 40));
    await appendFile(file('events.log'), text.slice(40));
    await expectCounts(11, 3);
    expect(await reasons()).not.toContain('could not be read');
  });

  test('it has caught up when the last of many rotated files is stored, not the first', async () => {
    for (let at = 0; at < 3; at += 1) await writeFile(file(`events.log.${3 - at}`), flows(at * 4000, at * 4000 + 4000));
    await follow();
    expect((await counts())[0]).toBe(12_000);
  });

  test('flows are read as `hubble observe -o jsonpb` writes them, without an envelope, and inside lines of a log', async () => {
    const bare = JSON.stringify(JSON.parse(flow(1)).flow);
    const wrapped = `level=info msg=${JSON.stringify(flow(2).trim())}`;
    await writeFile(file('events.log'), `${flow(0)}${bare}\n${wrapped}\n[${flow(3).trim()},${flow(4).trim()}]\n`);
    await follow();
    expect(await counts()).toEqual([5, 1]);
  });

  test('files of several nodes are one history', async () => {
    for (const node of ['a', 'b']) {
      await mkdir(file(node));
      await writeFile(file(`${node}/events.log`), flows(0, 10, `default/${node}`));
    }
    await follow([file('*/events.log')]);
    await expectCounts(20, 4);
    await appendFile(file('b/events.log'), flows(10, 15, 'default/b'));
    await expect.poll(counts, { timeout: 15_000 }).toEqual([25, 5]);
  });

  test('rotation by renaming and packing loses nothing and counts nothing twice, also over a restart', async () => {
    await writeFile(file('events.log'), flows(0, 40));
    await follow();
    await expectCounts(40, 8);
    await rename(file('events.log'), file('events-2026-06-15T12-00-40.000.log'));
    await appendFile(file('events-2026-06-15T12-00-40.000.log'), flows(40, 45));
    await writeFile(file('events.log'), flows(45, 50));
    await expectCounts(50, 10);
    await writeFile(file('events-2026-06-15T12-00-40.000.log.gz'), gzipSync(flows(0, 45)));
    await rm(file('events-2026-06-15T12-00-40.000.log'));
    await restart();
    await appendFile(file('events.log'), flows(50, 55));
    await expectCounts(55, 11);
    expect((await store.list({ window, scope: all, filter: [] }, { limit: 100 })).items).toHaveLength(55);
    expect(await reasons()).not.toContain('gone');
  });

  test('rotation by copying and truncating counts nothing twice', async () => {
    await writeFile(file('events.log'), flows(0, 20));
    await follow();
    await expectCounts(20, 4);
    await copyFile(file('events.log'), file('events.log.1'));
    await truncate(file('events.log'));
    await appendFile(file('events.log'), flows(20, 60));
    await expectCounts(60, 12);
    await restart();
    expect(await counts()).toEqual([60, 12]);
  });

  test('lines that cannot be read are counted and named with file and place, once, and the rest is read', async () => {
    await writeFile(file('events.log'), `${flow(0)}rubbish\n{"flow":{"time":"2026-06\n${flow(1)}\u0000\u0001\n`);
    await follow();
    await expectCounts(2, 1);
    await appendFile(file('events.log'), `[1]\n${flow(2)}`);
    await expectCounts(3, 1);
    const named = (await gaps()).filter(({ reason }) => reason.includes('could not be read'));
    expect(named).toHaveLength(1);
    expect(named[0]?.reason).toMatch(/^4 records of .*events\.log could not be read; the newest at byte \d+: neither/);
    await restart();
    expect(await reasons()).toMatch(/4 records of/);
  });

  test('lost events are summed up, and a node is away until its next event', async () => {
    const at = (n: number) => new Date(startMs + n * 1000).toISOString();
    const lost = (n: number): string =>
      `${JSON.stringify({ lost_events: { source: 'HUBBLE_RING_BUFFER', num_events_lost: '3' }, node_name: 'default/n1', time: at(n) })}\n`;
    const away = { state_change: 'NODE_UNAVAILABLE', node_names: ['default/n2'] };
    const status = `${JSON.stringify({ node_status: away, time: at(3) })}\n`;
    const many = Array.from({ length: 2000 }, (_, n) => lost(n % 60)).join('');
    await writeFile(file('events.log'), `${flow(0)}${many}${status}${flow(9, {}, 'default/n2')}`);
    await follow();
    await expectCounts(2, 1);
    expect((await gaps()).filter(({ reason }) => reason.includes('lost'))).toEqual([
      {
        source: 'prod',
        reason: '6000 events lost in the Hubble ring buffer of node default/n1',
        from: at(0),
        to: at(59),
      },
    ]);
    expect(await gaps()).toContainEqual({
      source: 'prod',
      reason: 'no events from node default/n2',
      from: at(3),
      to: at(9),
    });
  });

  test('a file that was rotated away while nobody read is a hole, and not a quiet time', async () => {
    await writeFile(file('events.log'), flows(0, 10));
    await follow();
    await expectCounts(10, 2);
    await tail?.close();
    await rm(file('events.log'));
    await writeFile(file('events.log'), flows(600, 605));
    await restart();
    await expectCounts(15, 3);
    const hole = (await gaps()).find(({ reason }) => reason.includes('was gone when reading went on'));
    expect(hole).toMatchObject({ from: '2026-06-15T12:00:09.000Z', to: '2026-06-15T12:10:00.000Z' });
    const buckets = await store.buckets({ window, scope: all, filter: [] }, 60_000);
    const forwarded = (minute: string) =>
      buckets.find(({ startMs: at }) => at === Date.parse(`2026-06-15T${minute}:00Z`))?.forwarded;
    expect([forwarded('12:05'), forwarded('12:15')]).toEqual([null, 0]);
  });

  test('lines that the exporter summed up count as one, and that is said', async () => {
    await writeFile(file('events.log'), flow(1, { aggregate: { ingress_flow_count: 7 } }));
    await follow();
    await expectCounts(1, 0);
    expect(await reasons()).toMatch(/stand for several events each/);
  });

  test('a file that is not there is missing until it comes', async () => {
    const { status } = await follow([file('none/events.log')]);
    expect(status()).toMatchObject({ state: 'missing', reason: `there is no file ${file('none/events.log')}` });
    await mkdir(file('none'));
    await writeFile(file('none/events.log'), flows(0, 3));
    await expectCounts(3, 1);
    await expect.poll(() => status().state, { timeout: 10_000 }).toBe('ok');
    expect(status()).toMatchObject({ stored: 3, newestMs: startMs + 2000 });
  });
});

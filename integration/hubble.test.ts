import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FlowReader, FlowSource, FlowWriter } from '@bartizan/backends';
import { openRelay } from '@bartizan/backends/hubble';
import { collectFlows } from '@bartizan/server';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openHistory } from './servers/history.ts';
import { exported, seededLines } from './servers/flow-lines.ts';
import type { FlowLine } from './servers/flow-lines.ts';
import { hubbleMissing, startNode, startRelay } from './servers/hubble.ts';
import type { HubbleNode, HubbleRelay } from './servers/hubble.ts';
import { until } from './servers/process.ts';

const source = 'prod';
const shop = { kind: 'namespaces', sources: [source], namespaces: ['shop'], hosts: [] } as const;
const everything = { fromMs: 0, toMs: Date.now() + 3_600_000 };

const about = (window: { fromMs: number; toMs: number }) => ({ window, scope: shop, filter: [] });

/** The figures of `shop`, counted from what was fed. */
function countedFor(lines: readonly FlowLine[]) {
  const of = (kept: readonly FlowLine[]) => ({
    total: kept.length,
    dropped: kept.filter(({ verdict }) => verdict === 'DROPPED').length,
  });
  const ingress = of(lines.filter(({ to }) => to === 'shop'));
  const egress = of(lines.filter(({ from }) => from === 'shop'));
  const internal = of(lines.filter(({ from, to }) => from === 'shop' && to === 'shop'));
  const all = lines.filter(({ from, to }) => from === 'shop' || to === 'shop');
  const byVerdict: Record<string, number> = {};
  for (const { verdict } of all) byVerdict[verdict] = (byVerdict[verdict] ?? 0) + 1;
  return { ...of(all), ingress, egress, internal, byVerdict };
}

describe.skipIf(hubbleMissing !== null)(
  `flows of a real Relay (${hubbleMissing ?? 'hubble-relay before two nodes'})`,
  () => {
    let folder: string;
    let nodes: readonly [HubbleNode, HubbleNode];
    let relay: HubbleRelay;
    let store: FlowReader & FlowWriter;
    let flows: FlowSource;
    let collector: ReturnType<typeof collectFlows>;
    const fed: FlowLine[] = [];
    let bystanders = 0;
    const started = Date.now() - 60_000;

    function feed(at: 0 | 1, lines: readonly FlowLine[]): void {
      nodes[at].feed(lines.map(exported));
      fed.push(...lines);
      nodes[at].feed([bystander()]);
    }

    /** Hubble's ring shows an event only once another one has come behind it. */
    function bystander(): object {
      const uuid = `bystander-${(bystanders += 1)}`;
      return exported({ uuid, timeMs: Date.now(), verdict: 'FORWARDED', from: 'edge', to: 'edge', port: 80 });
    }

    async function allStored(): Promise<void> {
      const { total } = countedFor(fed);
      await until(`${total} events are stored`, async () => {
        const answer = await store.statistics({ window: everything, scope: shop, filter: [] });
        return (answer.total ?? 0) >= total ? true : undefined;
      });
    }

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'bartizan-hubble-'));
      const second = await startNode({ name: 'node-b', ring: 8191 });
      nodes = [await startNode({ name: 'node-a', ring: 8191, peers: [second] }), second];
      relay = await startRelay(nodes[0]);
      store = await openHistory(join(folder, 'events.duckdb'));
      const clock = () => new Date();
      flows = openRelay({ name: source, address: relay.address, clock });
      feed(0, seededLines({ count: 3000, fromMs: started, prefix: 'early-a' }));
      feed(1, seededLines({ count: 2000, fromMs: started, prefix: 'early-b' }));
      collector = collectFlows({ name: source, location: relay.address, source: flows, store, clock });
    });

    afterAll(async () => {
      await collector?.close();
      await relay?.stop();
      await Promise.all((nodes ?? []).map((node) => node.stop()));
      await store?.close();
      await rm(folder, { recursive: true, force: true });
    });

    test('says how many nodes there are and what they keep', async () => {
      const status = await until('both nodes are connected', async () => {
        const answer = await flows.status(new AbortController().signal);
        return answer.connectedNodes === 2 ? answer : undefined;
      });
      expect(status).toMatchObject({ connectedNodes: 2, unavailableNodes: [], capacity: 2 * 8191 });
    });

    test('every figure equals a count of what both nodes were fed, before we came and after', async () => {
      await allStored();
      feed(0, seededLines({ count: 700, fromMs: started + 20_000, prefix: 'late-a' }));
      await allStored();
      const totals = await store.statistics({ window: everything, scope: shop, filter: [] });
      const { total, dropped, ...counted } = countedFor(fed);
      expect(totals).toEqual({ total, dropped, droppedShare: dropped / total, ...counted });
      expect((await store.coverage(about({ fromMs: started, toMs: started + 20_000 }))).gaps).toEqual([]);
    });

    test('after a restart of Relay it goes on without a hole and without a double', async () => {
      await relay.stop();
      await until('the break is seen', () => (collector.status().state === 'ok' ? undefined : true));
      feed(1, seededLines({ count: 300, fromMs: Date.now(), prefix: 'unseen-b' }));
      await relay.start();
      await allStored();
      const { total } = await store.statistics({ window: everything, scope: shop, filter: [] });
      expect(total).toBe(countedFor(fed).total);
      expect((await store.coverage(about({ fromMs: started, toMs: Date.now() }))).gaps).toEqual([]);
    });

    test('lost events become a gap that says how many, where and when', async () => {
      const lost = { source: 'PERF_EVENT_RING_BUFFER', num_events_lost: '37' };
      nodes[0].feed([{ lost_events: lost }, bystander()]);
      const gap = await until('the loss is told', async () => {
        const { gaps } = await store.coverage(about({ fromMs: started, toMs: Date.now() + 60_000 }));
        return gaps.find(({ reason }) => reason.startsWith('37 events lost'));
      });
      expect(gap).toMatchObject({ source, reason: "37 events lost in the kernel's ring buffer of node node-a" });
      expect(Math.abs(Date.parse(gap.from ?? '') - Date.now())).toBeLessThan(10_000);
    });

    test('a node that goes away is a gap until it is back', async () => {
      const window = () => ({ fromMs: started, toMs: Date.now() + 60_000 });
      const away = async () =>
        (await store.coverage(about(window()))).gaps.find(({ reason }) => reason.includes('node-b'));
      await nodes[1].stop();
      const open = await until('its absence is told', away);
      expect(open.to).toBeUndefined();
      nodes = [nodes[0], await startNode({ name: 'node-b', ring: 8191, address: nodes[1].address })];
      const closed = await until('its return is told', async () => {
        nodes[1].feed([bystander()]);
        const gap = await away();
        return gap?.to === undefined ? undefined : gap;
      });
      expect(Date.parse(closed.to ?? '')).toBeGreaterThan(Date.parse(closed.from ?? ''));
    });
  },
);

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FlowStatistics } from '@bartizan/api';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startConsole, untilReady } from './servers/console.ts';
import type { RunningConsole } from './servers/console.ts';
import { exported } from './servers/flow-lines.ts';
import { hubbleMissing, startNode, startRelay } from './servers/hubble.ts';
import type { HubbleNode, HubbleRelay } from './servers/hubble.ts';

/** More of them by hand: KILLS=200 npx vitest run --project integration integration/flow-ingest-kill.test.ts */
const kills = Number(process.env['KILLS'] ?? 6);

describe.skipIf(hubbleMissing !== null)(
  `a console that is killed (${hubbleMissing ?? 'while it follows a real Relay'})`,
  () => {
    let folder: string;
    let nodes: readonly HubbleNode[] = [];
    let relay: HubbleRelay;
    let running: RunningConsole | null = null;
    const fed = new Set<string>();

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'bartizan-flow-kill-'));
      const second = await startNode({ name: 'node-b' });
      nodes = [await startNode({ name: 'node-a', peers: [second] }), second];
      relay = await startRelay(nodes[0] ?? second);
      await writeFile(
        join(folder, 'bartizan.yaml'),
        `clusters: [{name: prod, kubeconfig: none, relay: {address: "${relay.address}"}}]\nenvironments: [{id: shop, cluster: prod, namespaces: [shop]}]\n`,
      );
    });

    afterAll(async () => {
      await running?.stop();
      await relay?.stop();
      await Promise.all(nodes.map((node) => node.stop()));
      await rm(folder, { recursive: true, force: true });
    });

    /** Of each node, now. The last one stays hidden in Hubble's ring until another comes. */
    function feed(count: number): void {
      for (const node of nodes)
        node.feed(
          Array.from({ length: count }, () => {
            const uuid = `${node.name}-${fed.size}`;
            fed.add(uuid);
            return exported({ uuid, timeMs: Date.now(), verdict: 'FORWARDED', from: 'edge', to: 'shop', port: 443 });
          }),
        );
    }

    test(`after ${kills} kills every event is there exactly once`, { timeout: 60_000 + kills * 6000 }, async () => {
      const startedMs = Date.now();
      feed(100);
      const feeding = setInterval(() => feed(2), 100);
      try {
        for (let kill = 0; kill < kills; kill += 1) {
          running = await startConsole(['serve', '--config', join(folder, 'bartizan.yaml'), '--port', '0']);
          await new Promise((resolve) => setTimeout(resolve, Math.random() * 1500));
          process.kill(running.program.pid, 'SIGKILL');
          await running.program.exited;
        }
      } finally {
        clearInterval(feeding);
      }
      running = await startConsole(['serve', '--config', join(folder, 'bartizan.yaml'), '--port', '0']);
      await untilReady(running);
      const { url } = running;
      const wanted = new Set(fed);
      const window = `from=${new Date(startedMs - 1000).toISOString()}&to=${new Date(Date.now() + 60_000).toISOString()}`;
      for (const node of nodes)
        node.feed([
          exported({
            uuid: `${node.name}-behind`,
            timeMs: Date.now(),
            verdict: 'FORWARDED',
            from: 'edge',
            to: 'edge',
            port: 80,
          }),
        ]);
      const statistics = () => running?.json<FlowStatistics>(`/api/v1/environments/shop/flows/statistics?${window}`);
      await expect.poll(async () => (await statistics())?.total, { timeout: 30_000 }).toBe(wanted.size);
      const exportedLines = await (
        await fetch(`${url}/api/v1/environments/shop/flows/export?format=ndjson&${window}`)
      ).text();
      const ids = exportedLines
        .trim()
        .split('\n')
        .map((line) => String(JSON.parse(line).id));
      expect(ids).toHaveLength(wanted.size);
      expect(new Set(ids)).toEqual(wanted);
      const gaps = (await statistics())?.coverage.gaps ?? [];
      expect(gaps.filter(({ reason }) => reason.includes('no longer had'))).toEqual([]);
    });
  },
);

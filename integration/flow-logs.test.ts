import { execFile } from 'node:child_process';
import { appendFile, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import type { EnvironmentList, FlowStatistics } from '@bartizan/api';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startConsole, untilReady } from './servers/console.ts';
import type { RunningConsole } from './servers/console.ts';
import { exported, seededLines } from './servers/flow-lines.ts';
import type { FlowLine } from './servers/flow-lines.ts';
import { hubbleMissing, startNode, startRelay } from './servers/hubble.ts';
import type { HubbleNode, HubbleRelay } from './servers/hubble.ts';
import { builtProgram, missing } from './servers/installed.ts';
import { until } from './servers/process.ts';

const lacking = hubbleMissing ?? missing({ hubble: builtProgram('hubble') });
const run = promisify(execFile);

const inShop = (lines: readonly FlowLine[]): number =>
  lines.filter(({ from, to }) => from === 'shop' || to === 'shop').length;

describe.skipIf(lacking !== null)(
  `files that the hubble command wrote (${lacking ?? 'read by bartizan serve'})`,
  () => {
    let folder: string;
    let node: HubbleNode;
    let relay: HubbleRelay;
    let console: RunningConsole | null = null;
    const startedMs = Date.now() - 600_000;
    const fed: FlowLine[] = [];

    /** What `hubble observe -o jsonpb` prints of the last events that the node was fed. */
    async function observed(lines: readonly FlowLine[]): Promise<string> {
      node.feed(
        [...lines, ...seededLines({ count: 1, fromMs: Date.now(), prefix: `behind-${fed.length}` })].map(exported),
      );
      fed.push(...lines);
      const args = ['observe', '--server', relay.address, '-o', 'jsonpb', '--last', '100000'];
      const ids = new Set(lines.map(({ uuid }) => uuid));
      return until('all are printed', async () => {
        const { stdout } = await run(builtProgram('hubble') ?? '', args, { maxBuffer: 256 * 1024 * 1024 });
        const printed = stdout.split('\n').filter((line) => line !== '' && ids.has(JSON.parse(line).flow?.uuid));
        return printed.length === lines.length ? `${printed.join('\n')}\n` : undefined;
      });
    }

    async function start(): Promise<RunningConsole> {
      console = await startConsole(['serve', '--config', join(folder, 'bartizan.yaml'), '--port', '0']);
      await untilReady(console);
      return console;
    }

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'bartizan-flow-logs-'));
      node = await startNode({ name: 'node-a', ring: 16_383 });
      relay = await startRelay(node);
      await writeFile(
        join(folder, 'bartizan.yaml'),
        `clusters: [{name: prod, kubeconfig: none, flowLogs: ["events*.log*"]}]\nenvironments: [{id: shop, cluster: prod, namespaces: [shop]}]\n`,
      );
    });

    afterAll(async () => {
      await console?.stop();
      await relay?.stop();
      await node?.stop();
      await rm(folder, { recursive: true, force: true });
    });

    const statistics = (at: RunningConsole) =>
      at.json<FlowStatistics>(
        `/api/v1/environments/shop/flows/statistics?from=${new Date(startedMs).toISOString()}&to=${new Date(startedMs + 660_000).toISOString()}`,
      );

    test('are counted as they were fed, over a rotation and a kill', async () => {
      const first = await observed(seededLines({ count: 3000, fromMs: startedMs, prefix: 'first' }));
      await writeFile(join(folder, 'events.log'), first);
      let running = await start();
      const total = async () => (await statistics(running)).total;
      await expect.poll(total, { timeout: 30_000 }).toBe(inShop(fed));
      process.kill(running.program.pid, 'SIGKILL');
      await running.program.exited;
      await rename(join(folder, 'events.log'), join(folder, 'events-1.log'));
      await appendFile(
        join(folder, 'events-1.log'),
        await observed(seededLines({ count: 400, fromMs: startedMs + 5000, prefix: 'second' })),
      );
      await writeFile(
        join(folder, 'events-0.log.gz'),
        gzipSync(await observed(seededLines({ count: 300, fromMs: startedMs + 8000, prefix: 'third' }))),
      );
      await writeFile(
        join(folder, 'events.log'),
        await observed(seededLines({ count: 200, fromMs: startedMs + 9000, prefix: 'fourth' })),
      );
      running = await start();
      await expect.poll(total, { timeout: 30_000 }).toBe(inShop(fed));
      const { source, byVerdict, dropped } = await statistics(running);
      expect(source.kind).toBe('history');
      expect(dropped).toBe(inShop(fed.filter(({ verdict }) => verdict === 'DROPPED')));
      expect(Object.values(byVerdict).reduce((sum, count) => sum + count, 0)).toBe(inShop(fed));
      const { items } = await running.json<EnvironmentList>('/api/v1/environments');
      expect(items[0]?.sources.find(({ signal }) => signal === 'flows')).toMatchObject({ kind: 'files', state: 'ok' });
    });
  },
);

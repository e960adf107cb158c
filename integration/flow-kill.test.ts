import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { openDatabase, openFlowStore } from '@bartizan/backends/duckdb';
import { rolldown } from 'rolldown';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startProgram } from './servers/process.ts';

const here = dirname(fileURLToPath(import.meta.url));
/** More of them by hand: KILLS=200 npx vitest run --project integration integration/flow-kill.test.ts */
const kills = Number(process.env['KILLS'] ?? 8);
const startMs = Date.parse('2026-06-14T00:00:00Z');
const stepMs = 20_000;
/** Over a day and more, so that hours are rolled up, days are summed and whole events dropped in between. */
const connections = 6000;

/** Both halves of a connection, the second one some events later. */
function halves(number: number): readonly { readonly atMs: number; readonly line: string }[] {
  const isDropped = number % 5 === 0;
  return (['EGRESS', 'INGRESS'] as const).map((direction, place) => {
    const atMs = startMs + number * stepMs + place * 30_000;
    const verdict = isDropped && direction === 'INGRESS' ? 'DROPPED' : 'FORWARDED';
    const end = (app: string) => ({
      namespace: 'shop',
      labels: [`k8s:app=${app}`],
      pod_name: `${app}-0`,
      identity: 5000,
    });
    const flow = {
      time: new Date(atMs).toISOString(),
      uuid: `${number}-${direction}`,
      verdict,
      ...(verdict === 'DROPPED' ? { drop_reason_desc: 'POLICY_DENIED' } : {}),
      IP: { source: '10.0.0.1', destination: '10.0.0.2' },
      l4: { TCP: { source_port: 20_000 + (number % 30_000), destination_port: 8000 + (number % 40) } },
      source: end('web'),
      destination: end('api'),
      event_type: { type: 5 },
      is_reply: false,
      traffic_direction: direction,
      node_name: `node-${place}`,
    };
    return { atMs, line: `${JSON.stringify({ flow })}\n` };
  });
}

let folder: string;
let workerFolder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'bartizan-flow-kill-'));
  workerFolder = mkdtempSync(join(here, '..', 'node_modules', '.kill-'));
  const lines = Array.from({ length: connections }, (_, number) => halves(number)).flat();
  const inOrder = lines.toSorted((a, b) => a.atMs - b.atMs).map(({ line }) => line);
  writeFileSync(join(folder, 'flows.jsonl'), inOrder.join(''));
  const external = (id: string): boolean => !/^(\.|\/|@bartizan\/)/.test(id);
  const input = join(here, 'servers/flow-ingest-worker.ts');
  const bundle = await rolldown({ input, platform: 'node', external });
  await bundle.write({ file: join(workerFolder, 'worker.mjs'), format: 'esm' });
});

afterAll(() => {
  for (const made of [folder, workerFolder]) rmSync(made, { recursive: true, force: true });
});

test(
  `after ${kills} kills at random moments every event and every connection is counted once`,
  { timeout: 90_000 + kills * 6000 },
  async () => {
    const start = () => startProgram(process.execPath, [join(workerFolder, 'worker.mjs'), folder]);
    for (let kill = 0; kill < kills; kill += 1) {
      const worker = start();
      expect(await worker.firstLine()).toBe('storing');
      // On a quick machine it may have stored everything before.
      const isDone = await Promise.race([worker.exited.then(() => true), setTimeout(Math.random() * 400, false)]);
      if (!isDone) process.kill(worker.pid, 'SIGKILL');
      await worker.exited;
    }
    await start().exited;
    const endMs = startMs + (connections + 10) * stepMs;
    const database = await openDatabase({ file: join(folder, 'history.duckdb'), threads: 1 });
    const store = await openFlowStore(database, { clock: () => new Date(endMs) });
    const scope = { kind: 'all' } as const;
    for (const [fromMs, toMs] of [
      [startMs, endMs],
      [startMs + 3_600_000, startMs + 20 * 3_600_000],
    ] as const) {
      const window = { fromMs, toMs };
      const began = Array.from({ length: connections }, (_, number) => number).filter((number) => {
        const atMs = startMs + number * stepMs;
        return atMs >= fromMs && atMs < toMs;
      });
      const events = Array.from({ length: connections }, (_, number) => halves(number))
        .flat()
        .filter(({ atMs }) => atMs >= fromMs && atMs < toMs);
      const { total, dropped } = await store.statistics({ window, scope, filter: [] });
      expect({ total, dropped }).toEqual({
        total: events.length,
        dropped: events.filter(({ line }) => line.includes('"DROPPED"')).length,
      });
      const { outcome, count } = await store.connections({ window, scope });
      const sumOf = (kind: number): number =>
        count.reduce((sum, one, row) => sum + (outcome[row] === kind ? one : 0), 0);
      const lost = began.filter((number) => number % 5 === 0).length;
      expect([sumOf(0), sumOf(1)]).toEqual([began.length - lost, lost]);
    }
    const [kept] = await database.rows('SELECT count(*) AS rows FROM flows', []);
    expect(Number(kept?.['rows'])).toBeLessThan(2 * connections);
    await database.close();
  },
);

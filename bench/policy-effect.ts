// The effect of a draft over 30 days of flow history: EDGES distinct edges, read and judged the first time, then edited; beside a scan of
// the first day's events, which is what each day took before connections were counted as they arrive.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase, openFlowStore } from '@bartizan/backends/duckdb';
import { createConnectionReader } from '@bartizan/flow';
import { lowerPolicy } from '@bartizan/policy';
import type { Policy } from '@bartizan/policy';
import { memoryCluster } from '../server/src/deps.fixture.ts';
import { createEffects } from '../server/src/policies/effect.ts';
import { daysOfEffect, endOfEffectMs } from './effect-window.ts';

const edges = Number(process.env['EDGES'] ?? 1_000_000);
const limits = { firstMs: 1000, editMs: 50, memoryMb: 500 };
const dayMs = 86_400_000;
const startMs = endOfEffectMs - daysOfEffect * dayMs;
const folder = mkdtempSync(join(tmpdir(), 'bench-effect-'));
const file = process.env['FILE'] ?? join(folder, 'history.duckdb');

function draft(port: number): Policy {
  const lowered = lowerPolicy({
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: 'edited', namespace: 'team-1' },
    spec: { podSelector: {}, ingress: [{ ports: [{ port }] }] },
  });
  if (!lowered.ok) throw new Error('a draft that cannot be judged');
  return lowered.value;
}

async function timed<T>(name: string, work: () => Promise<T>, limitMs?: number): Promise<T> {
  const [started, before] = [performance.now(), process.cpuUsage()];
  const result = await work();
  const { user, system } = process.cpuUsage(before);
  const [spent, processor] = [performance.now() - started, (user + system) / 1000];
  const limit = limitMs === undefined ? '' : `; limit ${limitMs} ms, ratio ${(spent / limitMs).toFixed(2)}`;
  console.log(`${name.padEnd(32)} ${spent.toFixed(0).padStart(6)} ms, processor ${processor.toFixed(0)} ms${limit}`);
  return result;
}

function memory(of: 'VmRSS' | 'VmHWM'): number {
  return Number(new RegExp(`${of}:\\s+(\\d+) kB`).exec(readFileSync('/proc/self/status', 'utf8'))?.[1]) / 1024;
}

try {
  // In a process of its own, so that what filling takes in memory is not in the figures.
  if (process.env['FILE'] === undefined)
    execFileSync(process.execPath, ['bench/run.mjs', 'fill-connections'], {
      env: { ...process.env, EDGES: String(edges), FILE: file },
      stdio: 'inherit',
    });
  console.log(`file ${(statSync(file).size / 1e6).toFixed(0)} MB`);
  const database = await openDatabase({ file });
  const store = await openFlowStore(database, { clock: () => new Date(endOfEffectMs) });
  const window = { fromMs: startMs + 3_600_000 / 3, toMs: endOfEffectMs };
  const cluster = memoryCluster([]);
  const { of } = createEffects({ flows: store });
  const ask = async (port: number) => {
    const scope = { kind: 'all' } as const;
    return of({ cluster, scope, window, draft: draft(port), signal: new AbortController().signal });
  };
  console.log(`memory before ${memory('VmRSS').toFixed(0)} MB`);
  const { counts } = await timed('first effect', () => ask(80), limits.firstMs);
  for (const port of [443, 80, 5432, 9100, 443]) await timed(`next edit, port ${port}`, () => ask(port), limits.editMs);
  console.log(
    `memory ${memory('VmRSS').toFixed(0)} MB, at most ${memory('VmHWM').toFixed(0)} MB; limit ${limits.memoryMb} MB`,
  );
  console.log(`${counts.connections} connections, newly denied ${counts.newlyDenied.count}`);
  await timed("scan of a day's events", async () => {
    const reader = createConnectionReader();
    const day = { fromMs: startMs, toMs: startMs + dayMs };
    const { items } = await store.list({ window: day, scope: { kind: 'all' }, filter: [] }, { limit: edges });
    for (const flow of items.toReversed()) reader.add(flow);
    const { coverage } = reader.finish();
    const { count } = await store.connections({ window: day, scope: { kind: 'all' } });
    const counted = count.reduce((sum, one) => sum + one, 0);
    console.log(`${coverage.connections} connections read`);
    if (coverage.connections !== counted) throw new Error(`the sums differ: ${counted}`);
  });
  await database.close();
} finally {
  rmSync(folder, { recursive: true });
}

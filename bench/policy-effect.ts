// The effect of a draft over 30 days of flow history: EDGES distinct edges, read and judged the first time, then edited; beside a scan of
// every event that was stored, which is what it took before connections were counted as they arrive.
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase, openFlowStore } from '@bartizan/backends/duckdb';
import { createConnectionReader } from '@bartizan/flow';
import { lowerPolicy } from '@bartizan/policy';
import type { Policy } from '@bartizan/policy';
import { memoryCluster } from '../server/src/deps.fixture.ts';
import { createEffects } from '../server/src/policies/effect.ts';
import type { EffectCounts } from '../server/src/policies/effect.ts';
import { flowAt } from './flow-events.ts';

const edges = Number(process.env['EDGES'] ?? 1_000_000);
const days = 30;
const dayMs = 86_400_000;
const endMs = Date.parse('2026-06-30T00:00:00Z');
const startMs = endMs - days * dayMs;
/** Events of two of the edges in a hundred come every day. */
const steady = edges / 50;
const folder = mkdtempSync(join(tmpdir(), 'bench-effect-'));
const file = join(folder, 'history.duckdb');

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

async function timed<T>(name: string, work: () => Promise<T>): Promise<T> {
  const [started, before] = [performance.now(), process.cpuUsage()];
  const result = await work();
  const { user, system } = process.cpuUsage(before);
  const spent = (performance.now() - started).toFixed(0);
  console.log(`${name.padEnd(52)} ${spent.padStart(7)} ms, processor ${((user + system) / 1000).toFixed(0)} ms`);
  return result;
}

/** The events of a day: some edges every day, the others on one day each. */
function* eventsOf(day: number): Generator<ReturnType<typeof flowAt>> {
  const rare = (edges - steady) / days;
  const [first, last] = [Math.round(steady + day * rare), Math.round(steady + (day + 1) * rare)];
  const count = steady + last - first;
  for (let place = 0; place < count; place += 1) {
    const edge = place < steady ? place : first + place - steady;
    const timeMs = startMs + day * dayMs + Math.floor((place / count) * dayMs);
    yield flowAt({ edge, timeMs, number: day * edges + place });
  }
}

try {
  let nowMs = startMs;
  const database = await openDatabase({ file });
  const store = await openFlowStore(database, { clock: () => new Date(nowMs) });
  let events = 0;
  await timed('storing the events', async () => {
    for (let day = 0; day < days; day += 1) {
      let batch: ReturnType<typeof flowAt>[] = [];
      for (const flow of eventsOf(day)) {
        batch.push(flow);
        if (batch.length < 4000) continue;
        nowMs = Date.parse(flow.time);
        await store.append({ source: 'memory', flows: batch, gaps: [] });
        events += batch.length;
        batch = [];
      }
      nowMs = startMs + (day + 1) * dayMs;
      await store.append({ source: 'memory', flows: batch, gaps: [] });
      events += batch.length;
    }
  });
  console.log(`${events} events, file ${(statSync(file).size / 1e6).toFixed(0)} MB`);
  const window = { fromMs: startMs + 3_600_000 / 3, toMs: endMs };
  const cluster = memoryCluster([]);
  const effects = createEffects({ flows: store });
  const of = (port: number): Promise<EffectCounts> =>
    effects
      .of({ cluster, scope: { kind: 'all' }, window, draft: draft(port), signal: new AbortController().signal })
      .then(({ counts }) => counts);
  const first = await timed('first effect', () => of(80));
  console.log(`${first.connections} connections, newly denied ${first.newlyDenied.count}`);
  for (const port of [443, 80, 5432, 9100, 443]) await timed(`next edit, port ${port}`, () => of(port));
  await timed('scan of every stored event', async () => {
    const reader = createConnectionReader();
    const step = dayMs / 4;
    for (let fromMs = window.fromMs; fromMs < endMs; fromMs += step) {
      const nanos = [fromMs, Math.min(fromMs + step, endMs)].map((ms) => BigInt(ms) * 1_000_000n);
      const rows = await database.rows(
        'SELECT detail FROM flows WHERE nanos >= $1 AND nanos < $2 ORDER BY nanos',
        nanos,
      );
      for (const row of rows) reader.add(JSON.parse(String(row['detail'])));
    }
    const { coverage, edges: read } = reader.finish();
    console.log(`${read.length} edges, ${coverage.connections} connections read`);
    if (coverage.connections !== first.connections) throw new Error('the sums differ');
  });
  console.log(`memory ${(process.memoryUsage().rss / 1e6).toFixed(0)} MB`);
  await database.close();
} finally {
  rmSync(folder, { recursive: true });
}

// Flow events into the embedded history and out of it: ROWS stored one by one, then copied by SQL up to COPIES times as many.
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase, openFlowStore } from '../backends/src/duckdb/index.ts';
import { readExportLine } from '../flow/src/index.ts';
import type { FlowRecord } from '../flow/src/index.ts';
import { timedQuestions } from './timed-questions.ts';

const rows = Number(process.env['ROWS'] ?? 200_000);
const copies = Number(process.env['COPIES'] ?? 25);
const namespaces = 50;
const workloads = 400;
/** Each workload has a few peers. */
const peers = 12;
const dayMs = 86_400_000;
const endMs = Date.parse('2026-06-30T00:00:00Z');
const folder = mkdtempSync(join(tmpdir(), 'bench-flows-'));
const file = join(folder, 'events.duckdb');

function eventAt(index: number): FlowRecord {
  const mixed = Math.imul(index + 1, 2_654_435_761) >>> 0;
  const end = (number: number, app: string): object => ({
    identity: 1000 + number,
    namespace: `team-${number % namespaces}`,
    labels: [`k8s:app=${app}-${number % workloads}`, `k8s:io.kubernetes.pod.namespace=team-${number % namespaces}`],
    pod_name: `${app}-${number % workloads}-7d9c6bd5f9-x2x4z`,
    workloads: [{ kind: 'Deployment', name: `${app}-${number % workloads}` }],
  });
  const isDrop = mixed % 12 === 0;
  const flow = {
    time: new Date(endMs - dayMs + Math.floor((index / rows) * dayMs)).toISOString(),
    uuid: `${mixed.toString(16)}-${index}`,
    verdict: isDrop ? 'DROPPED' : 'FORWARDED',
    ...(isDrop ? { drop_reason_desc: 'POLICY_DENIED' } : {}),
    IP: { source: `10.0.${mixed % 250}.7`, destination: '10.1.2.3' },
    l4: { TCP: { source_port: 40_000 + (mixed % 20_000), destination_port: [80, 443, 5432, 9100][mixed % 4] } },
    source: end(mixed, 'client'),
    destination: end(mixed * 3 + ((mixed >>> 12) % peers), 'server'),
    Type: 'L3_L4',
    event_type: { type: mixed % 3 === 0 ? 5 : 4 },
    traffic_direction: 'INGRESS',
    node_name: `node-${mixed % 20}`,
  };
  const [entry] = readExportLine(JSON.stringify({ flow }));
  if (entry?.kind !== 'flow') throw new Error('an event that cannot be read');
  return entry.record;
}

try {
  let nowMs = endMs - copies * dayMs;
  const events = Array.from({ length: rows }, (_, index) => eventAt(index));
  const database = await openDatabase({ file });
  const store = await openFlowStore(database, { clock: () => new Date(nowMs) });
  const began = performance.now();
  for (let at = 0; at < rows; at += 4000)
    await store.append({ source: 'prod', flows: events.slice(at, at + 4000), gaps: [] });
  const spent = (performance.now() - began) / 1000;
  console.log(`${rows} events stored in ${spent.toFixed(1)} s: ${Math.round(rows / spent)} a second`);
  for (let copy = 1; copy < copies; copy += 1)
    await database.write((connection) =>
      connection.run(
        `INSERT INTO flows SELECT arrival, nanos - ${copy}::BIGINT * 86400000000000, id || '-${copy}', * EXCLUDE (arrival, nanos, id) FROM flows WHERE nanos >= ${BigInt(endMs - dayMs) * 1_000_000n}`,
      ),
    );
  await database.write((connection) => connection.run('SELECT 1'));
  const size = statSync(file).size / 1e6;
  console.log(`${rows * copies} events over ${copies} days; file ${size.toFixed(0)} MB`);
  const window = { fromMs: endMs - copies * dayMs, toMs: endMs };
  nowMs = endMs;
  const rolling = performance.now();
  await store.append({ source: 'prod', flows: [], gaps: [] });
  console.log(`rolled up in ${((performance.now() - rolling) / 1000).toFixed(1)} s`);
  await timedQuestions({ store, database, window, withBareScan: true });
  const again = events.slice(-4000);
  const repeated = performance.now();
  await store.append({ source: 'prod', flows: again, gaps: [] });
  console.log(`4,000 events that are there already: ${(performance.now() - repeated).toFixed(0)} ms`);
  console.log(`memory ${(process.memoryUsage().rss / 1e6).toFixed(0)} MB`);
  await database.close();
} finally {
  rmSync(folder, { recursive: true });
}

// `bartizan serve` that follows a real Relay before two real nodes, fed RATE events a second (20,000) for DURATION seconds (600): what it
// weighs over time, how far behind it is, what was lost. The limit: 500 MB.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EnvironmentList, FlowTotals } from '@bartizan/api';
import { launcher, startConsole } from '../integration/servers/console.ts';
import { startNode, startRelay } from '../integration/servers/hubble.ts';
import type { HubbleNode } from '../integration/servers/hubble.ts';
import { startProgram } from '../integration/servers/process.ts';
import { createTraffic } from './relay-flows.ts';

const rate = Number(process.env['RATE'] ?? 20_000);
const durationS = Number(process.env['DURATION'] ?? 600);
const limitMb = 500;
const tickMs = 50;
const reportEveryS = 15;
/** Texts of events; each is fed again and again with an id and a client's port of its own. */
const templates = 20_000;

type Template = (number: number) => string;

function templatesOf(node: string, seed: number): readonly Template[] {
  const traffic = createTraffic(node, seed);
  return Array.from({ length: templates }, () => {
    const { uuid, clientPort, event } = traffic(Date.now());
    const [head = '', middle = '', tail = ''] = JSON.stringify(event)
      .replace(`"uuid":"${uuid}"`, '\n')
      .replace(`port":${clientPort}`, '\n')
      .split('\n');
    return (number) => {
      const port = 32_768 + ((Math.imul(number, 2_654_435_761) >>> 0) % 28_000);
      const id = `"uuid":"${uuid.slice(0, -12)}${number.toString(16).padStart(12, '0')}"`;
      return `${head}${id}${middle}port":${port}${tail}\n`;
    };
  });
}

/** Feeds a node with its share until it is told to stop; how many so far. */
function startFeeding(node: HubbleNode, feed: { readonly seed: number; readonly perSecond: number }) {
  const texts = templatesOf(node.name, feed.seed);
  const started = performance.now();
  let fed = 0;
  const timer = setInterval(() => {
    const due = Math.floor(((performance.now() - started) / 1000) * feed.perSecond);
    const lines: string[] = [];
    for (; fed < due; fed += 1) lines.push(texts[fed % templates]?.(fed) ?? '');
    node.feedLines(lines.join(''));
  }, tickMs);
  return {
    fed: () => fed,
    stop: () => clearInterval(timer),
  };
}

interface Usage {
  readonly residentMb: number;
  readonly highestMb: number;
  readonly processorS: number;
}

const ticksPerSecond = 100;

function usageOf(pid: number): Usage {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const mb = (name: string): number => Number(new RegExp(`${name}:\\s+(\\d+) kB`).exec(status)?.[1]) / 1024;
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ');
  return {
    residentMb: mb('VmRSS'),
    highestMb: mb('VmHWM'),
    processorS: (Number(stat[11]) + Number(stat[12])) / ticksPerSecond,
  };
}

const folder = mkdtempSync(join(tmpdir(), 'bench-relay-memory-'));
const second = await startNode({ name: 'node-b', now: true });
const first = await startNode({ name: 'node-a', now: true, peers: [second] });
const nodes = [first, second];
const relay = await startRelay(first);
writeFileSync(
  join(folder, 'bartizan.yaml'),
  `dataFolder: data\nclusters: [{name: prod, kubeconfig: missing, relay: {address: "${relay.address}"}}]\nenvironments: [{id: shop, cluster: prod, namespaces: [team-1]}]\n`,
);
// The launcher builds what is older than its sources, which takes more memory than what it then starts.
await startProgram(process.execPath, [launcher]).exited;
const served = await startConsole(['serve', '--config', join(folder, 'bartizan.yaml'), '--port', '0']);
const { pid } = served.program;
const startMs = Date.now();
const feeders = nodes.map((node, at) => startFeeding(node, { seed: at + 1, perSecond: rate / nodes.length }));
const samples: { readonly atS: number; readonly residentMb: number }[] = [];

async function newestMs(): Promise<number> {
  const { items } = await served.json<EnvironmentList>('/api/v1/environments');
  const newest = items[0]?.sources.find(({ signal }) => signal === 'flows')?.newest;
  return newest ? Date.parse(newest) : Number.NaN;
}

function fedSoFar(): number {
  return feeders.reduce((sum, { fed }) => sum + fed(), 0);
}

async function report(): Promise<void> {
  const { residentMb, processorS } = usageOf(pid);
  const atS = (Date.now() - startMs) / 1000;
  samples.push({ atS, residentMb });
  const lagMs = Date.now() - (await newestMs());
  const perEvent = ((processorS * 1e6) / fedSoFar()).toFixed(1);
  console.log(
    `${atS.toFixed(0)} s: ${residentMb.toFixed(0)} MB, ${(lagMs / 1000).toFixed(1)} s behind, ${fedSoFar()} fed, ${perEvent} us of processor time each`,
  );
}

/** Waits until nothing more is stored, and tells what was. */
async function stored(): Promise<FlowTotals & { readonly gaps: readonly { readonly reason: string }[] }> {
  const window = `from=${new Date(startMs - 60_000).toISOString()}&to=${new Date(Date.now() + 60_000).toISOString()}`;
  for (let before = -1; ;) {
    const answer = await served.json<FlowTotals & { coverage: { gaps: readonly { reason: string }[] } }>(
      `/api/v1/environments/-/flows/statistics?${window}`,
    );
    if (answer.total === before) return { ...answer, gaps: answer.coverage.gaps };
    before = answer.total ?? 0;
    await new Promise((resolve) => setTimeout(resolve, 5000));
  }
}

try {
  for (let atS = reportEveryS; atS <= durationS; atS += reportEveryS) {
    await new Promise((resolve) => setTimeout(resolve, startMs + atS * 1000 - Date.now()));
    await report();
  }
  for (const feeder of feeders) feeder.stop();
  const { total, gaps } = await stored();
  const { highestMb } = usageOf(pid);
  const settled = samples.filter(({ atS }) => atS >= durationS / 2);
  const [from, to] = [settled[0], settled.at(-1)];
  const growth = from && to ? to.residentMb - from.residentMb : Number.NaN;
  console.log(`stored ${String(total)} of ${fedSoFar()} events that were fed`);
  for (const reason of new Set(gaps.map((gap) => gap.reason))) console.log(`gap: ${reason}`);
  console.log(`grew by ${growth.toFixed(0)} MB in the second half`);
  console.log(`highest ${highestMb.toFixed(0)} MB; limit ${limitMb} MB, ratio ${(highestMb / limitMb).toFixed(2)}`);
} finally {
  for (const feeder of feeders) feeder.stop();
  await served.stop();
  await relay.stop();
  await Promise.all(nodes.map((node) => node.stop()));
  rmSync(folder, { recursive: true, force: true });
}

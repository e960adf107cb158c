import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { compile, lowerPolicy } from '@bartizan/policy';
import type { Policy } from '@bartizan/policy';
import { builtProgram } from '../integration/servers/installed.ts';
import { mixedWorld } from './mixed-world.ts';
import type { MixedWorld } from './mixed-world.ts';

/** Verdicts a second, and what a change costs, beside Cilium's own engine on the same world in the same run. */
const world = mixedWorld({ workloads: 2000, namespaces: 40, policies: 500, queries: 1_000_000 });
const { endpoints, queries } = world;
const megabytes = (bytes: number): number => Math.round(bytes / 1e6);
const heap = (): number => process.memoryUsage().heapUsed + process.memoryUsage().arrayBuffers;

function timed<T>(work: () => T): { readonly value: T; readonly cpuMs: number; readonly ms: number } {
  const [started, cpu] = [performance.now(), process.cpuUsage()];
  const value = work();
  const { user, system } = process.cpuUsage(cpu);
  return { value, cpuMs: (user + system) / 1000, ms: performance.now() - started };
}

function rate(cpuMs: number, count = queries.length): string {
  const each = count / cpuMs;
  return each >= 1000 ? `${(each / 1000).toFixed(2)} M/s` : `${Math.round(each * 1000)} /s`;
}

const before = heap();
const lowering = timed(() => world.policies.map(lowered));
// The first round pays for the compiler of the runtime; the second is what a server sees.
timed(() => compile(lowering.value, { endpoints }).verdict({ from: 'w0', to: 'w1', port: 80 }));
const compiling = timed(() => compile(lowering.value, { endpoints }));
const engine = compiling.value;
const countAllowed = (): number =>
  queries.reduce((sum, query) => sum + (engine.verdict(query).verdict === 'allowed' ? 1 : 0), 0);
const first = timed(countAllowed);
const rounds = [timed(countAllowed), timed(countAllowed), timed(countAllowed)];
const again = rounds.reduce((best, round) => (round.cpuMs < best.cpuMs ? round : best));
const reasons = timed(() => queries.reduce((sum, query) => sum + engine.decide(query).decidedBy.length, 0));
const some = queries.slice(0, 20_000);
const explained = timed(() => some.reduce((sum, query) => sum + engine.explain(query).nearest.length, 0));
console.log(`2,000 workloads, 500 policies, ${queries.length} flows, ${first.value} allowed; one core, CPU time`);
console.log(`lower ${lowering.cpuMs.toFixed(0)} ms, compile ${compiling.cpuMs.toFixed(0)} ms`);
console.log(`verdicts: first pass ${rate(first.cpuMs)} (makes the tables), then ${rate(again.cpuMs)}`);
console.log(
  `with the rules that decided: ${rate(reasons.cpuMs)}; explained, with the nearest miss: ${rate(explained.cpuMs, some.length)}`,
);
console.log(
  `memory: ${megabytes(heap() - before)} MB of tables and objects beyond the world, ${megabytes(process.resourceUsage().maxRSS * 1000)} MB at most in all`,
);

const edited = lowered(world.policies[77] ?? {});
const onePolicy = timed(() => engine.update({ policies: { put: [edited] } }));
const [pod] = endpoints;
const relabelled = { ...pod, id: pod?.id ?? '', labels: { ...pod?.labels, app: 'a-99' } };
const oneLabel = timed(() => engine.update({ endpoints: { put: [relabelled] } }));
console.log(`one policy edited ${onePolicy.cpuMs.toFixed(1)} ms, one label changed ${oneLabel.cpuMs.toFixed(1)} ms`);

await askCilium(world);

function lowered(object: object): Policy {
  const result = lowerPolicy(object);
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.value;
}

interface PeerReport {
  readonly load: { readonly cpuSeconds: number };
  readonly resolve: { readonly cpuSeconds: number };
  readonly distill: { readonly cpuSeconds: number };
  readonly heapMiB: number;
  readonly lookupFlow: PeerRate;
  readonly mapLookup: PeerRate;
}

interface PeerRate {
  readonly flows: number;
  readonly cpuSeconds: number;
  readonly allowed: number;
}

async function askCilium({ policies }: MixedWorld): Promise<void> {
  const oracle = builtProgram('cilium-oracle');
  if (oracle === null) {
    console.log('Cilium: the oracle is not built here (npm run servers)');
    return;
  }
  const folder = await mkdtemp(join(tmpdir(), 'bartizan-bench-'));
  try {
    await mkdir(join(folder, 'policies'));
    await writeFile(
      join(folder, 'policies', 'all.yaml'),
      policies.map((policy) => JSON.stringify(policy)).join('\n---\n'),
    );
    await writeFile(join(folder, 'document.json'), JSON.stringify({ policies: 'policies', endpoints, queries }));
    const args = ['bench', '-flows', String(queries.length), '-slow', '10s', join(folder, 'document.json')];
    const { stdout } = await promisify(execFile)(oracle, args, { timeout: 300_000 });
    report(JSON.parse(stdout) as PeerReport);
  } finally {
    await rm(folder, { recursive: true });
  }
}

function report({ load, resolve, distill, heapMiB, lookupFlow, mapLookup }: PeerReport): void {
  const seconds = load.cpuSeconds + resolve.cpuSeconds + distill.cpuSeconds;
  const perSecond = ({ flows, cpuSeconds }: PeerRate): number => flows / cpuSeconds;
  const ours = (queries.length / again.cpuMs) * 1000;
  console.log(
    `Cilium: ready after ${seconds.toFixed(1)} CPU seconds, ${heapMiB} MiB; ${mapLookup.allowed} of ${mapLookup.flows} allowed`,
  );
  for (const [name, peer] of [['LookupFlow', lookupFlow] as const, ['its policy map', mapLookup] as const]) {
    console.log(
      `  ${name}: ${rate(peer.cpuSeconds * 1000, peer.flows)}; ours is ${(ours / perSecond(peer)).toFixed(1)} times that`,
    );
  }
}

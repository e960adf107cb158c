import { categories, lowerPolicy, simulate } from '@bartizan/policy';
import type { ObservedConnection, ObservedEnd, Outcome, Policy, Simulation } from '@bartizan/policy';
import { policyWorld, seededRandom } from './policy-world.ts';

const edges = 1_000_000;
const connectionsEach = 10;
const addresses = 20_000;

const world = policyWorld(2000, 500, 'most');
const random = seededRandom(7);
const below = (limit: number): number => Math.floor(random() * limit);
const pods = world.inventory.workloads.flatMap(({ name, endpoints }): ObservedEnd[] =>
  endpoints.map(({ id: _, ...endpoint }) => ({ name, endpoint })),
);
const outside = Array.from({ length: addresses }, (): ObservedEnd => {
  const ip = `${1 + below(220)}.${below(256)}.${below(256)}.${below(256)}`;
  return { name: ip, endpoint: { cidr: ip } };
});
const ends = [...pods, ...outside];
const time = '2026-06-15T12:00:00Z';
const outcomes: readonly Outcome[] = ['forwarded', 'forwarded', 'forwarded', 'dropped'];
const connections = Array.from({ length: edges }, (): ObservedConnection => {
  const to = random() < 0.9 ? below(pods.length) : pods.length + below(addresses);
  const outcome = outcomes[below(outcomes.length)] ?? 'forwarded';
  const tally = { count: connectionsEach, firstSeen: time, lastSeen: time, examples: [] };
  return { from: below(pods.length), to, protocol: 'TCP', port: 1000 + below(100), outcomes: { [outcome]: tally } };
});

function edited(spec: object): Policy {
  const metadata = { name: 'edited', namespace: 'ns-1' };
  const result = lowerPolicy({ apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata, spec });
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.value;
}

/** In processor time beside the clock, since other work on the machine does not count there. */
function timed<T>(what: string, work: () => T): T {
  const before = process.cpuUsage();
  const started = performance.now();
  const result = work();
  const { user, system } = process.cpuUsage(before);
  console.log(
    `${what}: ${(performance.now() - started).toFixed(0)} ms, processor ${((user + system) / 1000).toFixed(0)} ms`,
  );
  return result;
}

const observed = { ends, connections };
const mostShown = 200;

function shown(simulation: Simulation): Simulation {
  for (const category of categories) if (category !== 'unchanged') simulation.items(category, mostShown);
  return simulation;
}

console.log(`${edges} edges, ${edges * connectionsEach} connections, ${pods.length} workloads, 500 policies`);
let simulation = timed('first', () => shown(simulate({ observed, after: world.policies })));
timed('first, with --before', () =>
  shown(simulate({ observed, after: world.policies, before: world.policies.slice(1) })),
);
for (const port of [80, 1010, 1050]) {
  const put = [edited({ podSelector: {}, ingress: [{ ports: [{ port }] }] })];
  simulation = timed(`an edit of a namespace's ingress, port ${port}`, () =>
    shown(simulation.edit({ policies: { put } })),
  );
}
for (const cidr of ['10.0.0.0/9', '10.20.0.0/16']) {
  const egress = [{ to: [{ ipBlock: { cidr } }] }];
  const put = [edited({ podSelector: { matchLabels: { tier: 'tier-1' } }, policyTypes: ['Egress'], egress })];
  simulation = timed(`an edit with another block, ${cidr}`, () => shown(simulation.edit({ policies: { put } })));
}
console.log(simulation.counts, `${(process.memoryUsage().rss / 1e6).toFixed(0)} MB resident`);

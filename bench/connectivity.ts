import { changeKinds, connectivity, diff } from '@bartizan/policy';
import { policyWorld } from './policy-world.ts';

/** Sizes at which np-guard's netpol-analyzer took 0.5, 2.3, 9.8, 38 and 695 CPU seconds on such a machine. */
const sizes = [
  [100, 25],
  [200, 50],
  [400, 100],
  [800, 200],
  [2000, 500],
] as const;

for (const [deployments, policies, isolated] of sizes.flatMap(
  (size) =>
    [
      [...size, 'most'],
      [...size, 'few'],
    ] as const,
)) {
  const world = policyWorld(deployments, policies, isolated);
  const started = performance.now();
  let pairs = 0;
  let bytes = 0;
  const text = new Map<unknown, string>();
  for (const { from, to, connections } of connectivity(world).items()) {
    pairs += 1;
    const known = text.get(connections) ?? JSON.stringify(connections);
    text.set(connections, known);
    bytes += `{"from":"${from}","to":"${to}","connections":${known}}`.length;
  }
  const listed = performance.now();
  const changed = diff(world, { ...world, policies: world.policies.slice(10) });
  const differences = changeKinds.reduce((sum, kind) => sum + [...changed.pairs(kind)].length, 0);
  const done = performance.now();
  console.log(
    `${deployments}/${policies}, ${isolated} isolated: ${pairs} pairs, ${(bytes / 1e6).toFixed(0)} MB in ${((listed - started) / 1000).toFixed(2)} s; ` +
      `${differences} differences in ${((done - listed) / 1000).toFixed(2)} s; ` +
      `${(process.memoryUsage().rss / 1e6).toFixed(0)} MB resident`,
  );
}

import { expect, test } from 'vitest';
import { openWorld, readWorlds } from './recorded-worlds.suite.ts';

test.each(['random', 'quirk'] as const)('every verdict and refusal on the %s worlds is Cilium’s', (name) => {
  const wrong = readWorlds(name).filter((world) => {
    const { engine, flows, rejected } = openWorld(world);
    const asked = engine();
    const verdicts = flows.map((flow) => {
      const { egress, ingress } = asked.verdict(flow);
      return `${egress[0]}${ingress[0]}`;
    });
    return verdicts.join('') !== world.expected || rejected.join() !== world.rejected.toSorted().join();
  });
  expect(wrong.map((world) => world.name)).toEqual([]);
});

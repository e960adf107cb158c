import type { Endpoint } from '../model/world.ts';
import { expect, test } from 'vitest';
import type { Engine } from './engine.ts';
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

test.each([
  ['random', 8],
  ['quirk', 1],
] as const)(
  'explanations on the %s worlds say the same, where what runs, policies and ends are put in one after the other',
  (name, every) => {
    const worlds = readWorlds(name).filter((_, place) => place % every === 0);
    const wrong = worlds.flatMap((world) => {
      const { engine: open, flows } = openWorld(world);
      const engine = grown(open(), world.endpoints);
      return flows.flatMap((flow, at) => {
        const { egress, ingress, sides } = engine.explain(flow);
        const told = [egress, ingress, sides.egress.verdict, sides.ingress.verdict].map((side) => side[0]).join('');
        const expected = world.expected.slice(2 * at, 2 * at + 2);
        return told === expected + expected ? [] : [{ world: world.name, flow, told, expected }];
      });
    });
    expect(wrong).toEqual([]);
  },
);

/** As an answer to why is worked out: what runs first, then the policies, then the ends of the connection. */
function grown(engine: Engine, endpoints: readonly Endpoint[]): Engine {
  const ends = endpoints.filter((_, place) => place % 2 === 1);
  const policies = [...engine.state.policies.values()].map(({ policy }) => policy);
  return engine
    .update({ policies: { remove: policies.map(({ ref }) => ref) }, endpoints: { remove: ends.map(({ id }) => id) } })
    .update({ policies: { put: policies } })
    .update({ endpoints: { put: ends } });
}

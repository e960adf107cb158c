import { expect, test } from 'vitest';
import type { Engine } from '../evaluate/engine.ts';
import { openWorld, readWorlds } from '../evaluate/recorded-worlds.suite.ts';
import type { OpenWorld, RecordedWorld } from '../evaluate/recorded-worlds.suite.ts';
import { lowerPolicy } from '../lower/lower-policy.ts';
import type { Fix } from '../model/fix.ts';
import type { Policy } from '../model/policy.ts';
import { printManifest } from '../print/print-manifest.ts';
import { readManifests } from '../source/read-manifests.ts';
import { smallestFix } from './smallest-fix.ts';

const directions = ['egress', 'ingress'] as const;

function lowered(object: unknown): Policy {
  const result = lowerPolicy(object);
  if (!result.ok) throw new Error('a proposed policy cannot be read');
  return result.value;
}

function applied(engine: Engine, steps: readonly Fix[]): Engine {
  const put = steps.map(({ text }) => lowered(readManifests(text).manifests[0]?.object));
  return put.reduce((before, policy) => before.update({ policies: { put: [policy] } }), engine);
}

/** Every pair of ends on the asked port, and whatever else the world's queries ask. */
function others({ endpoints }: RecordedWorld, { flows }: OpenWorld, flow: OpenWorld['flows'][number]) {
  const ids = endpoints.map(({ id }) => id);
  return [...flows, ...ids.flatMap((from) => ids.map((to) => ({ ...flow, from, to })))];
}

test('on recorded worlds a fix lets the connection through, and changes nothing that its words do not name', () => {
  const wrong: unknown[] = [];
  let [asked, fixed] = [0, 0];
  const worlds = [...readWorlds('random').filter((_, place) => place % 6 === 0), ...readWorlds('quirk')];
  for (const [place, recorded] of worlds.entries()) {
    const world = openWorld(recorded);
    const before = world.engine();
    const manifests = new Map(
      [...world.manifests].flatMap(([ref, { object }]) =>
        readManifests(printManifest(object)).manifests.map((manifest) => [ref, manifest] as const),
      ),
    );
    const denied = world.flows.filter((flow) => before.verdict(flow).verdict === 'denied');
    const flow = denied[place % Math.max(1, denied.length)];
    if (!flow) continue;
    asked += 1;
    const result = smallestFix({ engine: before, flow, manifests });
    if (!result.ok) continue;
    fixed += 1;
    const after = applied(before, result.steps);
    const alone = result.steps.map(({ direction, adds }) => ({ direction, says: world.engine([lowered(adds)]) }));
    if (after.verdict(flow).verdict !== 'allowed') wrong.push({ world: recorded.name, flow, steps: result.steps });
    for (const other of others(recorded, world, flow)) {
      const [then, now] = [before.verdict(other), after.verdict(other)];
      for (const direction of directions) {
        if (then[direction] === now[direction]) continue;
        const isNamed = alone.some(
          (each) => each.direction === direction && each.says.explain(other).sides[direction].reason === 'allow',
        );
        const isOpened = then[direction] === 'denied' && now[direction] === 'allowed';
        if (!isNamed || !isOpened) wrong.push({ world: recorded.name, flow, other, direction });
      }
    }
  }
  expect(wrong).toEqual([]);
  expect({ asked, fixed }).toEqual({ asked: worlds.length, fixed: expect.toSatisfy((count) => count > asked / 2) });
});

import { expect, test } from 'vitest';
import { manifestRef, readWorlds } from '../evaluate/recorded-worlds.suite.ts';
import type { RecordedWorld } from '../evaluate/recorded-worlds.suite.ts';
import { lowerPolicy } from '../lower/lower-policy.ts';
import { parseProtocol, portProtocols } from '../model/protocol.ts';
import type { Endpoint } from '../model/world.ts';
import { readManifests } from '../source/read-manifests.ts';
import { isPolicy } from '../validate/kinds.ts';
import { connectivity } from './connectivity.ts';
import { covers } from './covers.suite.ts';
import { readInventory } from './workloads.ts';

/** Only workloads of the cluster and plain IPv4 addresses are ends of connectivity. */
function endOf(endpoint: Endpoint | undefined, cluster: string): string | undefined {
  if (endpoint === undefined || endpoint.entity !== undefined) return undefined;
  if (endpoint.namespace !== undefined)
    return (endpoint.cluster ?? cluster) === cluster ? `pod/${endpoint.id}` : undefined;
  return endpoint.names === undefined && endpoint.cidr?.endsWith('/32') === true
    ? endpoint.cidr.slice(0, -3)
    : undefined;
}

function disagreements(world: RecordedWorld): { asked: number; wrong: unknown[] } {
  const { cluster = 'default', endpoints, rejected, options = {} } = world;
  const manifests = Object.values(world.policies).flatMap((text) => readManifests(text).manifests);
  const policies = manifests
    .filter((manifest) => isPolicy(manifest) && !rejected.includes(manifestRef(manifest)))
    .flatMap(({ object }) => {
      const lowered = lowerPolicy(object);
      return lowered.ok ? [lowered.value] : [];
    });
  const pods = endpoints.filter((endpoint) => endOf(endpoint, cluster)?.includes('/') === true);
  const workloads = pods.map((endpoint) => ({ name: `pod/${endpoint.id}`, endpoints: [endpoint] }));
  const inventory = { ...readInventory(manifests.map(({ object }) => object)), workloads };
  const items = [...connectivity({ policies, inventory, options, cluster }).items()];
  const asked = world.queries.flatMap(([source, target, port, spelled], place) => {
    const [from, to] = [endOf(endpoints[source], cluster), endOf(endpoints[target], cluster)];
    const protocol = portProtocols.find((each) => each === parseProtocol(spelled));
    const verdict = world.expected.slice(2 * place, 2 * place + 2);
    if (from === undefined || to === undefined || from === to || !(from + to).includes('/')) return [];
    if (protocol === undefined || typeof port !== 'number' || port === 0 || verdict.includes('e')) return [];
    return [{ from, to, port, protocol, isAllowed: !verdict.includes('d') }];
  });
  const wrong = asked.filter((each) => items.some((item) => covers(item, each)) !== each.isAllowed);
  return { asked: asked.length, wrong };
}

test('what is listed on random worlds is what Cilium’s own engine lets through — CONN-1', () => {
  const results = readWorlds('random')
    .filter((_, place) => place % 4 === 0)
    .map(disagreements);
  expect(results.flatMap(({ wrong }) => wrong)).toEqual([]);
  expect(results.reduce((sum, { asked }) => sum + asked, 0)).toBeGreaterThan(5000);
});

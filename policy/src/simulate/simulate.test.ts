import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compile } from '../evaluate/engine.ts';
import { lowerPolicy } from '../lower/lower-policy.ts';
import type { Policy } from '../model/policy.ts';
import { categories } from './classify.ts';
import type { ObservedConnection, ObservedEnd, Outcome } from './observed.ts';
import { simulate } from './simulate.ts';
import type { Simulation } from './simulate.ts';

function lowered(...objects: readonly object[]): Policy[] {
  return objects.map((object) => {
    const result = lowerPolicy(object);
    if (!result.ok) throw new Error(JSON.stringify(result.problems));
    return result.value;
  });
}

const cnp = (name: string, spec: object): object => ({
  apiVersion: 'cilium.io/v2',
  kind: 'CiliumNetworkPolicy',
  metadata: { name, namespace: 'shop' },
  spec,
});
const pod = (app: string): ObservedEnd => ({ name: `shop/${app}`, endpoint: { namespace: 'shop', labels: { app } } });
const host: ObservedEnd = { name: 'host', endpoint: { entity: 'host' } };
const address = (ip: string, ...names: string[]): ObservedEnd => ({ name: ip, endpoint: { cidr: ip, names } });
const nobody: ObservedEnd = { name: 'unknown', endpoint: undefined, missing: 'its labels were not recorded' };

const ends = [pod('web'), pod('api'), host, address('203.0.113.9'), address('203.0.113.10', 'pay.example.org'), nobody];

const tally = { count: 1, firstSeen: '', lastSeen: '', examples: [] };

function seen(from: number, to: number, port: number | null, outcome: Outcome, count = 1): ObservedConnection {
  const time = '2026-06-15T12:00:00Z';
  return {
    from,
    to,
    port,
    protocol: 'TCP',
    outcomes: { [outcome]: { count, firstSeen: time, lastSeen: time, examples: ['e'] } },
  };
}

function counted(simulation: Simulation): Record<string, number> {
  return Object.fromEntries(Object.entries(simulation.counts).filter(([, count]) => count > 0));
}

const apiOut = (...rules: readonly object[]): object =>
  cnp('api-out', {
    endpointSelector: { matchLabels: { app: 'web' } },
    egress: [
      { toFQDNs: [{ matchName: 'pay.example.org' }], toPorts: [{ ports: [{ port: '443', protocol: 'TCP' }] }] },
      ...rules,
    ],
  });
const toHost = { toEntities: ['host'], toPorts: [{ ports: [{ port: '9100', protocol: 'TCP' }] }] };

describe('what an edit does to recorded connections', () => {
  test('a drop that a new rule allows is newly allowed, one that it does not stays — SIM-2', () => {
    const observed = { ends, connections: [seen(0, 2, 9100, 'dropped'), seen(0, 1, 80, 'dropped', 2)] };
    expect(counted(simulate({ observed, after: lowered(apiOut()) }))).toEqual({ unchanged: 3 });
    const edited = simulate({ observed, after: lowered(apiOut(toHost)) });
    expect(counted(edited)).toEqual({ newlyAllowed: 1, unchanged: 2 });
    expect(edited.items('newlyAllowed')).toMatchObject([{ from: 'shop/web', to: 'host', port: 9100, count: 1 }]);
  });

  test('an address outside is judged by its recorded names, and is unknown without one — SIM-5', () => {
    const observed = {
      ends,
      connections: [seen(0, 4, 443, 'forwarded'), seen(0, 3, 443, 'forwarded'), seen(0, 3, 80, 'forwarded')],
    };
    const simulation = simulate({ observed, after: lowered(apiOut()) });
    expect(counted(simulation)).toEqual({ unchanged: 1, unknown: 1, newlyDenied: 1 });
    expect(simulation.items('unknown')[0]?.reason).toContain('no DNS name was recorded');
  });

  test('what audit mode let through is told apart as denied once enforcement is on — SIM-4', () => {
    const observed = { ends, connections: [seen(0, 1, 80, 'audit', 3), seen(0, 2, 9100, 'forwarded')] };
    const policies = lowered(apiOut(toHost));
    expect(counted(simulate({ observed, after: policies }))).toEqual({ audited: 3, unchanged: 1 });
    expect(counted(simulate({ observed, after: policies, before: policies }))).toEqual({ audited: 3, unchanged: 1 });
  });

  test('where the policies before do not explain what was reported, they disagree, never "newly" — SIM-3', () => {
    const observed = { ends, connections: [seen(0, 1, 80, 'forwarded'), seen(0, 2, 9100, 'dropped')] };
    const before = lowered(apiOut(toHost));
    expect(counted(simulate({ observed, after: [], before }))).toEqual({ disagrees: 2 });
  });

  test('with the policies before, what changed is told from them — SIM-3', () => {
    const observed = {
      ends,
      connections: [seen(0, 2, 9100, 'dropped'), seen(0, 3, 80, 'dropped'), seen(1, 0, 80, 'forwarded')],
    };
    const simulation = simulate({ observed, before: lowered(apiOut()), after: lowered(apiOut(toHost)) });
    expect(counted(simulation)).toEqual({ newlyAllowed: 1, unchanged: 2 });
  });

  test('what was not recorded is unknown, and says why — SIM-6', () => {
    const observed = {
      ends,
      connections: [seen(5, 1, 80, 'forwarded'), seen(0, 1, null, 'forwarded'), seen(0, 1, 80, 'unknown')],
    };
    const simulation = simulate({ observed, after: [] });
    expect(counted(simulation)).toEqual({ unknown: 3 });
    expect(simulation.items('unknown').map(({ reason }) => reason)).toEqual([
      'its labels were not recorded',
      'its port was not recorded',
      'its recorded verdict says neither forwarded nor dropped',
    ]);
  });

  test('connections of equal names are one item with their sum', () => {
    const two = [
      pod('web'),
      { ...pod('web'), endpoint: { namespace: 'shop', labels: { app: 'web', v: '2' } } },
      pod('api'),
    ];
    const later = { count: 2, firstSeen: '2026-06-14T12:00:00Z', lastSeen: '2026-06-16T12:00:00.5Z', examples: ['f'] };
    const observed = {
      ends: two,
      connections: [seen(0, 2, 80, 'forwarded'), { ...seen(1, 2, 80, 'forwarded'), outcomes: { forwarded: later } }],
    };
    expect(simulate({ observed, after: [] }).items('unchanged')).toEqual([
      {
        from: 'shop/web',
        to: 'shop/api',
        port: 80,
        protocol: 'TCP',
        count: 3,
        firstSeen: '2026-06-14T12:00:00Z',
        lastSeen: '2026-06-16T12:00:00.5Z',
        examples: ['e', 'f'],
      },
    ]);
  });
});

test('no more items are made than asked for: those with most connections', () => {
  const connections = [3, 9, 1, 9, 5].map((count, port) => seen(0, 1, port, 'forwarded', count));
  const simulation = simulate({ observed: { ends, connections }, after: [] });
  const all = simulation.items('unchanged');
  expect(all.map(({ port }) => port)).toEqual([1, 3, 4, 0, 2]);
  for (const most of [0, 1, 3, 5, 9]) expect(simulation.items('unchanged', most)).toEqual(all.slice(0, most));
});

describe('editing', () => {
  const peer = fc.constantFrom<object>(
    { toEndpoints: [{ matchLabels: { app: 'api' } }] },
    { toEntities: ['host'] },
    { toCIDR: ['203.0.113.9/32'] },
    { toCIDR: ['203.0.113.0/24'] },
    { toFQDNs: [{ matchPattern: '*.example.org' }] },
    { toEntities: ['world'] },
    {},
  );
  const rule = fc
    .tuple(peer, fc.constantFrom('80', '443'))
    .map(([to, port]) => ({ ...to, toPorts: [{ ports: [{ port, protocol: 'TCP' }] }] }));
  const policy = fc
    .tuple(
      fc.constantFrom('a', 'b', 'c'),
      fc.constantFrom<object>({}, { matchLabels: { app: 'web' } }),
      fc.array(rule, { maxLength: 3 }),
      fc.boolean(),
    )
    .map(([name, endpointSelector, rules, isDeny]) =>
      cnp(name, {
        endpointSelector,
        [isDeny ? 'egressDeny' : 'egress']: rules.filter((each) => !isDeny || !('toFQDNs' in each)),
      }),
    );
  const policies = fc.uniqueArray(policy, {
    maxLength: 3,
    selector: (each) => JSON.stringify(Object.entries(each)[2]),
  });
  const connections = [0, 1].flatMap((from) =>
    [0, 1, 2, 3, 4].flatMap((to) =>
      [80, 443].map((port) => seen(from, to, port, port === 80 ? 'forwarded' : 'dropped')),
    ),
  );

  test('an edit gives what a simulation from the beginning gives — SIM-8', () => {
    fc.assert(
      fc.property(policies, fc.array(policy, { minLength: 1, maxLength: 3 }), (first, edits) => {
        const observed = { ends, connections };
        let simulation = simulate({ observed, after: lowered(...first) });
        const current = new Map(lowered(...first).map((each) => [each.ref, each]));
        for (const [edited] of edits.map((each) => lowered(each))) {
          if (edited === undefined) continue;
          // What was asked for before an edit is not what is answered after it.
          for (const category of categories) simulation.items(category);
          const isRemoval = current.has(edited.ref) && edited.rules.length === 0;
          if (isRemoval) current.delete(edited.ref);
          else current.set(edited.ref, edited);
          simulation = simulation.edit({ policies: isRemoval ? { remove: [edited.ref] } : { put: [edited] } });
        }
        const fresh = simulate({ observed, after: [...current.values()] });
        for (const category of categories) expect(simulation.items(category)).toEqual(fresh.items(category));
        expect(simulation.counts).toEqual(fresh.counts);
        expect(simulation.connections).toBe(connections.length);
      }),
    );
  });

  test('judgements are those of the engine — SIM-1', () => {
    fc.assert(
      fc.property(policies, (objects) => {
        const after = lowered(...objects);
        const world = ends.flatMap(({ endpoint }, place) => (endpoint ? [{ ...endpoint, id: String(place) }] : []));
        const engine = compile(after, { endpoints: world });
        for (const connection of connections) {
          const { from, to, port, protocol } = connection;
          const { verdict } = engine.verdict({ from: String(from), to: String(to), port: port ?? 0, protocol });
          const { counts } = simulate({
            observed: { ends, connections: [{ ...connection, outcomes: { forwarded: tally } }] },
            after,
          });
          expect(verdict === 'allowed' ? ['unchanged'] : ['newlyDenied', 'unknown']).toContain(
            categories.find((category) => counts[category] > 0),
          );
        }
      }),
    );
  });
});

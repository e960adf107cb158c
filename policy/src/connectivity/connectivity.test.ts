import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compile } from '../evaluate/engine.ts';
import { lowerPolicy } from '../lower/lower-policy.ts';
import type { Policy } from '../model/policy.ts';
import type { JsonObject } from '../source/json.ts';
import { connectivity } from './connectivity.ts';
import type { ConnectivityItem } from './connectivity.ts';
import { diff } from './diff.ts';
import { readInventory } from './workloads.ts';
import type { Inventory } from './workloads.ts';

function pod(namespace: string, name: string, labels: Record<string, string>): JsonObject {
  const containers = [{ name: 'c', ports: [{ name: 'web', containerPort: 8080 + name.length }] }];
  return { apiVersion: 'v1', kind: 'Pod', metadata: { namespace, name, labels }, spec: { containers } };
}

function lowered(objects: readonly object[], as: 'cilium' | 'kubernetes' = 'cilium'): Policy[] {
  return objects.map((object) => {
    const result = lowerPolicy(object, { as });
    if (!result.ok) throw new Error(JSON.stringify(result.problems));
    return result.value;
  });
}

const inventory = readInventory([
  pod('shop', 'web', { app: 'web' }),
  pod('shop', 'api', { app: 'api' }),
  pod('data', 'db', { app: 'db' }),
]);

function listed(policies: readonly object[], world: Inventory = inventory): string[] {
  return [...connectivity({ policies: lowered(policies), inventory: world }).items()].map(inWords);
}

function inWords({ from, to, connections }: ConnectivityItem): string {
  const ports = connections.map((each) => `${each.protocol} ${each.ports.map((range) => range.join('-')).join(',')}`);
  return `${from} => ${to}: ${ports.join(' ')}`;
}

const everything = 'TCP 1-65535 UDP 1-65535 SCTP 1-65535';
const netpol = (name: string, namespace: string, spec: object): object => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { name, namespace },
  spec,
});
const cnp = (name: string, namespace: string, spec: object): object => ({
  apiVersion: 'cilium.io/v2',
  kind: 'CiliumNetworkPolicy',
  metadata: { name, namespace },
  spec,
});

describe('who may connect to whom', () => {
  test('without a policy everything may, in and out, and nothing is listed with itself — CONN-2', () => {
    const lines = listed([]);
    expect(lines).toHaveLength(3 * 2 + 3 * 2);
    expect(lines).toContain(`shop/web[Pod] => 0.0.0.0-255.255.255.255: ${everything}`);
    expect(lines).toContain(`0.0.0.0-255.255.255.255 => data/db[Pod]: ${everything}`);
  });

  const out = netpol('out', 'shop', {
    podSelector: { matchLabels: { app: 'web' } },
    policyTypes: ['Egress'],
    egress: [{ ports: [{ port: 8080 }, { port: 9000, endPort: 9010 }] }],
  });
  const into = (ports: readonly object[]): object =>
    netpol('in', 'shop', { podSelector: { matchLabels: { app: 'api' } }, ingress: [{ ports }] });

  test('a pair has what the one may send and the other may receive, and nothing else — CONN-1', () => {
    const ports = [{ port: 8443 }, { port: 8080, protocol: 'UDP' }];
    const lines = listed([out, into([...ports, { port: 9010, endPort: 9020 }])]);
    expect(lines).toContain('shop/web[Pod] => shop/api[Pod]: TCP 9010-9010');
    expect(listed([out, into(ports)]).filter((line) => line.startsWith('shop/web[Pod] => shop/api[Pod]'))).toEqual([]);
  });

  test('addresses are cut where a rule cuts them, and joined where none tells them apart — CONN-5', () => {
    const blocks = cnp('blocks', 'shop', {
      endpointSelector: { matchLabels: { app: 'web' } },
      egress: [{ toCIDRSet: [{ cidr: '10.0.0.0/8', except: ['10.1.0.0/16'] }] }, { toCIDR: ['11.0.0.0/8'] }],
    });
    expect(listed([blocks]).filter((line) => line.startsWith('shop/web[Pod] =>'))).toEqual([
      `shop/web[Pod] => 10.0.0.0-10.0.255.255: ${everything}`,
      `shop/web[Pod] => 10.2.0.0-11.255.255.255: ${everything}`,
    ]);
  });

  test('a protocol without ports, or ICMP, is listed only where a rule names it — CONN-4', () => {
    const ping = cnp('ping', 'shop', {
      endpointSelector: { matchLabels: { app: 'api' } },
      ingress: [{ fromEndpoints: [{ matchLabels: { app: 'web' } }], icmps: [{ fields: [{ type: 8 }] }] }],
    });
    expect(listed([ping])).toContain('shop/web[Pod] => shop/api[Pod]: ICMP 8-8');
  });

  test('pods of one owner that differ are one end, which may do what one of them may — CONN-3', () => {
    const owned = (name: string, labels: Record<string, string>): JsonObject => ({
      ...pod('shop', name, labels),
      metadata: {
        name,
        namespace: 'shop',
        labels,
        ownerReferences: [{ controller: true, kind: 'ReplicaSet', name: 'web-1' }],
      },
    });
    const world = readInventory([owned('a', { app: 'web' }), owned('b', { app: 'old' }), pod('shop', 'api', {})]);
    expect(world.workloads.map(({ name }) => name)).toEqual(['shop/web-1[ReplicaSet]', 'shop/api[Pod]']);
    const only = (app: string, port: number): object =>
      netpol(app, 'shop', {
        podSelector: { matchLabels: { app } },
        policyTypes: ['Egress'],
        egress: [{ ports: [{ port }] }],
      });
    expect(listed([only('web', 80), only('old', 443)], world)).toContain(
      'shop/web-1[ReplicaSet] => shop/api[Pod]: TCP 80-80,443-443',
    );
  });
});

describe('what changed', () => {
  const side = (policies: readonly object[]): { policies: Policy[]; inventory: Inventory } => ({
    policies: lowered(policies),
    inventory,
  });
  const denySmtp = (defaultDeny: object): object => ({
    apiVersion: 'cilium.io/v2',
    kind: 'CiliumClusterwideNetworkPolicy',
    metadata: { name: 'no-smtp' },
    spec: {
      endpointSelector: { matchExpressions: [{ key: 'role', operator: 'NotIn', values: ['relay'] }] },
      ...defaultDeny,
      egressDeny: [{ toPorts: [{ ports: [{ port: '25', protocol: 'TCP' }] }] }],
    },
  });

  test('switching default deny off gains connections and loses none — CONN-7', () => {
    const result = diff(side([denySmtp({})]), side([denySmtp({ enableDefaultDeny: { egress: false } })]));
    expect(result.removed).toEqual([]);
    expect(result.changed).toEqual([]);
    expect(result.added.map(({ from, to }) => `${from} => ${to}`)).toContain('shop/web[Pod] => shop/api[Pod]');
    expect(result.added[0]?.after[0]).toEqual({
      protocol: 'TCP',
      ports: [
        [1, 24],
        [26, 65_535],
      ],
    });
    const [first] = result.added;
    expect(first && result.responsibleFor(first)?.before).toMatchObject([{ effect: 'default-deny' }]);
  });

  test('a set of policies and itself differ in nothing', () => {
    expect(diff(side([denySmtp({})]), side([denySmtp({})]))).toMatchObject({ added: [], removed: [], changed: [] });
  });

  test('a workload that is gone loses its connections', () => {
    const fewer = { policies: [], inventory: readInventory([pod('shop', 'web', { app: 'web' })]) };
    const { removed, added } = diff(side([]), fewer);
    expect(added).toEqual([]);
    expect(removed.map(({ from, to }) => `${from} ${to}`)).toContain('shop/web[Pod] shop/api[Pod]');
  });
});

const apps = ['a', 'b', 'c'];
const app = fc.constantFrom(...apps);
const labels = app.map((value) => ({ matchLabels: { app: value } }));
const ports = fc.uniqueArray(fc.constantFrom(80, 81, 90, 443), { maxLength: 3 });
const cidr = fc.constantFrom('10.0.0.0/8', '10.1.0.0/16', '0.0.0.0/0', '192.0.2.7/32');
const namespace = fc.constantFrom('n1', 'n2');

const kubernetesRule = fc.record(
  {
    from: fc.array(
      fc.oneof(
        labels.map((podSelector) => ({ podSelector })),
        fc.constant({ namespaceSelector: {} }),
        cidr.map((block) => ({ ipBlock: { cidr: block, except: block === '10.0.0.0/8' ? ['10.1.0.0/16'] : [] } })),
      ),
      { maxLength: 2 },
    ),
    ports: fc.oneof(
      ports.map((list) => list.map((port) => ({ port, endPort: port + 1 }))),
      fc.constant([{ port: 'web' }]),
      fc.constant([{ port: 53, protocol: 'UDP' }]),
    ),
  },
  { requiredKeys: [] },
);
const networkPolicy = fc
  .record({
    name: fc.nat(1000),
    namespace,
    podSelector: fc.oneof(labels, fc.constant({})),
    ingress: fc.array(kubernetesRule, { maxLength: 3 }),
    isEgress: fc.boolean(),
  })
  .map(({ name, namespace: where, podSelector, ingress, isEgress }) => {
    const egress = ingress.map(({ from, ...rest }) => ({ ...(from ? { to: from } : {}), ...rest }));
    return netpol(
      `p${name}`,
      where,
      isEgress ? { podSelector, policyTypes: ['Egress'], egress } : { podSelector, ingress },
    );
  });

const ciliumPeers = fc.oneof(
  fc.array(labels, { minLength: 1, maxLength: 2 }).map((list) => ({ Endpoints: list })),
  fc.constantFrom('world', 'cluster', 'all', 'host').map((entity) => ({ Entities: [entity] })),
  cidr.map((block) => ({ CIDR: [block] })),
  fc.constant({}),
);
const ciliumPorts = fc.oneof(
  fc.constant({}),
  ports
    .filter((list) => list.length > 0)
    .map((list) => ({
      toPorts: [
        {
          ports: list.map((port) => ({ port: String(port), protocol: port === 90 ? 'ANY' : 'TCP', endPort: port + 2 })),
        },
      ],
    })),
  fc.constant({ toPorts: [{ ports: [{ port: 'web', protocol: 'TCP' }] }] }),
  fc.constant({ icmps: [{ fields: [{ type: 8 }] }] }),
);
const ciliumPolicy = fc
  .record({
    name: fc.nat(1000),
    namespace,
    endpointSelector: fc.oneof(labels, fc.constant({})),
    peers: ciliumPeers,
    more: ciliumPorts,
    section: fc.constantFrom('ingress', 'egress', 'ingressDeny', 'egressDeny'),
    isOpen: fc.boolean(),
  })
  .map(({ name, namespace: where, endpointSelector, peers, more, section, isOpen }) => {
    const prefix = section.startsWith('ingress') ? 'from' : 'to';
    const named = Object.entries(peers).map(([key, value]) => [`${prefix}${key}`, value]);
    const rule = { ...Object.fromEntries(named), ...more };
    const enableDefaultDeny = isOpen ? { enableDefaultDeny: { ingress: false, egress: false } } : {};
    return cnp(`c${name}`, where, { endpointSelector, ...enableDefaultDeny, [section]: [rule] });
  });
const policySet = fc.uniqueArray(fc.oneof(networkPolicy, ciliumPolicy), {
  maxLength: 6,
  selector: (each) => JSON.stringify((each as { metadata: object }).metadata),
});
const world = readInventory(
  ['n1', 'n2'].flatMap((where) => apps.map((value) => pod(where, value.repeat(2), { app: value }))),
);

describe('random worlds', () => {
  const asked = [1, 53, 79, 80, 81, 82, 83, 90, 92, 443, 445, 8080, 8082, 65_535];
  const addresses = ['9.9.9.9', '10.0.0.1', '10.1.2.3', '192.0.2.7', '192.0.2.8', '255.255.255.255'];

  test.each(['cilium', 'kubernetes'] as const)(
    'connectivity is what the engine answers, asked one by one, as %s — CONN-1',
    (as) => {
      fc.assert(
        fc.property(policySet, (objects) => {
          const policies = lowered(objects, as);
          const engine = compile(
            policies,
            { endpoints: world.workloads.flatMap(({ endpoints }) => endpoints) },
            { as },
          );
          const items = [...connectivity({ policies, inventory: world, options: { as } }).items()];
          const ends = [...world.workloads.map(({ name }) => name), ...addresses];
          const wrong: object[] = [];
          for (const from of ends) {
            for (const to of ends) {
              if (from === to || !(from + to).includes('/')) continue;
              for (const protocol of ['TCP', 'UDP']) {
                for (const port of asked) {
                  const flow = { from: endpoint(from), to: endpoint(to), protocol, port };
                  const isListed = items.some((item) => covers(item, { from, to, protocol, port }));
                  if (isListed !== (engine.verdict(flow).verdict === 'allowed')) wrong.push(flow);
                }
              }
            }
          }
          expect(wrong).toEqual([]);
        }),
        { numRuns: 100 },
      );
    },
  );

  test('a diff is the difference of two connectivities', () => {
    fc.assert(
      fc.property(policySet, policySet, (old, next) => {
        const [before, after] = [old, next].map((objects) => ({ policies: lowered(objects), inventory: world }));
        if (before === undefined || after === undefined) return;
        const result = diff(before, after);
        const pairs = [...result.added, ...result.removed, ...result.changed];
        for (const [input, name] of [
          [before, 'before'],
          [after, 'after'],
        ] as const) {
          for (const item of connectivity(input).items()) {
            const touching = pairs.filter((pair) => overlaps(pair.from, item.from) && overlaps(pair.to, item.to));
            for (const pair of touching) expect(pair[name]).toEqual(item.connections);
          }
        }
        for (const pair of pairs) expect(pair.before).not.toEqual(pair.after);
      }),
      { numRuns: 60 },
    );
  });
});

function endpoint(end: string): string | { cidr: string } {
  return end.includes('/') ? end : { cidr: `${end}/32` };
}

function covers(item: ConnectivityItem, asked: { from: string; to: string; protocol: string; port: number }): boolean {
  if (!overlaps(item.from, asked.from) || !overlaps(item.to, asked.to)) return false;
  const connection = item.connections.find(({ protocol }) => protocol === asked.protocol);
  return connection?.ports.some(([first, last]) => first <= asked.port && asked.port <= last) === true;
}

function overlaps(one: string, other: string): boolean {
  if (one.includes('/') || other.includes('/')) return one === other;
  const [first, last] = boundsOf(one);
  const [from, to] = boundsOf(other);
  return first <= to && from <= last;
}

function boundsOf(range: string): [number, number] {
  const [first = '', last = first] = range.split('-');
  return [numberOf(first), numberOf(last)];
}

function numberOf(address: string): number {
  return address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
}

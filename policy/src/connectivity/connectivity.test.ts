import { describe, expect, test } from 'vitest';
import type { Policy } from '../model/policy.ts';
import type { JsonObject } from '../source/json.ts';
import { connectivity } from './connectivity.ts';
import type { ConnectivityItem } from './connectivity.ts';
import { changeKinds, diff } from './diff.ts';
import type { ChangedPair, ChangeKind, PolicyDiff } from './diff.ts';
import { cnp, lowered, netpol, pod } from './random-policies.suite.ts';
import { readInventory } from './workloads.ts';
import type { Inventory } from './workloads.ts';

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

  test.each(['::/0', '2001:db8::/32'])('IPv6 is listed where a policy names %s — CONN-5', (cidr) => {
    const egress = [{ to: [{ ipBlock: { cidr } }] }];
    const v6 = netpol('v6', 'shop', { podSelector: { matchLabels: { app: 'web' } }, policyTypes: ['Egress'], egress });
    const outside = listed([v6]).filter((line) => line.startsWith('shop/web[Pod] => ') && !line.includes('/', 17));
    expect(outside).toHaveLength(1);
    expect(outside[0]).toMatch(cidr === '::/0' ? /=> ::-ffff:/ : /=> 2001:db8::-2001:db8:ffff:/);
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
    const { added, removed, changed } = listsOf(result);
    expect([removed, changed]).toEqual([[], []]);
    expect(added.map(({ from, to }) => `${from} => ${to}`)).toContain('shop/web[Pod] => shop/api[Pod]');
    expect(added[0]?.after[0]).toEqual({
      protocol: 'TCP',
      ports: [
        [1, 24],
        [26, 65_535],
      ],
    });
    expect(added[0] && result.responsibleFor(added[0])?.before).toMatchObject([{ effect: 'default-deny' }]);
  });

  test('a set of policies and itself differ in nothing — CONN-7', () => {
    const result = diff(side([denySmtp({})]), side([denySmtp({})]));
    expect([result.isSame, listsOf(result)]).toEqual([true, { added: [], removed: [], changed: [] }]);
  });

  test('a workload that is gone loses its connections — CONN-7', () => {
    const fewer = { policies: [], inventory: readInventory([pod('shop', 'web', { app: 'web' })]) };
    const { removed, added } = listsOf(diff(side([]), fewer));
    expect(added).toEqual([]);
    expect(removed.map(({ from, to }) => `${from} ${to}`)).toContain('shop/web[Pod] shop/api[Pod]');
  });
});

function listsOf(result: PolicyDiff): Record<ChangeKind, ChangedPair[]> {
  const [added = [], removed = [], changed = []] = changeKinds.map((kind) => [...result.pairs(kind)]);
  return { added, removed, changed };
}

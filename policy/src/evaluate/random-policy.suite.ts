import fc from 'fast-check';
import { lowerPolicy } from '../lower/lower-policy.ts';
import type { Policy } from '../model/policy.ts';
import type { Endpoint, Flow } from '../model/world.ts';

/** A small world in which random policies meet often. */
export const endpoints: readonly Endpoint[] = [
  ...['a', 'b'].flatMap((namespace) =>
    ['web', 'api', 'db'].map((app) => ({
      id: `${namespace}/${app}`,
      namespace,
      labels: { app, tier: app === 'db' ? 'back' : 'front' },
      namespaceLabels: { team: namespace },
      ports: app === 'db' ? [] : [{ name: 'http', port: app === 'web' ? 80 : 8080 }],
    })),
  ),
  { id: 'host', entity: 'host' },
  { id: 'node', entity: 'remote-node' },
  { id: 'inside', cidr: '10.1.2.3/32' },
  { id: 'outside', cidr: '203.0.113.9/32', names: ['cdn.example.net'] },
];

const labels = fc.dictionary(fc.constantFrom('app', 'tier'), fc.constantFrom('web', 'api', 'db', 'front', 'back'));
const selector = fc.oneof(
  labels.map((matchLabels) => ({ matchLabels })),
  fc
    .record({ key: fc.constantFrom('app', 'tier'), operator: fc.constantFrom('Exists', 'DoesNotExist') })
    .map((each) => ({
      matchExpressions: [each],
    })),
  fc.array(fc.constantFrom('web', 'api', 'db'), { minLength: 1, maxLength: 2 }).map((values) => ({
    matchExpressions: [{ key: 'app', operator: 'NotIn', values }],
  })),
);

const port = fc.record(
  { port: fc.constantFrom('80', '8080', '0', 'http', '79'), protocol: fc.constantFrom('TCP', 'UDP', 'ANY') },
  { requiredKeys: ['port'] },
);

function item(direction: 'ingress' | 'egress') {
  const prefix = direction === 'egress' ? 'to' : 'from';
  const peers = fc.oneof(
    fc.constant({}),
    fc.array(selector, { maxLength: 2 }).map((each) => ({ [`${prefix}Endpoints`]: each })),
    fc.constantFrom('world', 'cluster', 'host', 'all').map((each) => ({ [`${prefix}Entities`]: [each] })),
    fc.constantFrom('10.0.0.0/8', '10.1.2.0/24', '0.0.0.0/0').map((each) => ({ [`${prefix}CIDR`]: [each] })),
  );
  const ports = fc.oneof(
    fc.constant({}),
    fc.array(port, { minLength: 1, maxLength: 2 }).map((each) => ({ toPorts: [{ ports: each }] })),
  );
  return fc.tuple(peers, ports).map(([one, other]) => ({ ...one, ...other }));
}

const some = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T[]> => fc.array(arbitrary, { minLength: 1, maxLength: 2 });

/** `spec` of a CiliumNetworkPolicy with at least one rule. */
export const spec = fc
  .record(
    {
      endpointSelector: selector,
      ingress: some(item('ingress')),
      egress: some(item('egress')),
      ingressDeny: some(item('ingress')),
      egressDeny: some(item('egress')),
      enableDefaultDeny: fc.record({ ingress: fc.boolean(), egress: fc.boolean() }, { requiredKeys: [] }),
    },
    { requiredKeys: ['endpointSelector'] },
  )
  .filter((each) =>
    [each.ingress, each.egress, each.ingressDeny, each.egressDeny].some((rules) => rules !== undefined),
  );

export const specs = fc.array(fc.record({ namespace: fc.constantFrom('a', 'b'), spec }), {
  minLength: 1,
  maxLength: 4,
});

export function policyOf(name: string, namespace: string, rules: object): Policy {
  const metadata = { name, namespace };
  const lowered = lowerPolicy({ apiVersion: 'cilium.io/v2', kind: 'CiliumNetworkPolicy', metadata, spec: rules });
  if (!lowered.ok) throw new Error(lowered.problems.map(({ message }) => message).join());
  return lowered.value;
}

export function policiesOf(list: readonly { readonly namespace: string; readonly spec: object }[]): Policy[] {
  return list.map((each, index) => policyOf(`p${index}`, each.namespace, each.spec));
}

/** Every pair of ends on a few ports: 10 × 10 × 5 questions. */
export const allFlows: readonly Flow[] = endpoints.flatMap((from) =>
  endpoints.flatMap((to) =>
    [
      { port: 80, protocol: 'TCP' },
      { port: 8080, protocol: 'TCP' },
      { port: 79, protocol: 'UDP' },
      { port: 443, protocol: 'TCP' },
      { port: 8, protocol: 'ICMP' },
    ].map((port) => ({ from: from.id, to: to.id, ...port })),
  ),
);

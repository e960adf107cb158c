import fc from 'fast-check';
import { lowerPolicy } from '../lower/lower-policy.ts';
import type { Policy } from '../model/policy.ts';
import type { JsonObject } from '../source/json.ts';
import { readInventory } from './workloads.ts';

export function pod(namespace: string, name: string, labels: Record<string, string>): JsonObject {
  const containers = [{ name: 'c', ports: [{ name: 'web', containerPort: 8080 + name.length }] }];
  return { apiVersion: 'v1', kind: 'Pod', metadata: { namespace, name, labels }, spec: { containers } };
}

export function lowered(objects: readonly object[], as: 'cilium' | 'kubernetes' = 'cilium'): Policy[] {
  return objects.map((object) => {
    const result = lowerPolicy(object, { as });
    if (!result.ok) throw new Error(JSON.stringify(result.problems));
    return result.value;
  });
}

export const netpol = (name: string, namespace: string, spec: object): object => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { name, namespace },
  spec,
});
export const cnp = (name: string, namespace: string, spec: object): object => ({
  apiVersion: 'cilium.io/v2',
  kind: 'CiliumNetworkPolicy',
  metadata: { name, namespace },
  spec,
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
export const networkPolicy = fc
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
export const ciliumPolicy = fc
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
export const policySet = fc.uniqueArray(fc.oneof(networkPolicy, ciliumPolicy), {
  maxLength: 6,
  selector: (each) => JSON.stringify((each as { metadata: object }).metadata),
});
export const world = readInventory(
  ['n1', 'n2'].flatMap((where) => apps.map((value) => pod(where, value.repeat(2), { app: value }))),
);

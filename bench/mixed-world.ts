import type { Endpoint } from '@bartizan/policy';
import { seededRandom } from './policy-world.ts';

export interface MixedWorld {
  readonly endpoints: readonly Endpoint[];
  /** NetworkPolicies, CiliumNetworkPolicies and a few clusterwide ones. */
  readonly policies: readonly object[];
  readonly queries: readonly MixedQuery[];
}

export interface MixedQuery {
  readonly from: string;
  readonly to: string;
  readonly port: number;
  readonly protocol: string;
}

interface Size {
  readonly workloads: number;
  readonly namespaces: number;
  readonly policies: number;
  readonly queries: number;
}

/** Workloads with labels of their own, and policies of every kind that select tens of them; the same for the same size. */
export function mixedWorld({ workloads, namespaces, policies, queries }: Size): MixedWorld {
  const random = seededRandom(workloads + policies);
  const below = (limit: number): number => Math.floor(random() * limit);
  const pick = <T>(...choices: readonly T[]): T => choices[below(choices.length)] as T;
  const many = <T>(count: number, make: (index: number) => T): T[] =>
    Array.from({ length: count }, (_, index) => make(index));
  const namespace = (): string => `ns-${below(namespaces)}`;
  const keys = ['app', 'tier', 'env', 'app.kubernetes.io/name', 'version'] as const;
  const values = { app: 24, tier: 18, env: 12, 'app.kubernetes.io/name': 12, version: 12 } as const;
  const value = (key: (typeof keys)[number]): string => `${key.at(0)}-${below(values[key])}`;

  const pods = many(workloads, (index): Endpoint => {
    const home = namespace();
    const labels = keys.filter(() => random() < 0.6).map((key) => [key, value(key)]);
    return {
      id: `w${index}`,
      namespace: home,
      labels: { ...Object.fromEntries(labels), workload: `w${index}` },
      namespaceLabels: { 'kubernetes.io/metadata.name': home, team: `team-${Number(home.slice(3)) % 4}` },
      serviceAccount: pick('default', 'sa-1', 'sa-2'),
      ports: [
        { name: 'http', port: pick(80, 8080), protocol: 'TCP' },
        { name: 'metrics', port: 9090, protocol: 'TCP' },
      ],
    };
  });
  const addresses = many(20, (index): Endpoint => {
    const names = index % 4 === 0 ? { names: [`n${index}.example.net`] } : {};
    return { id: `ip${index}`, cidr: `${pick(10, 192, 203)}.${below(3)}.${below(3)}.${index}/32`, ...names };
  });
  const reserved = ['host', 'world', 'remote-node', 'kube-apiserver'].map((entity): Endpoint => ({
    id: entity,
    entity,
  }));
  const endpoints = [...pods, ...addresses, ...reserved];

  const selector = (): object => {
    const key = pick(...keys);
    const expression = { key, operator: pick('In', 'NotIn', 'Exists'), values: [value(key), value(key)] };
    const { values: _, ...exists } = expression;
    return random() < 0.6
      ? { matchLabels: { [key]: value(key) } }
      : { matchExpressions: [expression.operator === 'Exists' ? exists : expression] };
  };
  const block = (): string => pick('10.0.0.0/8', '10.1.0.0/16', '192.0.0.0/8', '203.0.2.0/24', '0.0.0.0/0');
  const ports = (): object => ({
    ports: many(1 + below(2), () => ({
      port: pick('80', '443', '8080', '53', '9090', '0', 'http'),
      protocol: pick('TCP', 'TCP', 'UDP', 'ANY'),
    })),
  });
  const item = (prefix: 'from' | 'to'): object => {
    const kind = random();
    const elsewhere = { matchLabels: { 'k8s:io.kubernetes.pod.namespace': namespace() } };
    const peers =
      kind < 0.5
        ? { [`${prefix}Endpoints`]: many(1 + below(2), () => (random() < 0.3 ? elsewhere : selector())) }
        : kind < 0.7
          ? { [`${prefix}CIDR`]: many(1 + below(2), block) }
          : kind < 0.9
            ? { [`${prefix}Entities`]: [pick('cluster', 'world', 'host', 'kube-apiserver')] }
            : {};
    return random() < 0.35 && kind < 0.9 ? peers : { ...peers, toPorts: [ports()] };
  };
  const rule = (): object => ({
    endpointSelector: selector(),
    ingress: many(1 + below(3), () => item('from')),
    egress: many(1 + below(3), () => item('to')),
    ...(random() < 0.3 ? { ingressDeny: [item('from')] } : {}),
    ...(random() < 0.3 ? { egressDeny: [item('to')] } : {}),
  });
  const kubernetesRule = (side: 'from' | 'to'): object => ({
    [side]: many(1 + below(2), () =>
      pick(
        { podSelector: selector() },
        { namespaceSelector: {}, podSelector: selector() },
        { ipBlock: { cidr: block() } },
      ),
    ),
    ports: many(1 + below(2), () => ({
      port: pick<number | string>(80, 443, 8080, 'http'),
      protocol: pick('TCP', 'UDP'),
    })),
  });
  const policy = (index: number): object => {
    const metadata = { name: `p${index}` };
    const kind = random();
    if (kind < 0.3) {
      const spec = {
        podSelector: selector(),
        policyTypes: ['Ingress', 'Egress'],
        ingress: [kubernetesRule('from')],
        egress: [kubernetesRule('to')],
      };
      return {
        apiVersion: 'networking.k8s.io/v1',
        kind: 'NetworkPolicy',
        metadata: { ...metadata, namespace: namespace() },
        spec,
      };
    }
    if (kind < 0.34)
      return { apiVersion: 'cilium.io/v2', kind: 'CiliumClusterwideNetworkPolicy', metadata, spec: rule() };
    return {
      apiVersion: 'cilium.io/v2',
      kind: 'CiliumNetworkPolicy',
      metadata: { ...metadata, namespace: namespace() },
      spec: rule(),
    };
  };
  const end = (): Endpoint => (random() < 0.9 ? pods : endpoints)[below(workloads)] ?? pick(...endpoints);
  const query = (): MixedQuery => ({
    from: end().id,
    to: end().id,
    port: pick(80, 443, 8080, 53, 9090, 5432),
    protocol: pick('TCP', 'TCP', 'TCP', 'UDP'),
  });
  return { endpoints, policies: many(policies, policy), queries: many(queries, query) };
}

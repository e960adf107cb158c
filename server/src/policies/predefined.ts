import type { KubernetesObject } from '@bartizan/backends';

export interface PredefinedPolicy {
  readonly name: string;
  readonly description: string;
  readonly spec: Readonly<Record<string, unknown>>;
}

/** Plain NetworkPolicies, so that they mean the same under every network plug-in. */
export const predefinedPolicies: readonly PredefinedPolicy[] = [
  {
    name: 'drop-outbound',
    description: 'No pod of the namespace may connect to anything, DNS included.',
    spec: { podSelector: {}, policyTypes: ['Egress'] },
  },
  {
    name: 'allow-inbound-http',
    description: 'Pods of the namespace accept connections on ports 80 and 443 from anywhere, and no others.',
    spec: {
      podSelector: {},
      policyTypes: ['Ingress'],
      ingress: [
        {
          ports: [
            { port: 80, protocol: 'TCP' },
            { port: 443, protocol: 'TCP' },
          ],
        },
      ],
    },
  },
];

/** As the editor writes it. */
const descriptionKey = 'kubernetes.io/description';

export function predefinedObject(policy: PredefinedPolicy, namespace: string): KubernetesObject {
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: policy.name, namespace, annotations: { [descriptionKey]: policy.description } },
    spec: policy.spec,
  };
}

/** Cilium's policies have a field for it; a NetworkPolicy has only annotations. */
export function descriptionOf(object: KubernetesObject): string | null {
  const { spec, description } = object as { spec?: unknown; description?: unknown };
  const inSpec = typeof spec === 'object' && spec !== null && 'description' in spec ? spec.description : undefined;
  for (const text of [inSpec, object.metadata.annotations?.[descriptionKey], description])
    if (typeof text === 'string' && text !== '') return text;
  return null;
}

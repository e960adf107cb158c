import { lowerPolicy, readInventory } from '@bartizan/policy';
import type { Inventory, JsonObject, Policy } from '@bartizan/policy';

export interface PolicyWorld {
  readonly inventory: Inventory;
  readonly policies: readonly Policy[];
}

/** Numbers from 0 to below 1, the same for the same seed (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Deployments with labels of their own and of their tier, in `namespaces` namespaces, and NetworkPolicies among them. */
export function policyWorld(deployments: number, policies: number, isolated: 'few' | 'most'): PolicyWorld {
  const namespaces = deployments / 50;
  const random = seededRandom(deployments);
  const below = (limit: number): number => Math.floor(random() * limit);
  const objects = Array.from({ length: deployments }, (_, index) => deployment(index, index % namespaces));
  const selector = (): object =>
    random() < 0.5
      ? { matchLabels: { app: `app-${below(deployments)}` } }
      : { matchLabels: { tier: `tier-${below(8)}` } };
  const peer = (): object => {
    const kind = random();
    if (kind < 0.5) return { podSelector: selector() };
    if (kind < 0.8)
      return {
        namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': `ns-${below(namespaces)}` } },
        podSelector: selector(),
      };
    return { ipBlock: { cidr: `10.${below(256)}.0.0/16`, except: [`10.${below(256)}.1.0/24`] } };
  };
  const rule = (side: 'from' | 'to'): object => ({
    [side]: Array.from({ length: 1 + below(3) }, peer),
    ports: Array.from({ length: 1 + below(3) }, () => ({ port: 1000 + below(50), endPort: 1050 + below(50) })),
  });
  const list = Array.from({ length: policies }, (_, index) => ({
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: `policy-${index}`, namespace: `ns-${below(namespaces)}` },
    spec: {
      podSelector:
        isolated === 'few' ? { matchLabels: { app: `app-${below(deployments)}` } } : random() < 0.2 ? {} : selector(),
      policyTypes: ['Ingress', 'Egress'],
      ingress: Array.from({ length: 1 + below(3) }, () => rule('from')),
      egress: Array.from({ length: 1 + below(3) }, () => rule('to')),
    },
  }));
  return { inventory: readInventory(objects), policies: list.map(lowered) };
}

function lowered(object: object): Policy {
  const result = lowerPolicy(object);
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.value;
}

function deployment(index: number, namespace: number): JsonObject {
  const labels = { app: `app-${index}`, tier: `tier-${index % 8}` };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: `app-${index}`, namespace: `ns-${namespace}` },
    spec: { template: { metadata: { labels }, spec: { containers: [{ name: 'app' }] } } },
  };
}

import type { Policy, PolicyKind } from '@bartizan/api';
import type { Cluster, KubernetesObject } from '@bartizan/backends';
import type { PodFinder } from './selected-pods.ts';
import { staticView } from './policy-view.ts';
import type { StaticView } from './policy-view.ts';
import { predefinedObject, predefinedPolicies } from './predefined.ts';

export const policyKinds: readonly PolicyKind[] = [
  'NetworkPolicy',
  'CiliumNetworkPolicy',
  'CiliumClusterwideNetworkPolicy',
];

/** The policies of a cluster as people see them. */
export interface Catalogue {
  /** Deployed ones of these namespaces, and the cluster's own. */
  deployed(cluster: Cluster, namespaces: readonly string[]): Policy[];
  /** Offered ones that are not deployed, once for each namespace. */
  predefined(cluster: Cluster, namespaces: readonly string[]): Policy[];
  view(cluster: Cluster, object: KubernetesObject): Policy;
}

export function createCatalogue(finder: PodFinder): Catalogue {
  // An object in the cluster's memory is replaced, never changed, so what was worked out for it stays true.
  const known = new WeakMap<KubernetesObject, StaticView>();

  function fixed(object: KubernetesObject): StaticView {
    const cached = known.get(object);
    if (cached) return cached;
    const view = staticView(object, { isDeployed: true });
    known.set(object, view);
    return view;
  }

  return {
    deployed: (cluster, namespaces) =>
      policyKinds
        .flatMap((kind) => cluster.list(kind))
        .filter(({ metadata }) => metadata.namespace === undefined || namespaces.includes(metadata.namespace))
        .map((object) => withPods(fixed(object), { cluster, object, finder })),
    predefined: (cluster, namespaces) => {
      const taken = new Set(
        policyKinds
          .flatMap((kind) => cluster.list(kind))
          .map(({ metadata }) => `${metadata.namespace ?? ''}/${metadata.name}`),
      );
      return namespaces.flatMap((namespace) =>
        predefinedPolicies
          .filter(({ name }) => !taken.has(`${namespace}/${name}`))
          .map((policy) => predefinedObject(policy, namespace))
          .map((object) => withPods(staticView(object, { isDeployed: false }), { cluster, object, finder })),
      );
    },
    view: (cluster, object) => withPods(staticView(object, { isDeployed: true }), { cluster, object, finder }),
  };
}

function withPods(
  view: StaticView,
  { cluster, object, finder }: { cluster: Cluster; object: KubernetesObject; finder: PodFinder },
): Policy {
  return { ...view, selects: { words: view.selects.words, pods: finder(cluster, object)?.length ?? null } };
}

import type { Policy, PolicyKind } from '@bartizan/api';
import type { Cluster, KubernetesObject } from '@bartizan/backends';
import type { PodFinder } from './selected-pods.ts';
import { staticView } from './policy-view.ts';
import type { StaticView } from './policy-view.ts';
import { offeredFor } from './predefined/offer.ts';
import type { Dialect, Offered } from './predefined/offer.ts';

export const policyKinds: readonly PolicyKind[] = [
  'NetworkPolicy',
  'CiliumNetworkPolicy',
  'CiliumClusterwideNetworkPolicy',
];

/** The policies of a cluster as people see them. */
export interface Catalogue {
  /** What is deployed in these namespaces, and the cluster's own. */
  objects(cluster: Cluster, namespaces: readonly string[]): KubernetesObject[];
  /** One of them as people see it: worked out once for each version of it. */
  deployed(cluster: Cluster, object: KubernetesObject): Policy;
  /** Offered ones that are not deployed, once for each namespace. */
  predefined(cluster: Cluster, namespaces: readonly string[], dialect?: Dialect | null): Policy[];
  view(cluster: Cluster, object: KubernetesObject): Policy;
}

export function createCatalogue(finder: PodFinder): Catalogue {
  // An object in the cluster's memory is replaced, never changed, so what was worked out for it stays true.
  const known = new WeakMap<KubernetesObject, StaticView>();
  const offers = new Map<
    string,
    { readonly text: string; readonly object: KubernetesObject; readonly view: StaticView }
  >();

  function fixed(object: KubernetesObject): StaticView {
    const cached = known.get(object);
    if (cached) return cached;
    const view = staticView(object, { isDeployed: true });
    known.set(object, view);
    return view;
  }

  /** What is offered changes only with what it names, so that it too is worked out once. */
  function offered(cluster: Cluster, { object, doubts }: Offered): Policy {
    const key = `${cluster.name}/${object.metadata.namespace}/${object.kind}/${object.metadata.name}`;
    const text = JSON.stringify(object['spec']);
    const cached = offers.get(key);
    const made = cached?.text === text ? cached : { text, object, view: staticView(object, { isDeployed: false }) };
    if (made !== cached) offers.set(key, made);
    const view = withPods(made.view, { cluster, object: made.object, finder });
    return { ...view, problems: [...doubts, ...view.problems] };
  }

  return {
    objects: (cluster, namespaces) =>
      policyKinds
        .flatMap((kind) => cluster.list(kind))
        .filter(({ metadata }) => metadata.namespace === undefined || namespaces.includes(metadata.namespace)),
    deployed: (cluster, object) => withPods(fixed(object), { cluster, object, finder }),
    predefined: (cluster, namespaces, dialect) => {
      const taken = new Set(
        policyKinds
          .flatMap((kind) => cluster.list(kind))
          .map(({ metadata }) => `${metadata.namespace ?? ''}/${metadata.name}`),
      );
      return offeredFor(cluster, namespaces, dialect)
        .filter(({ object: { metadata } }) => !taken.has(`${metadata.namespace ?? ''}/${metadata.name}`))
        .map((offer) => offered(cluster, offer));
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

import type { Cluster, KubernetesObject } from '@bartizan/backends';
import { compile, lowerPolicy, selectedEndpoints } from '@bartizan/policy';
import type { Engine } from '@bartizan/policy';
import { worldOf } from './world.ts';

/** How many pods a policy selects now; null where the pods cannot be read, or the policy cannot be understood. */
export type PodCounter = (cluster: Cluster, object: KubernetesObject) => number | null;

/** Counts are kept until a pod, a namespace or the policy changes. */
export function countSelectedPods(): PodCounter {
  const worlds = new WeakMap<Cluster, { engine: Engine | null; counts: WeakMap<KubernetesObject, number | null> }>();

  function worldFor(cluster: Cluster) {
    const known = worlds.get(cluster) ?? { engine: null, counts: new WeakMap<KubernetesObject, number | null>() };
    if (!worlds.has(cluster)) {
      worlds.set(cluster, known);
      cluster.onChange((kind) => {
        if (kind === 'Pod' || kind === 'Namespace') known.engine = null;
      });
    }
    if (known.engine === null) {
      known.engine = compile([], worldOf(cluster));
      known.counts = new WeakMap();
    }
    return { engine: known.engine, counts: known.counts };
  }

  return (cluster, object) => {
    if (cluster.state('Pod').state !== 'ok') return null;
    const { engine, counts } = worldFor(cluster);
    const counted = counts.get(object);
    if (counted !== undefined) return counted;
    const lowered = lowerPolicy(object);
    const count = lowered.ok ? selectedEndpoints(engine, lowered.value).length : null;
    counts.set(object, count);
    return count;
  };
}

import type { Cluster, KubernetesObject } from '@bartizan/backends';
import { compile, lowerPolicy, selectedEndpoints } from '@bartizan/policy';
import type { Engine } from '@bartizan/policy';
import { worldOf } from './world.ts';

/** The pods (`namespace/name`) that a policy selects now; null where pods cannot be read, or the policy cannot be understood. */
export type PodFinder = (cluster: Cluster, object: KubernetesObject) => readonly string[] | null;

/** What was found is kept until a pod, a namespace or the policy changes. */
export function createPodFinder(): PodFinder {
  const worlds = new WeakMap<
    Cluster,
    { engine: Engine | null; found: WeakMap<KubernetesObject, readonly string[] | null> }
  >();

  function worldFor(cluster: Cluster) {
    const known = worlds.get(cluster) ?? { engine: null, found: new WeakMap() };
    if (!worlds.has(cluster)) {
      worlds.set(cluster, known);
      cluster.onChange((kind) => {
        if (kind === 'Pod' || kind === 'Namespace') known.engine = null;
      });
    }
    if (known.engine === null) {
      known.engine = compile([], worldOf(cluster));
      known.found = new WeakMap();
    }
    return { engine: known.engine, found: known.found };
  }

  return (cluster, object) => {
    if (cluster.state('Pod').state !== 'ok') return null;
    const { engine, found } = worldFor(cluster);
    const known = found.get(object);
    if (known !== undefined) return known;
    const lowered = lowerPolicy(object);
    const pods = lowered.ok ? selectedEndpoints(engine, lowered.value) : null;
    found.set(object, pods);
    return pods;
  };
}

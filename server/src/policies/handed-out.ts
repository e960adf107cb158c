import type { KubernetesObject } from '@bartizan/backends';
import { contentOf } from './content.ts';

/**
 * What the versions say that were handed out. Cilium's operator writes its verdict into the status of a policy a moment after
 * each change, and the resourceVersion moves with it: whoever saw the version before that saw the same policy.
 */
export interface HandedOut {
  add(cluster: string, object: KubernetesObject): void;
  /** Whether `resourceVersion` was handed out and said the same as this object does. */
  saysTheSame(cluster: string, resourceVersion: string, object: KubernetesObject): boolean;
}

/** Of older versions nobody knows any more what they said: a write to those is refused, as one to a changed policy is. */
const mostKept = 2000;

export function createHandedOut(): HandedOut {
  const contents = new Map<string, string>();
  const keyOf = (cluster: string, { kind, metadata }: KubernetesObject, resourceVersion: string): string =>
    [cluster, kind, metadata.namespace ?? '', metadata.name, metadata.uid ?? '', resourceVersion].join('/');
  return {
    add(cluster, object) {
      const { resourceVersion } = object.metadata;
      if (resourceVersion === undefined) return;
      const key = keyOf(cluster, object, resourceVersion);
      // The answer to a dry run carries the version that is there, and what is not.
      if (contents.has(key)) return;
      contents.set(key, contentOf(object));
      const [oldest] = contents.keys();
      if (contents.size > mostKept && oldest !== undefined) contents.delete(oldest);
    },
    saysTheSame: (cluster, resourceVersion, object) =>
      contents.get(keyOf(cluster, object, resourceVersion)) === contentOf(object),
  };
}

import type { Cluster } from '@bartizan/backends';

/**
 * Says which namespace an ingress upstream (`NAMESPACE-SERVICE-PORT`) belongs to. Names contain dashes, so the longest match
 * against the Services that exist decides; null where none fits.
 */
export function createAttribution(cluster: Cluster | undefined): (upstream: string | null) => string | null {
  if (!cluster) return () => null;
  let prefixes: readonly { readonly prefix: string; readonly namespace: string }[] | null = null;
  let known = new Map<string, string | null>();
  cluster.onChange((kind) => {
    if (kind === 'Service') prefixes = null;
  });
  return (upstream) => {
    if (upstream === null) return null;
    if (prefixes === null) {
      known = new Map();
      prefixes = cluster
        .list('Service')
        .map(({ metadata: { name, namespace = '' } }) => ({ prefix: `${namespace}-${name}-`, namespace }))
        .sort((left, right) => right.prefix.length - left.prefix.length);
    }
    const found = known.get(upstream);
    if (found !== undefined) return found;
    const namespace = prefixes.find(({ prefix }) => upstream.startsWith(prefix))?.namespace ?? null;
    known.set(upstream, namespace);
    return namespace;
  };
}

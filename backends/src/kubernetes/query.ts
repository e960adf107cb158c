import type { PolicyRef, WatchedKind, WriteOptions } from '../cluster.ts';

interface Resource {
  /** The API versions that serve it, the preferred one first. */
  readonly roots: readonly string[];
  readonly plural: string;
  readonly isNamespaced: boolean;
  readonly words: string;
}

const cilium = '/apis/cilium.io/v2';

export const resources: Readonly<Record<WatchedKind, Resource>> = {
  NetworkPolicy: row(['/apis/networking.k8s.io/v1'], 'networkpolicies', 'network policies'),
  CiliumNetworkPolicy: row([cilium], 'ciliumnetworkpolicies', 'Cilium network policies'),
  CiliumClusterwideNetworkPolicy: {
    ...row([cilium], 'ciliumclusterwidenetworkpolicies', 'Cilium clusterwide network policies'),
    isNamespaced: false,
  },
  CiliumCIDRGroup: {
    ...row([cilium, '/apis/cilium.io/v2alpha1'], 'ciliumcidrgroups', 'Cilium CIDR groups'),
    isNamespaced: false,
  },
  Pod: row(['/api/v1'], 'pods', 'pods'),
  Service: row(['/api/v1'], 'services', 'services'),
  Namespace: { ...row(['/api/v1'], 'namespaces', 'namespaces'), isNamespaced: false },
};

function row(roots: readonly string[], plural: string, words: string): Resource {
  return { roots, plural, words, isNamespaced: true };
}

/** All of a kind, or those of one namespace. */
export function collectionPath(of: {
  readonly kind: WatchedKind;
  readonly root: string;
  readonly namespace?: string | undefined;
}): string {
  const scope = of.namespace === undefined ? '' : `/namespaces/${encodeURIComponent(of.namespace)}`;
  return `${of.root}${scope}/${resources[of.kind].plural}`;
}

/** The next page of a list; without `limit` the whole of it. */
export function listPath(
  collection: string,
  page: { readonly limit?: number; readonly continue?: string | undefined },
): string {
  const query = new URLSearchParams();
  if (page.limit !== undefined) query.set('limit', `${page.limit}`);
  if (page.continue !== undefined) query.set('continue', page.continue);
  return query.size === 0 ? collection : `${collection}?${query}`;
}

export function watchPath(
  collection: string,
  from: { readonly resourceVersion: string; readonly timeoutSeconds: number },
): string {
  const query = new URLSearchParams({
    watch: 'true',
    allowWatchBookmarks: 'true',
    resourceVersion: from.resourceVersion,
    timeoutSeconds: `${from.timeoutSeconds}`,
  });
  return `${collection}?${query}`;
}

/** Where the objects of a namespace are created. */
export function createPath(ref: Omit<PolicyRef, 'name'>, options: WriteOptions): string {
  return `${parentPath(ref)}?${writeQuery(options)}`;
}

export function objectPath(ref: PolicyRef): string {
  return `${parentPath(ref)}/${encodeURIComponent(ref.name)}`;
}

export function replacePath(ref: PolicyRef, options: WriteOptions): string {
  return `${objectPath(ref)}?${writeQuery(options)}`;
}

export function deleteBody(options: WriteOptions & { readonly resourceVersion: string }): object {
  return {
    kind: 'DeleteOptions',
    apiVersion: 'v1',
    preconditions: { resourceVersion: options.resourceVersion },
    ...(options.dryRun ? { dryRun: ['All'] } : {}),
  };
}

/** How an error message calls it: `network policy shop/api`. */
export function inWords({ kind, namespace, name }: PolicyRef): string {
  return `${kind} ${namespace === '' ? name : `${namespace}/${name}`}`;
}

function parentPath({ kind, namespace }: Omit<PolicyRef, 'name'>): string {
  const { roots, plural, isNamespaced } = resources[kind];
  const scope = isNamespaced ? `/namespaces/${encodeURIComponent(namespace)}` : '';
  return `${roots[0]}${scope}/${plural}`;
}

function writeQuery({ dryRun }: WriteOptions): URLSearchParams {
  const query = new URLSearchParams({ fieldManager: 'bartizan', fieldValidation: 'Strict' });
  if (dryRun) query.set('dryRun', 'All');
  return query;
}

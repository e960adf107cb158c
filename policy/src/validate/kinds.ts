import type { Manifest } from '../source/manifest.ts';

export type PolicyKind = 'NetworkPolicy' | 'CiliumNetworkPolicy' | 'CiliumClusterwideNetworkPolicy';

export interface KnownKind {
  readonly kind: PolicyKind | 'CiliumCIDRGroup';
  /** Why no API server has such a kind. */
  readonly fault?: { readonly field: 'apiVersion' | 'kind'; readonly message: string };
}

const groups: Readonly<Record<KnownKind['kind'], { readonly group: string; readonly versions: readonly string[] }>> = {
  NetworkPolicy: { group: 'networking.k8s.io', versions: ['v1'] },
  CiliumNetworkPolicy: { group: 'cilium.io', versions: ['v2'] },
  CiliumClusterwideNetworkPolicy: { group: 'cilium.io', versions: ['v2'] },
  CiliumCIDRGroup: { group: 'cilium.io', versions: ['v2', 'v2alpha1'] },
};

const kinds = ['NetworkPolicy', 'CiliumNetworkPolicy', 'CiliumClusterwideNetworkPolicy', 'CiliumCIDRGroup'] as const;

/** Which of the kinds we validate an object is, or means to be; undefined for all others. */
export function kindOf({ apiVersion, kind }: Pick<Manifest, 'apiVersion' | 'kind'>): KnownKind | undefined {
  const plain = kind.toLowerCase().replace(/ies$/, 'y').replace(/s$/, '');
  const known = kinds.find((each) => each.toLowerCase() === plain);
  if (known === undefined) return undefined;
  const { group, versions } = groups[known];
  const [ownGroup = '', version = ''] = apiVersion.split('/');
  if (ownGroup !== group && !isOtherNameOf(known, ownGroup)) return undefined;
  if (ownGroup !== group || !versions.includes(version) || apiVersion.split('/').length !== 2) {
    const message = `No API server has a ${known} of \`${apiVersion}\`: write \`${group}/${versions[0] ?? ''}\``;
    return { kind: known, fault: { field: 'apiVersion', message } };
  }
  if (kind !== known)
    return { kind: known, fault: { field: 'kind', message: `\`${kind}\` is not a kind: write \`${known}\`` } };
  return { kind: known };
}

/** Groups that held the kind once, or that people take for its group; Calico has a NetworkPolicy of its own. */
function isOtherNameOf(kind: KnownKind['kind'], group: string): boolean {
  if (kind !== 'NetworkPolicy') return true;
  return ['extensions', 'networking', 'v1', 'apps', 'cilium.io'].includes(group);
}

/** Whether an object is a policy, rightly written or not. */
export function isPolicy(manifest: Pick<Manifest, 'apiVersion' | 'kind'>): boolean {
  const known = kindOf(manifest);
  return known !== undefined && known.kind !== 'CiliumCIDRGroup';
}

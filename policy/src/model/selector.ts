export type LabelOperator = 'In' | 'NotIn' | 'Exists' | 'DoesNotExist';

/** One condition on a label. The source `any` matches a label of every source (`k8s`, `reserved`, `cidr` …). */
export interface Requirement {
  readonly source: string;
  readonly key: string;
  readonly operator: LabelOperator;
  readonly values: readonly string[];
}

/**
 * All requirements must hold; none at all selects everything.
 * `cluster` adds the local cluster: `local` always, `default` unless the agents run with policy-default-local-cluster=false.
 */
export interface Selector {
  readonly requirements: readonly Requirement[];
  readonly cluster: 'any' | 'default' | 'local';
}

export const namespaceKey = 'io.kubernetes.pod.namespace';
export const namespaceLabelPrefix = 'io.cilium.k8s.namespace.labels.';
export const serviceAccountKey = 'io.cilium.k8s.policy.serviceaccount';
export const clusterKey = 'io.cilium.k8s.policy.cluster';
export const cidrGroupNameKey = 'io.cilium.policy.cidrgroupname';

/** `source:key`, as selectors write it; without a source the key is of any source. */
export function splitKey(text: string): { readonly source: string; readonly key: string } {
  const colon = text.indexOf(':');
  if (colon < 0) return { source: 'any', key: text };
  const source = text.slice(0, colon);
  return { source: source === '' || source === 'unspec' ? 'any' : source, key: text.slice(colon + 1) };
}

export function isPositive(operator: LabelOperator): boolean {
  return operator === 'In' || operator === 'Exists';
}

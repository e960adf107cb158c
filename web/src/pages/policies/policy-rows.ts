import type { DeletedPolicy, Policy, PolicyKind, PolicyState } from '@bartizan/api';
import type { PoliciesSearch, PolicySort } from '../../search.ts';

export function countByState(policies: readonly Policy[]): Readonly<Record<PolicyState, number>> {
  const counts = { enforced: 0, disabled: 0, predefined: 0, 'not-applied': 0 };
  for (const { state } of policies) counts[state] += 1;
  return counts;
}

const kindNames: Readonly<Record<PolicyKind, string>> = {
  NetworkPolicy: 'Kubernetes',
  CiliumNetworkPolicy: 'Cilium',
  CiliumClusterwideNetworkPolicy: 'Cilium clusterwide',
};

export function kindLabel(kind: PolicyKind): string {
  return kindNames[kind];
}

const ownerNames = {
  'auto-devops': 'Auto DevOps',
  helm: 'Helm',
  'argo-cd': 'Argo CD',
  flux: 'Flux',
  fleet: 'Fleet',
  kustomize: 'Kustomize',
  controller: 'Controller',
} as const;

/** Who owns a policy, in one word; what nothing owns was made by hand. */
export function ownerLabel(policy: Pick<Policy, 'owner' | 'state'>): string {
  if (policy.owner) return ownerNames[policy.owner.kind];
  return policy.state === 'predefined' ? 'Bartizan' : 'By hand';
}

/** What a policy selects, without what its row says anyway: `app=web`, `every pod`. */
export function selectsShort({ namespace, selects }: Pick<Policy, 'namespace' | 'selects'>): string {
  const own = namespace === '' ? ' in any namespace' : ` in namespace ${namespace}`;
  return selects.words.replace(own, '').replace(/^pods with /, '');
}

/** The same policy has the same key, in whatever order. */
export function policyKey({ namespace, kind, name }: Pick<Policy, 'namespace' | 'kind' | 'name'>): string {
  return `${namespace || '-'}/${kind}/${name}`;
}

/** The policies that the filter lets through, in the order asked for; what is only offered comes after what is deployed. */
export function policyRows(policies: readonly Policy[], search: PoliciesSearch): readonly Policy[] {
  return createPolicyFilter()(sortPolicies(policies, search.sort), search);
}

export function sortPolicies(
  policies: readonly Policy[],
  sort: PoliciesSearch['sort'] | undefined = 'problems',
): readonly Policy[] {
  const isDown = sort.startsWith('-');
  const column = sort.replace(/^-/, '') as PolicySort;
  const compare = comparers[column];
  const rank = ({ state }: Policy) => Number(column !== 'state' && state === 'predefined');
  return policies.toSorted((a, b) => rank(a) - rank(b) || (isDown ? -compare(a, b) : compare(a, b)) || byName(a, b));
}

/** Lets through what the filter asks for. It remembers the text of each policy: it is asked again at each key. */
export function createPolicyFilter(): (policies: readonly Policy[], search: PoliciesSearch) => readonly Policy[] {
  const texts = new WeakMap<Policy, string>();
  const textFor = (policy: Policy): string => {
    const text = texts.get(policy) ?? textOf(policy);
    texts.set(policy, text);
    return text;
  };
  return (policies, search) => {
    const wanted = search.q?.toLowerCase() ?? '';
    return policies.filter((policy) => isShown(policy, search) && (wanted === '' || textFor(policy).includes(wanted)));
  };
}

/** The deleted policies that the filter lets through, the last one first. */
export function deletedRows(policies: readonly DeletedPolicy[], search: PoliciesSearch): readonly DeletedPolicy[] {
  const { q = '', kind, namespace } = search;
  return policies.filter(
    (policy) =>
      (!kind || policy.kind === kind) &&
      (!namespace || (policy.namespace || '-') === namespace) &&
      `${policy.namespace}/${policy.name}`.toLowerCase().includes(q.toLowerCase()),
  );
}

function isShown(policy: Policy, { state, kind, namespace, problems }: PoliciesSearch): boolean {
  if (state && policy.state !== state) return false;
  if (kind && policy.kind !== kind) return false;
  if (namespace && (policy.namespace || '-') !== namespace) return false;
  return !problems || policy.problems.length > 0;
}

function textOf(policy: Policy): string {
  const { name, namespace, kind, description, selects, manifest } = policy;
  return [name, namespace, kind, description ?? '', selects.words, ownerLabel(policy), manifest]
    .join('\n')
    .toLowerCase();
}

type Compare = (a: Policy, b: Policy) => number;

const stateOrder: readonly PolicyState[] = ['not-applied', 'enforced', 'disabled', 'predefined'];
const byName: Compare = (a, b) =>
  a.name.localeCompare(b.name) || a.namespace.localeCompare(b.namespace) || a.kind.localeCompare(b.kind);

const comparers: Readonly<Record<PolicySort, Compare>> = {
  state: (a, b) => stateOrder.indexOf(a.state) - stateOrder.indexOf(b.state),
  name: byName,
  namespace: (a, b) => a.namespace.localeCompare(b.namespace),
  kind: (a, b) => kindLabel(a.kind).localeCompare(kindLabel(b.kind)),
  selects: (a, b) => a.selects.words.localeCompare(b.selects.words),
  pods: (a, b) => (b.selects.pods ?? -1) - (a.selects.pods ?? -1),
  problems: (a, b) => weight(b) - weight(a),
  owner: (a, b) => ownerLabel(a).localeCompare(ownerLabel(b)),
  modified: (a, b) => modifiedMs(b) - modifiedMs(a),
};

function weight({ problems }: Policy): number {
  return problems.reduce((sum, { severity }) => sum + (severity === 'error' ? 1000 : 1), 0);
}

function modifiedMs({ modified, createdAt }: Policy): number {
  const ms = Date.parse(modified?.at ?? createdAt ?? '');
  return Number.isFinite(ms) ? ms : 0;
}

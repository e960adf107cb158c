import type { JsonValue } from '../source/json.ts';
import { nounWith, requirementPhrase, requirementsOf } from './selector.ts';
import type { Requirement } from './selector.ts';
import { list, part, say } from './words.ts';
import type { Phrase } from './words.ts';

const namespaceKey = 'io.kubernetes.pod.namespace';
const namespaceLabelPrefix = 'io.cilium.k8s.namespace.labels.';
const clusterKey = 'io.cilium.k8s.policy.cluster';
const serviceAccountKey = 'io.cilium.k8s.policy.serviceaccount';

/** Where a policy stands: `undefined` is cluster-wide. */
export interface Scope {
  readonly namespace: string | undefined;
}

export interface PodsPhrase {
  readonly phrase: Phrase;
  /** The selector names the cluster itself, so the implied "this cluster" does not hold. */
  readonly namesCluster: boolean;
}

/** What an entry of `fromEndpoints` or `toEndpoints` selects, with the scope that Cilium adds. WORD-20 to WORD-23. */
export function ciliumPeerPods(selector: JsonValue | undefined, scope: Scope): PodsPhrase | undefined {
  const requirements = requirementsOf(selector);
  if (requirements === undefined) return undefined;
  const isReserved = requirements.some(({ key }) => key.startsWith('reserved:') || key.startsWith('reserved.'));
  const parts = sortRequirements(requirements);
  const namesCluster = parts.cluster.length > 0;
  if (isReserved) return { phrase: endpointsPhrase(requirements), namesCluster };
  const place =
    parts.namespace.length > 0 || parts.namespaceLabels.length > 0
      ? namespacesPhrase(parts)
      : scope.namespace === undefined
        ? say`in any namespace`
        : inNamespace(scope.namespace);
  return { phrase: say`${podsPhrase(parts)} ${place}${clusterPhrase(parts)}`, namesCluster };
}

/** The subject of a rule. A CiliumNetworkPolicy's namespace always applies: it overrides one under the key's `k8s:` form. */
export function ciliumSubject(selector: JsonValue | undefined, scope: Scope): Phrase | undefined {
  const requirements = requirementsOf(selector);
  if (requirements === undefined) return undefined;
  const effective =
    scope.namespace === undefined ? requirements : requirements.filter(({ key }) => key !== `k8s:${namespaceKey}`);
  if (effective.some(({ key }) => key.startsWith('reserved:'))) {
    const phrase = endpointsPhrase(effective);
    return scope.namespace === undefined ? phrase : say`${phrase} ${inNamespace(scope.namespace)}`;
  }
  const parts = sortRequirements(effective);
  const named = parts.namespace.length > 0 || parts.namespaceLabels.length > 0;
  const places = [
    ...(scope.namespace === undefined ? [] : [inNamespace(scope.namespace)]),
    ...(named ? [namespacesPhrase(parts)] : []),
  ];
  const place = places.length > 0 ? list(places) : say`in any namespace`;
  return say`${podsPhrase(parts)} ${place}${clusterPhrase(parts)}`;
}

/** What the selector of the subject says about a namespace and Cilium overrides. */
export function overriddenNamespace(selector: JsonValue | undefined, scope: Scope): string | undefined {
  if (scope.namespace === undefined) return undefined;
  const foreign = requirementsOf(selector)?.find(
    ({ key, values }) => key === `k8s:${namespaceKey}` && !values.includes(scope.namespace ?? ''),
  );
  return foreign?.values.join(', ');
}

/** The namespace of a policy without one is decided by who applies it. */
export function inNamespace(namespace: string): Phrase {
  return namespace === ''
    ? say`in the namespace the policy is applied to`
    : say`in namespace ${part('namespace', namespace)}`;
}

interface SortedRequirements {
  readonly pods: readonly Requirement[];
  readonly accounts: readonly Requirement[];
  readonly namespace: readonly Requirement[];
  readonly namespaceLabels: readonly Requirement[];
  readonly cluster: readonly Requirement[];
}

function sortRequirements(requirements: readonly Requirement[]): SortedRequirements {
  const of = (matches: (key: string) => boolean): Requirement[] =>
    requirements
      .filter(({ key }) => matches(bare(key)))
      .map((requirement) => ({ ...requirement, key: bare(requirement.key) }));
  const isSpecial = (key: string): boolean =>
    [namespaceKey, clusterKey, serviceAccountKey].includes(key) || key.startsWith(namespaceLabelPrefix);
  return {
    pods: requirements.filter(({ key }) => !isSpecial(bare(key))),
    accounts: of((key) => key === serviceAccountKey),
    namespace: of((key) => key === namespaceKey),
    namespaceLabels: of((key) => key.startsWith(namespaceLabelPrefix)),
    cluster: of((key) => key === clusterKey),
  };
}

function bare(key: string): string {
  return key.replace(/^(?:k8s|any):/, '');
}

function endpointsPhrase(requirements: readonly Requirement[]): Phrase {
  return nounWith({ one: 'endpoint', many: 'endpoints' }, requirements);
}

function podsPhrase({ pods, accounts }: SortedRequirements): Phrase {
  const noun = nounWith({ one: 'pod', many: 'pods' }, pods);
  if (accounts.length === 0) return noun;
  return say`${noun} ${list(accounts.map((account) => valuesPhrase('service account', account)))}`;
}

function namespacesPhrase({ namespace, namespaceLabels }: SortedRequirements): Phrase {
  const clauses = namespace.map(namespacePhrase);
  const labels = namespaceLabels.map((requirement) => ({
    ...requirement,
    key: requirement.key.slice(namespaceLabelPrefix.length),
  }));
  if (labels.length > 0) clauses.push(say`in namespaces labelled ${list(labels.map(requirementPhrase))}`);
  return list(clauses);
}

function namespacePhrase({ operator, values }: Requirement): Phrase {
  const names = list(
    values.map((value) => say`${part('namespace', value)}`),
    'or',
  );
  switch (operator) {
    case 'In':
      return say`in namespace ${names}`;
    case 'NotIn':
      return say`in any namespace but ${names}`;
    case 'Exists':
      return say`in any namespace`;
    case 'DoesNotExist':
      return say`without a namespace`;
    default:
      return operator satisfies never;
  }
}

function clusterPhrase({ cluster }: SortedRequirements): Phrase {
  return cluster.length === 0
    ? say``
    : say` ${list(
        cluster.map((requirement) =>
          requirement.operator === 'Exists' ? say`in any cluster of the mesh` : valuesPhrase('cluster', requirement),
        ),
      )}`;
}

function valuesPhrase(noun: string, { operator, values }: Requirement): Phrase {
  const kind = noun === 'cluster' ? 'cluster' : 'selector';
  const names = list(
    values.map((value) => say`${part(kind, value)}`),
    'or',
  );
  const preposition = noun === 'cluster' ? 'in' : 'with';
  switch (operator) {
    case 'In':
      return say`${preposition} ${noun} ${names}`;
    case 'NotIn':
      return say`${preposition} any ${noun} but ${names}`;
    case 'Exists':
      return say`${preposition} any ${noun}`;
    case 'DoesNotExist':
      return say`without a ${noun}`;
    default:
      return operator satisfies never;
  }
}

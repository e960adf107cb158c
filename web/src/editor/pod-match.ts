import type { Pod, PolicyKind } from '@bartizan/api';
import type { LabelSelector } from '@bartizan/policy';
import { labelsOf, readScope } from './peer-scope.ts';
import type { PodPeer, Scope } from './peer-scope.ts';
import { requirementsOf } from './selector-text.ts';
import type { Requirement } from './selector-text.ts';

/** The pods that match now; `isKnown` is false where a condition asks for what the labels of a pod do not tell. */
export interface Matching {
  readonly pods: readonly Pod[];
  readonly isKnown: boolean;
}

export interface Place {
  readonly kind: PolicyKind;
  /** The policy's own. */
  readonly namespace: string;
}

export function podsOfPeer(peer: PodPeer, pods: readonly Pod[], place: Place): Matching {
  const scope = readScope(peer, place.kind);
  const inScope = pods.filter((pod) => isInScope(pod, scope, place));
  const found = podsOf(labelsOf(peer, place.kind), inScope);
  return { ...found, isKnown: found.isKnown && scope.kind !== 'labelled' };
}

/** What the policy's own selector selects. */
export function podsOfPolicy(selector: LabelSelector, pods: readonly Pod[], place: Place): Matching {
  return podsOf(
    selector,
    pods.filter((pod) => isInScope(pod, { kind: 'own' }, place)),
  );
}

function podsOf(selector: LabelSelector, pods: readonly Pod[]): Matching {
  const conditions = requirementsOf(selector);
  const matched = pods.map((pod) => ({ pod, answers: conditions.map((one) => meets(pod, one)) }));
  return {
    pods: matched.filter(({ answers }) => answers.every((answer) => answer === true)).map(({ pod }) => pod),
    isKnown: conditions.every((one) => labelKey(keyOf(one)) !== null),
  };
}

function isInScope({ namespace }: Pod, scope: Scope, place: Place): boolean {
  if (scope.kind === 'named') return scope.names.includes(namespace);
  if (scope.kind === 'own') return place.kind === 'CiliumClusterwideNetworkPolicy' || namespace === place.namespace;
  return true;
}

function keyOf(one: Requirement): string {
  return one.kind === 'label' ? one.key : one.expression.key;
}

/** The pod label that a key of a selector names; null where it is none (labels of other sources, of the namespace …). */
function labelKey(key: string): string | null {
  const plain = key.replace(/^(?:k8s|any):/, '');
  const isOther = /^[a-z]+:/.test(plain) || plain.startsWith('io.cilium.k8s.');
  return isOther ? null : plain;
}

function meets(pod: Pod, requirement: Requirement): boolean | null {
  const key = labelKey(keyOf(requirement));
  if (key === null) return null;
  const value = key === 'io.kubernetes.pod.namespace' ? pod.namespace : pod.labels[key];
  if (requirement.kind === 'label') return value === requirement.value;
  const { operator, values = [] } = requirement.expression;
  switch (operator) {
    case 'In':
      return value !== undefined && values.includes(value);
    case 'NotIn':
      return value === undefined || !values.includes(value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
    default:
      return operator satisfies never;
  }
}

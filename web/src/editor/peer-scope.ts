import type { PolicyKind } from '@bartizan/api';
import type { LabelExpression, LabelSelector, RulePeer } from '@bartizan/policy';
import { requirementsOf, selectorOf } from './selector-text.ts';

export type PodPeer = Extract<RulePeer, { type: 'pods' }>;

/** In which namespaces the pods of a peer are. */
export type Scope =
  /** The policy's own namespace. */
  | { readonly kind: 'own' }
  | { readonly kind: 'any' }
  | { readonly kind: 'named'; readonly names: readonly string[] }
  /** NetworkPolicy only. */
  | { readonly kind: 'labelled'; readonly selector: LabelSelector };

const nameLabel = 'kubernetes.io/metadata.name';
const ciliumKey = 'k8s:io.kubernetes.pod.namespace';
const isNamespaceKey = (key: string): boolean => /^(?:k8s:|any:)?io\.kubernetes\.pod\.namespace$/.test(key);

export function readScope(peer: PodPeer, kind: PolicyKind): Scope {
  return kind === 'NetworkPolicy' ? readKubernetes(peer) : readCilium(peer);
}

function readKubernetes({ namespaces }: PodPeer): Scope {
  if (namespaces === undefined) return { kind: 'own' };
  const conditions = requirementsOf(namespaces);
  const [only, second] = conditions;
  if (!only) return { kind: 'any' };
  const names = second ? undefined : namesOf(only, (key) => key === nameLabel);
  return names ? { kind: 'named', names } : { kind: 'labelled', selector: namespaces };
}

function readCilium({ pods = {} }: PodPeer): Scope {
  const own = requirementsOf(pods).filter((one) => isNamespaceKey(keyOf(one)));
  const [only, second] = own;
  if (!only) return { kind: 'own' };
  if (!second && only.kind === 'expression' && only.expression.operator === 'Exists') return { kind: 'any' };
  const names = second ? undefined : namesOf(only, isNamespaceKey);
  return names ? { kind: 'named', names } : { kind: 'labelled', selector: selectorOf(own) };
}

type Condition = ReturnType<typeof requirementsOf>[number];

function keyOf(one: Condition): string {
  return one.kind === 'label' ? one.key : one.expression.key;
}

function namesOf(one: Condition, isKey: (key: string) => boolean): readonly string[] | undefined {
  if (!isKey(keyOf(one))) return undefined;
  if (one.kind === 'label') return [one.value];
  return one.expression.operator === 'In' ? (one.expression.values ?? []) : undefined;
}

/** The labels that the pods must carry, without what says in which namespace they are. */
export function labelsOf({ pods = {} }: PodPeer, kind: PolicyKind): LabelSelector {
  if (kind === 'NetworkPolicy') return pods;
  return selectorOf(requirementsOf(pods).filter((one) => !isNamespaceKey(keyOf(one))));
}

export function withLabels(peer: PodPeer, labels: LabelSelector, kind: PolicyKind): PodPeer {
  if (kind === 'NetworkPolicy') return podPeer(labels, peer.namespaces);
  const scope = requirementsOf(peer.pods ?? {}).filter((one) => isNamespaceKey(keyOf(one)));
  return { type: 'pods', pods: selectorOf([...requirementsOf(labels), ...scope]) };
}

export function withScope(peer: PodPeer, scope: Scope, kind: PolicyKind): PodPeer {
  if (kind === 'NetworkPolicy') return podPeer(peer.pods ?? {}, namespacesOf(scope));
  const labels = labelsOf(peer, kind);
  return { type: 'pods', pods: selectorOf([...requirementsOf(labels), ...requirementsOf(ciliumScope(scope))]) };
}

/** A NetworkPolicy's peer needs one of both selectors; an empty one beside namespaces says nothing. */
function podPeer(labels: LabelSelector, namespaces: LabelSelector | undefined): PodPeer {
  const isEmpty = requirementsOf(labels).length === 0;
  if (namespaces === undefined) return { type: 'pods', pods: labels };
  return { type: 'pods', ...(isEmpty ? {} : { pods: labels }), namespaces };
}

function namespacesOf(scope: Scope): LabelSelector | undefined {
  switch (scope.kind) {
    case 'own':
      return undefined;
    case 'any':
      return {};
    case 'named':
      return named(nameLabel, scope.names);
    case 'labelled':
      return scope.selector;
    default:
      return scope satisfies never;
  }
}

function ciliumScope(scope: Scope): LabelSelector {
  switch (scope.kind) {
    case 'own':
      return {};
    case 'any':
      return { matchExpressions: [{ key: ciliumKey, operator: 'Exists' }] };
    case 'named':
      return named(ciliumKey, scope.names);
    case 'labelled':
      return scope.selector;
    default:
      return scope satisfies never;
  }
}

function named(key: string, names: readonly string[]): LabelSelector {
  const [only = '', second] = names;
  if (second === undefined) return { matchLabels: { [key]: only } };
  const expression: LabelExpression = { key, operator: 'In', values: names };
  return { matchExpressions: [expression] };
}

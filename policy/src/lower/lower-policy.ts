import type { Policy, PolicyKind, PolicyRef } from '../model/policy.ts';
import type { Result } from '../model/problem.ts';
import { findChance, readCiliumRules } from './cilium-policy.ts';
import { readNetworkPolicyRules } from './network-policy.ts';
import { fieldsOf, isFields, textOf } from './read.ts';
import type { Reading } from './read.ts';

export interface LowerOptions {
  /** Whose semantics a NetworkPolicy gets. */
  readonly as?: 'cilium' | 'kubernetes' | undefined;
}

const groupOf: Readonly<Record<PolicyKind, string>> = {
  NetworkPolicy: 'networking.k8s.io',
  CiliumNetworkPolicy: 'cilium.io',
  CiliumClusterwideNetworkPolicy: 'cilium.io',
};

/** The kind of policy that an object is; undefined where it is none. */
export function policyKindOf(object: unknown): PolicyKind | undefined {
  if (!isFields(object)) return undefined;
  const kind = Object.keys(groupOf).find((each) => each === object['kind']) as PolicyKind | undefined;
  const { apiVersion } = object;
  return kind && typeof apiVersion === 'string' && apiVersion.split('/')[0] === groupOf[kind] ? kind : undefined;
}

export function policyRef(kind: string, namespace: string, name: string): PolicyRef {
  return namespace === '' ? `${kind}/${name}` : `${kind}/${namespace}/${name}`;
}

/**
 * Brings a policy of any dialect to the one shape that evaluation reads. It expects what validation accepted, and
 * says where it meets something else; it does not validate.
 */
export function lowerPolicy(object: unknown, options: LowerOptions = {}): Result<Policy> {
  const reading: Reading = { problems: [] };
  const kind = policyKindOf(object);
  if (!kind || !isFields(object)) {
    const message = 'This is not a NetworkPolicy, CiliumNetworkPolicy or CiliumClusterwideNetworkPolicy';
    return { ok: false, problems: [{ code: 'not-a-policy', severity: 'error', message, path: '' }] };
  }
  const metadata = fieldsOf(reading, object['metadata'], 'metadata') ?? {};
  const name = textOf(reading, metadata['name'], 'metadata.name') ?? '';
  const given = textOf(reading, metadata['namespace'], 'metadata.namespace') ?? '';
  const isNamespaced = kind !== 'CiliumClusterwideNetworkPolicy';
  const namespace = isNamespaced ? given || 'default' : '';
  const rules =
    kind === 'NetworkPolicy'
      ? readNetworkPolicyRules({ reading, namespace, as: options.as ?? 'cilium' }, object)
      : readCiliumRules(reading, object, namespace);
  if (reading.problems.length > 0) return { ok: false, problems: reading.problems };
  const undecidable = kind === 'NetworkPolicy' ? undefined : findChance([object['spec'], object['specs']]);
  return { ok: true, value: { kind, namespace, name, ref: policyRef(kind, namespace, name), rules, undecidable } };
}

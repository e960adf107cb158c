import { isArray, isObject } from '../source/json.ts';
import type { JsonObject, JsonValue } from '../source/json.ts';
import { cidrPhrase, ipBlockPhrase } from './cidr.ts';
import { inNamespace } from './cilium-pods.ts';
import type { Direction } from './direction.ts';
import type { KubernetesContext } from './kubernetes-spec.ts';
import { hasOnly, kubernetesPort, onPorts, sayAll } from './ports.ts';
import { nounWith, requirementsOf, requirementsPhrase } from './selector.ts';
import type { Requirement } from './selector.ts';
import { list, part, say } from './words.ts';
import type { Phrase, Sentence } from './words.ts';

type ItemContext = KubernetesContext & { readonly direction: Direction };

const peerKeys: Readonly<Record<Direction, string>> = {
  ingress: 'from',
  egress: 'to',
};

const anything = 'anything inside or outside the cluster';

/** One entry of `ingress` or `egress`: no peers means anything, no ports means every port. */
export function kubernetesItem(item: JsonValue, context: ItemContext): Sentence {
  const { direction, path } = context;
  if (!isObject(item)) return notUnderstood(path, say`it is not a mapping`);
  const key = peerKeys[direction];
  const unknown = Object.keys(item).find((name) => name !== key && name !== 'ports');
  if (unknown !== undefined) return notUnderstood(path, say`${part('field', unknown)} is not known there`);
  const peers = sayAll(item[key], (peer) => (isObject(peer) ? peerPhrase(peer, context) : undefined));
  if (peers === undefined) return notUnderstood(path, say`a peer in ${part('field', key)} cannot be read`);
  const ports = sayAll(item['ports'], kubernetesPort);
  if (ports === undefined) return notUnderstood(path, say`its ${part('field', 'ports')} cannot be read`);
  const end = peers.length === 0 ? say`${anything}` : list(peers);
  const where = ports.length === 0 ? say`on any port and protocol` : onPorts(ports);
  const way = direction === 'ingress' ? say`incoming connections from` : say`outgoing connections to`;
  return { role: 'allow', path, parts: say`Allow ${way} ${end} ${where}${emptiness(item, key)}.` };
}

function emptiness(item: JsonObject, key: string): Phrase {
  if (Object.keys(item).length === 0) return say` (the rule is empty, which allows everything)`;
  const peers = item[key];
  return isArray(peers) && peers.length === 0
    ? say` (the list ${part('field', key)} is empty, which means anything)`
    : say``;
}

function notUnderstood(path: string, reason: Phrase): Sentence {
  return {
    role: 'not-understood',
    path,
    parts: say`What the rule ${part('field', path)} does cannot be said: ${reason}.`,
  };
}

function peerPhrase(peer: JsonObject, { as, namespace }: ItemContext): Phrase | undefined {
  const given = Object.keys(peer).filter((key) => peer[key] !== null);
  if (given.length === 0 || !hasOnly(peer, ['podSelector', 'namespaceSelector', 'ipBlock'])) return undefined;
  if (given.includes('ipBlock')) return given.length === 1 ? blockPhrase(peer['ipBlock'], as) : undefined;
  const pods = requirementsOf(peer['podSelector']);
  const namespaces = requirementsOf(peer['namespaceSelector']);
  if (pods === undefined || namespaces === undefined) return undefined;
  const noun = nounWith({ one: 'pod', many: 'pods' }, pods);
  return say`${noun} ${given.includes('namespaceSelector') ? inNamespaces(namespaces) : inNamespace(namespace)}`;
}

function inNamespaces(requirements: readonly Requirement[]): Phrase {
  const [first, ...others] = requirements;
  if (first === undefined) return say`in every namespace`;
  if (others.length === 0 && first.isLabel && first.key === 'kubernetes.io/metadata.name')
    return inNamespace(first.values[0] ?? '');
  return say`that are in namespaces ${requirementsPhrase(requirements)}`;
}

function blockPhrase(block: JsonValue | undefined, as: string): Phrase | undefined {
  if (!isObject(block) || !hasOnly(block, ['cidr', 'except'])) return undefined;
  const { cidr } = block;
  const except = block['except'] ?? [];
  if (typeof cidr !== 'string' || !isArray(except)) return undefined;
  const holes = except.filter((hole): hole is string => typeof hole === 'string');
  if (holes.length !== except.length) return undefined;
  return as === 'cilium' ? cidrPhrase(cidr, holes) : ipBlockPhrase(cidr, holes);
}

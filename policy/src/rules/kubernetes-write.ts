import { canonical } from '../edit/align.ts';
import { sameJson } from '../edit/same-json.ts';
import type { JsonObject, JsonValue } from '../source/json.ts';
import { asJson, asList } from './as-json.ts';
import { kubernetesPeerKeys } from './kubernetes-read.ts';
import type { Peer, Port, Rule } from './model.ts';
import { printKubernetesPort } from './ports.ts';
import { printSelector } from './selector.ts';

export function printKubernetesItem(rule: Rule): JsonObject {
  const key = kubernetesPeerKeys[rule.direction];
  const peers = namedPeers(rule);
  return {
    ...(peers.length > 0 ? { [key]: peers.map(printPeer) } : {}),
    ...(rule.ports.length > 0 ? { ports: rule.ports.map(printKubernetesPort) } : {}),
  };
}

/** An entry changed where the rule differs from what it says now; peers and ports that stay keep their form. */
export function changeKubernetesItem(item: JsonObject, before: Rule, rule: Rule): JsonObject {
  const key = kubernetesPeerKeys[rule.direction];
  const withPeers = changeList(item, key, { before: namedPeers(before), wanted: namedPeers(rule), print: printPeer });
  return changeList(withPeers, 'ports', { before: before.ports, wanted: rule.ports, print: printKubernetesPort });
}

function namedPeers({ peers }: Rule): readonly Peer[] {
  return peers.filter(({ type }) => type !== 'any');
}

interface ListChange<T extends Peer | Port> {
  readonly before: readonly T[];
  readonly wanted: readonly T[];
  print(value: T): JsonObject;
}

function changeList<T extends Peer | Port>(
  item: JsonObject,
  key: string,
  { before, wanted, print }: ListChange<T>,
): JsonObject {
  if (sameJson(before.map(asJson), wanted.map(asJson))) return item;
  const written = asList(item[key]);
  const known = new Map<string, JsonValue | undefined>(
    before.map((value, index) => [canonical(asJson(value)), written[index]]),
  );
  const list = wanted.map((value) => known.get(canonical(asJson(value))) ?? print(value));
  if (list.length > 0) return { ...item, [key]: list };
  return Object.fromEntries(Object.entries(item).filter(([name]) => name !== key));
}

function printPeer(peer: Peer): JsonObject {
  if (peer.type === 'cidr') return { ipBlock: { cidr: peer.cidr, ...(peer.except ? { except: peer.except } : {}) } };
  if (peer.type !== 'pods') return {};
  return {
    ...(peer.namespaces ? { namespaceSelector: printSelector(peer.namespaces) } : {}),
    ...(peer.pods ? { podSelector: printSelector(peer.pods) } : {}),
  };
}

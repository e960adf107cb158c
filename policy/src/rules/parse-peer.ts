import type { PolicyKind } from '../model/policy.ts';
import type { JsonObject, JsonValue } from '../source/json.ts';
import type { DnsName, Peer } from './model.ts';
import { at, isAbsent, name, obstruct, readObject, readText, readTexts, refuseOthers } from './reading.ts';
import type { At } from './reading.ts';
import { readSelector } from './selector.ts';

const fieldsOf: Readonly<Record<Peer['type'], readonly string[]>> = {
  any: ['type'],
  pods: ['type', 'pods', 'namespaces'],
  entity: ['type', 'entity'],
  cidr: ['type', 'cidr', 'except'],
  dns: ['type', 'name', 'pattern'],
};

export function parsePeer(value: JsonValue, kind: PolicyKind, place: At): Peer | undefined {
  const peer = readObject(value, place);
  if (peer === undefined) return undefined;
  const type = typeOf(peer['type']);
  if (type === undefined) {
    obstruct(at(place, 'type'), 'bad-peer', `The type of a peer should be one of ${Object.keys(fieldsOf).join(', ')}`);
    return undefined;
  }
  refuseOthers(peer, place, { shown: fieldsOf[type] });
  switch (type) {
    case 'any':
      return { type };
    case 'pods':
      return readPods(peer, kind, place);
    case 'entity': {
      const entity = required(peer, 'entity', place);
      return entity === undefined ? undefined : { type, entity };
    }
    case 'cidr': {
      const cidr = required(peer, 'cidr', place);
      const except = readTexts(peer['except'], at(place, 'except'));
      return cidr === undefined ? undefined : { type, cidr, ...(except.length > 0 ? { except } : {}) };
    }
    case 'dns': {
      const dns = dnsName(peer, place);
      return dns && { type, ...dns };
    }
    default:
      return type satisfies never;
  }
}

function typeOf(value: JsonValue | undefined): Peer['type'] | undefined {
  return (['any', 'pods', 'entity', 'cidr', 'dns'] as const).find((type) => type === value);
}

function required(peer: JsonObject, key: string, place: At): string | undefined {
  if (isAbsent(peer[key])) obstruct(at(place, key), 'incomplete', `${name(at(place, key))} is missing`);
  return readText(peer[key], at(place, key));
}

/** A NetworkPolicy names pods, namespaces or both; Cilium has one selector, whose keys name the namespace. */
function readPods(peer: JsonObject, kind: PolicyKind, place: At): Peer {
  const { pods, namespaces } = peer;
  const isKubernetes = kind === 'NetworkPolicy';
  if (!isKubernetes && !isAbsent(namespaces)) {
    obstruct(
      at(place, 'namespaces'),
      'not-here',
      'A Cilium policy names namespaces by keys of the selector: k8s:io.kubernetes.pod.namespace',
    );
  }
  if (isAbsent(pods) && (!isKubernetes || isAbsent(namespaces))) {
    obstruct(at(place, 'pods'), 'incomplete', `${name(at(place, 'pods'))} is missing: {} selects every pod`);
  }
  return {
    type: 'pods',
    ...(isAbsent(pods) ? {} : { pods: readSelector(pods, at(place, 'pods')) }),
    ...(isAbsent(namespaces) ? {} : { namespaces: readSelector(namespaces, at(place, 'namespaces')) }),
  };
}

export function dnsName(dns: JsonObject, place: At): DnsName | undefined {
  const plain = readText(dns['name'], at(place, 'name'));
  const pattern = readText(dns['pattern'], at(place, 'pattern'));
  if (plain !== undefined && pattern === undefined) return { name: plain };
  if (pattern !== undefined && plain === undefined) return { pattern };
  obstruct(place, 'bad-name', `${name(place)} should have either a name or a pattern`);
  return undefined;
}

import { isArray, isObject } from '../source/json.ts';
import type { JsonObject, JsonValue } from '../source/json.ts';
import type { Direction } from './direction.ts';
import { cidrPhrase } from './cidr.ts';
import { ciliumPeerPods } from './cilium-pods.ts';
import type { Scope } from './cilium-pods.ts';
import { hasOnly, sayAll } from './ports.ts';
import { nounWith, requirementsOf } from './selector.ts';
import { list, part, say } from './words.ts';
import type { Phrase } from './words.ts';

/** The peers of one item. `nobody`: a list that is there and empty. */
export type Peers =
  | { readonly kind: 'any' }
  | { readonly kind: 'nobody'; readonly key: string }
  | { readonly kind: 'widened'; readonly key: string }
  | { readonly kind: 'peers'; readonly phrase: Phrase; readonly isLocalCluster: boolean; readonly hasNames: boolean }
  | { readonly kind: 'not-understood'; readonly key: string };

const peerKeys: Readonly<Record<Direction, readonly string[]>> = {
  ingress: ['fromEndpoints', 'fromCIDR', 'fromCIDRSet', 'fromEntities', 'fromNodes', 'fromGroups', 'fromRequires'],
  egress: [
    'toEndpoints',
    'toCIDR',
    'toCIDRSet',
    'toEntities',
    'toNodes',
    'toGroups',
    'toServices',
    'toFQDNs',
    'toRequires',
  ],
};

export function ciliumPeerKeys(direction: Direction): readonly string[] {
  return peerKeys[direction];
}

/** Lists that mean "any peer" when they are empty and the item has ports (cilium.md C.1, H.2). */
const wideningWhenEmpty = new Set(['toFQDNs', 'toGroups', 'fromGroups', 'toServices']);

export function ciliumPeers(item: JsonObject, { direction, scope }: { direction: Direction; scope: Scope }): Peers {
  const given = peerKeys[direction].filter((key) => item[key] !== undefined && item[key] !== null);
  const [first, ...others] = given.filter((key) => !isEmptyList(item[key]));
  if (others[0] !== undefined) return { kind: 'not-understood', key: others[0] };
  const empty = given.find((key) => isEmptyList(item[key]));
  if (first === undefined) {
    if (empty === undefined || empty.endsWith('Requires')) return { kind: 'any' };
    return { kind: wideningWhenEmpty.has(empty) ? 'widened' : 'nobody', key: empty };
  }
  let isLocalCluster = false;
  const phrases = sayAll(item[first], (value) => {
    const pods = first.endsWith('Endpoints') ? ciliumPeerPods(value, scope) : undefined;
    if (pods && !pods.namesCluster) isLocalCluster = true;
    return pods ? pods.phrase : peerPhrase(first, value);
  });
  if (phrases === undefined || phrases.length === 0) return { kind: 'not-understood', key: first };
  const hasNames = first === 'toFQDNs';
  return { kind: 'peers', phrase: list(phrases), isLocalCluster, hasNames };
}

function isEmptyList(value: JsonValue | undefined): boolean {
  return isArray(value) && value.length === 0;
}

function peerPhrase(key: string, value: JsonValue): Phrase | undefined {
  switch (key.replace(/^(?:from|to)/, '')) {
    case 'CIDR':
      return typeof value === 'string' ? cidrPhrase(value, []) : undefined;
    case 'CIDRSet':
      return isObject(value) ? cidrSetPhrase(value) : undefined;
    case 'Entities':
      return typeof value === 'string' ? entityPhrase(value) : undefined;
    case 'Nodes':
      return nodesPhrase(value);
    case 'Services':
      return isObject(value) ? servicePhrase(value) : undefined;
    case 'FQDNs':
      return isObject(value) ? namePhrase(value) : undefined;
    case 'Groups':
      return groupPhrase(value);
    default:
      return undefined;
  }
}

function cidrSetPhrase(set: JsonObject): Phrase | undefined {
  if (!hasOnly(set, ['cidr', 'cidrGroupRef', 'cidrGroupSelector', 'except'])) return undefined;
  const except = set['except'] ?? [];
  if (!isArray(except)) return undefined;
  const holes = except.filter((hole): hole is string => typeof hole === 'string');
  const given = ['cidr', 'cidrGroupRef', 'cidrGroupSelector'].filter(
    (key) => set[key] !== undefined && set[key] !== null,
  );
  if (holes.length !== except.length || given.length !== 1) return undefined;
  const { cidr, cidrGroupRef } = set;
  if (typeof cidr === 'string') return cidrPhrase(cidr, holes);
  const without = holes.length === 0 ? say`` : say` except ${list(holes.map((hole) => say`${part('cidr', hole)}`))}`;
  if (typeof cidrGroupRef === 'string')
    return say`the addresses of the CiliumCIDRGroup ${part('cidr-group', cidrGroupRef)}${without}`;
  const requirements = requirementsOf(set['cidrGroupSelector']);
  if (requirements === undefined) return undefined;
  const groups = nounWith({ one: 'CiliumCIDRGroup', many: 'the CiliumCIDRGroups' }, requirements);
  return say`the addresses of ${groups}${without}`;
}

const entityMeanings: Readonly<Record<string, string>> = {
  all: 'anything inside or outside the cluster',
  world: 'anything outside the cluster',
  'world-ipv4': 'any IPv4 address outside the cluster',
  'world-ipv6': 'any IPv6 address outside the cluster',
  cluster: 'anything inside the cluster (pods of this cluster, nodes)',
  'cluster-mesh': 'anything inside any cluster of the mesh',
  host: 'the node that the pod runs on',
  'remote-node': 'the other nodes',
  'kube-apiserver': 'the Kubernetes API server',
  ingress: "Cilium's ingress proxy",
  init: 'pods that are still starting and have no identity yet',
  health: "Cilium's own health checks",
  unmanaged: 'pods that Cilium does not manage',
  none: 'nothing at all',
};

function entityPhrase(entity: string): Phrase | undefined {
  const meaning = Object.hasOwn(entityMeanings, entity) ? entityMeanings[entity] : undefined;
  return meaning === undefined ? undefined : say`${meaning} [${part('entity', entity)}]`;
}

function nodesPhrase(selector: JsonValue): Phrase | undefined {
  const requirements = requirementsOf(selector);
  return requirements && nounWith({ one: 'other node', many: 'other nodes' }, requirements);
}

function servicePhrase(service: JsonObject): Phrase | undefined {
  const named = service['k8sService'];
  const selected = service['k8sServiceSelector'];
  if (!hasOnly(service, ['k8sService', 'k8sServiceSelector'])) return undefined;
  if (isObject(named) && selected === undefined && hasOnly(named, ['serviceName', 'namespace'])) {
    const { serviceName } = named;
    const place = serviceNamespace(named['namespace']);
    if (typeof serviceName !== 'string' || place === undefined) return undefined;
    return say`what is behind the Service ${part('service', serviceName)}${place}`;
  }
  if (isObject(selected) && named === undefined && hasOnly(selected, ['selector', 'namespace'])) {
    const requirements = requirementsOf(selected['selector']);
    const place = serviceNamespace(selected['namespace']);
    if (requirements === undefined || place === undefined) return undefined;
    return say`what is behind ${nounWith({ one: 'Service', many: 'the Services' }, requirements)}${place}`;
  }
  return undefined;
}

function serviceNamespace(namespace: JsonValue | undefined): Phrase | undefined {
  if (namespace === undefined || namespace === null || namespace === '') return say` in any namespace`;
  return typeof namespace === 'string' ? say` in namespace ${part('namespace', namespace)}` : undefined;
}

/** A DNS name or pattern, with what the wildcards reach (cilium.md A.8). */
export function namePhrase(name: JsonObject): Phrase | undefined {
  if (!hasOnly(name, ['matchName', 'matchPattern'])) return undefined;
  const { matchName, matchPattern } = name;
  if (typeof matchName === 'string' && matchPattern === undefined) return say`${part('name', matchName)}`;
  if (typeof matchPattern !== 'string' || matchName !== undefined) return undefined;
  if (/^\*+\.?$/.test(matchPattern)) return say`any name (${part('name', matchPattern)})`;
  if (!matchPattern.includes('*')) return say`${part('name', matchPattern)}`;
  const deep = /^\*\*+\.([^*]+)$/.exec(matchPattern)?.[1];
  if (deep !== undefined) return say`${part('name', matchPattern)} (any name below ${deep}, at any depth)`;
  const below = /^\*\.([^*]+)$/.exec(matchPattern)?.[1];
  if (below !== undefined)
    return say`${part('name', matchPattern)} (names one level below ${below}, not ${below} itself)`;
  return say`${part('name', matchPattern)} (each * within one level)`;
}

function groupPhrase(group: JsonValue): Phrase | undefined {
  if (!isObject(group) || !hasOnly(group, ['aws'])) return undefined;
  return say`the addresses of the AWS group ${part('group', JSON.stringify(group['aws'] ?? null))}`;
}

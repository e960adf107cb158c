import type { Direction, Effect, Peer, Peers, PeerTarget, ServiceReference } from '../model/policy.ts';
import { selectorsOfEntity } from './entities.ts';
import { complain, fieldsOf, itemsOf, textOf, textsOf } from './read.ts';
import type { Fields, Reading } from './read.ts';
import { readRequirements, reserved, scopePeer, scopeToCluster } from './selectors.ts';

/** What reading the peers of one item needs to know of the rest. */
export interface ItemContext {
  readonly reading: Reading;
  readonly namespace: string;
  readonly subjectSelectsInit: boolean;
  readonly direction: Direction;
  readonly effect: Effect;
}

/**
 * The peers of one item. Cilium tells an absent list from an empty one: an empty list of endpoints, nodes, entities or
 * CIDRs is nobody, even with ports; an empty list of FQDNs, groups or services is as if it were absent.
 */
export function readCiliumPeers(context: ItemContext, item: Fields, path: string, hasPorts: boolean): Peers {
  const prefix = context.direction === 'egress' ? 'to' : 'from';
  const lists = Object.entries(readers).map(([kind, read]) => {
    const field = `${prefix}${kind}`;
    return { kind, peers: item[field] === undefined ? undefined : read(context, item[field], `${path}.${field}`) };
  });
  if (lists.some(({ kind, peers }) => peers?.length === 0 && emptyIsNobody.has(kind))) {
    return { type: 'nobody', empty: 'empty-list' };
  }
  const peers = lists.flatMap((list) => list.peers ?? []);
  if (peers.length > 0) return { type: 'list', peers, ifEmpty: hasPorts ? 'any' : 'nobody' };
  return hasPorts ? { type: 'any' } : { type: 'nobody', empty: 'empty-rule' };
}

const emptyIsNobody = new Set(['Endpoints', 'Nodes', 'Entities', 'CIDR', 'CIDRSet']);

type PeerReader = (context: ItemContext, value: unknown, path: string) => readonly Peer[] | undefined;

const readers: Readonly<Record<string, PeerReader>> = {
  Endpoints: (context, value, path) =>
    peersOf(context, value, path, (peer) => {
      const requirements =
        readRequirements(context.reading, { value: peer.fields, path: peer.path, source: 'any' }) ?? [];
      return { type: 'endpoints', selector: scopePeer(requirements, context) };
    }),
  Nodes: (context, value, path) =>
    peersOf(context, value, path, (peer) => {
      const requirements =
        readRequirements(context.reading, { value: peer.fields, path: peer.path, source: 'any' }) ?? [];
      return { type: 'nodes', selector: scopeToCluster([...requirements, reserved('remote-node')]) };
    }),
  Entities: (context, value, path) =>
    textsOf(context.reading, value, path)?.flatMap((entity, index): Peer[] => {
      const at = `${path}[${index}]`;
      const selectors = selectorsOfEntity(entity);
      if (selectors) return [{ type: 'entity', entity, selectors, index, path: at }];
      complain(context.reading, at, `${entity} is not an entity`);
      return [];
    }),
  CIDR: (context, value, path) =>
    textsOf(context.reading, value, path)?.map((cidr, index): Peer => ({
      type: 'cidr',
      cidr,
      except: [],
      matchesPods: false,
      index,
      path: `${path}[${index}]`,
    })),
  CIDRSet: (context, value, path) =>
    peersOf(context, value, path, (peer) => readCidrRule(context.reading, peer.fields, peer.path)),
  FQDNs: (context, value, path) =>
    peersOf(context, value, path, (peer) => ({
      type: 'fqdn',
      matchName: textOf(context.reading, peer.fields['matchName'], `${peer.path}.matchName`),
      matchPattern: textOf(context.reading, peer.fields['matchPattern'], `${peer.path}.matchPattern`),
    })),
  Groups: (context, value, path) => peersOf(context, value, path, () => ({ type: 'external-group' })),
  Services: (context, value, path) => {
    // Only the services of allowing egress items are ever looked up; a denying one is left without peers.
    if (context.effect === 'deny') return [];
    return peersOf(context, value, path, (peer) => readService(context.reading, peer.fields, peer.path));
  },
};

function peersOf(
  context: ItemContext,
  value: unknown,
  path: string,
  read: (peer: { readonly fields: Fields; readonly path: string }) => PeerTarget,
): readonly Peer[] | undefined {
  return itemsOf(context.reading, value, path)?.map((peer) => ({ ...read(peer), index: peer.index, path: peer.path }));
}

function readCidrRule(reading: Reading, fields: Fields, path: string): PeerTarget {
  const except = textsOf(reading, fields['except'], `${path}.except`) ?? [];
  const group = textOf(reading, fields['cidrGroupRef'], `${path}.cidrGroupRef`);
  if (group) return { type: 'cidr-group', group, except };
  const selector = { value: fields['cidrGroupSelector'], path: `${path}.cidrGroupSelector`, source: 'cidrgroup' };
  const requirements = readRequirements(reading, selector);
  if (requirements) return { type: 'cidr-groups', requirements, except };
  const cidr = textOf(reading, fields['cidr'], `${path}.cidr`) ?? '';
  return { type: 'cidr', cidr, except, matchesPods: false };
}

function readService(reading: Reading, fields: Fields, path: string): PeerTarget {
  const selector = fieldsOf(reading, fields['k8sServiceSelector'], `${path}.k8sServiceSelector`);
  if (selector) {
    const at = `${path}.k8sServiceSelector`;
    const namespace = textOf(reading, selector['namespace'], `${at}.namespace`) ?? '';
    const text = { value: selector['selector'], path: `${at}.selector`, source: 'any' };
    return service({ by: 'labels', requirements: readRequirements(reading, text) ?? [], namespace });
  }
  const named = fieldsOf(reading, fields['k8sService'], `${path}.k8sService`) ?? {};
  const name = textOf(reading, named['serviceName'], `${path}.k8sService.serviceName`) ?? '';
  return service({
    by: 'name',
    name,
    namespace: textOf(reading, named['namespace'], `${path}.k8sService.namespace`) ?? '',
  });
}

const service = (reference: ServiceReference): PeerTarget => ({ type: 'service', service: reference });

import { parseCidr } from '../model/address.ts';
import type { Cidr } from '../model/address.ts';
import type { Peer, ServiceReference } from '../model/policy.ts';
import { cidrGroupNameKey, clusterKey } from '../model/selector.ts';
import type { Requirement, Selector } from '../model/selector.ts';
import type { EngineOptions, Service } from '../model/world.ts';
import { inNamespace } from '../lower/selectors.ts';
import { isEverything, worldLabel } from './addresses.ts';
import { fqdnSelector } from './fqdn.ts';
import { createLabelIndex } from './label-index.ts';
import type { BlockCondition, Condition } from './universe.ts';

export interface ConditionContext {
  readonly cluster: string;
  readonly options: EngineOptions;
  readonly services: readonly Service[];
}

/** What a peer of a rule comes to in this world: one of the conditions. A Service that is not there comes to none. */
export function conditionsOfPeer(peer: Peer, context: ConditionContext): Condition[] {
  switch (peer.type) {
    case 'endpoints':
    case 'nodes':
      return [conditionOfSelector(peer.selector, context)];
    case 'entity':
      return peer.selectors.map((selector) => conditionOfSelector(selector, context));
    case 'cidr': {
      const block = parseCidr(peer.cidr);
      return block
        ? [addresses(blockCondition(block, context), peer.except, context, peer.matchesPods ? block : undefined)]
        : [];
    }
    case 'cidr-group':
      return [addresses({ group: `${cidrGroupNameKey}/${peer.group}` }, peer.except, context)];
    case 'cidr-groups':
      // An empty selector has the key of the selector of everything, and Cilium goes by the key: it is everyone.
      if (peer.requirements.length + peer.except.length === 0) return [{ type: 'labels', requirements: [] }];
      return [addresses({ groups: peer.requirements }, peer.except, context)];
    case 'fqdn':
      return [labelled({ source: 'fqdn', key: fqdnSelector(peer).text, operator: 'Exists', values: [] })];
    case 'service':
      return servicesOf(peer.service, context.services).flatMap((service) => conditionsOfService(service, context));
    case 'external-group':
      return [labelled({ source: 'extgrp', key: peer.path, operator: 'Exists', values: [] })];
  }
}

export function conditionOfSelector(selector: Selector, { cluster, options }: ConditionContext): Condition {
  const isScoped = selector.cluster === 'local' || (selector.cluster === 'default' && !options.anyCluster);
  const local: Requirement = { source: 'k8s', key: clusterKey, operator: 'In', values: [cluster] };
  return { type: 'labels', requirements: isScoped ? [...selector.requirements, local] : selector.requirements };
}

const labelled = (requirement: Requirement): Condition => ({ type: 'labels', requirements: [requirement] });

function blockCondition(block: Cidr, { options }: ConditionContext): BlockCondition {
  if (!isEverything(block)) return block;
  const stack = options.stack ?? 'ipv4';
  const world = worldLabel(block.family, stack);
  const isPodMode = (options.cidrMatchMode ?? []).includes('pods');
  const families = ([4, 6] as const).filter((family) => {
    const isOn = stack === 'dual' || stack === `ipv${family}`;
    return isPodMode && isOn && (world === 'world' || world === `world-ipv${family}`);
  });
  return { world, families };
}

function addresses(
  within: Extract<Condition, { type: 'addresses' }>['within'],
  except: readonly string[],
  context: ConditionContext,
  podBlock?: Cidr,
): Condition {
  const holes = except.flatMap((text) => parseCidr(text) ?? []);
  const mode = context.options.cidrMatchMode ?? [];
  return {
    type: 'addresses',
    within,
    except: holes.map((hole) => blockCondition(hole, context)),
    matchesNodes: mode.includes('nodes'),
    matchesPods: mode.includes('pods'),
    pods: podBlock && { within: podBlock, except: holes },
  };
}

/** All blocks that the peer names: addresses inside become known to the agents by them. */
export function blocksOfPeer(peer: Peer, context: ConditionContext): Cidr[] {
  const named = ((): readonly string[] => {
    if (peer.type === 'cidr') return [peer.cidr, ...peer.except];
    if (peer.type === 'cidr-group' || peer.type === 'cidr-groups') return peer.except;
    if (peer.type === 'service') return servicesOf(peer.service, context.services).flatMap(addressesBehind);
    return [];
  })();
  return named.flatMap((text) => parseCidr(text) ?? []).filter((block) => !isEverything(block));
}

function servicesOf(reference: ServiceReference, services: readonly Service[]): Service[] {
  const matches = (service: Service): boolean => {
    if (reference.namespace !== '' && reference.namespace !== service.namespace) return false;
    return reference.by === 'name' ? reference.name === service.name : hasLabels(service, reference.requirements);
  };
  return services.filter(matches);
}

function hasLabels({ labels }: Service, requirements: readonly Requirement[]): boolean {
  const index = createLabelIndex();
  index.add(new Map(Object.entries(labels ?? {}).map(([key, value]) => [key, { source: 'k8s', value }])));
  // The source of a key is ignored when Services are selected.
  return requirements.every((requirement) => (index.select({ ...requirement, source: 'any' })[0] ?? 0) !== 0);
}

function hasSelector({ selector }: Service): boolean {
  return Object.keys(selector ?? {}).length > 0;
}

function addressesBehind(service: Service): readonly string[] {
  return hasSelector(service) ? [] : (service.addresses ?? []);
}

function conditionsOfService(service: Service, context: ConditionContext): Condition[] {
  if (!hasSelector(service)) {
    return addressesBehind(service).flatMap((address) => {
      const block = parseCidr(address);
      return block ? [addresses(block, [], context)] : [];
    });
  }
  const labels = Object.entries(service.selector ?? {}).map(([key, value]): Requirement => ({
    source: 'k8s',
    key,
    operator: 'In',
    values: [value],
  }));
  return [
    conditionOfSelector({ requirements: [...labels, inNamespace(service.namespace)], cluster: 'default' }, context),
  ];
}

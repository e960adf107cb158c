import type { JsonArray, JsonObject, JsonValue } from '../source/json.ts';
import type { Peer, Port, Rule } from './model.ts';
import { readCiliumPort, readIcmps } from './ports.ts';
import { at, isAbsent, name, obstruct, readList, readObject, readText, readTexts, refuseOthers } from './reading.ts';
import type { At } from './reading.ts';
import { readName, readRequests } from './requests.ts';
import type { Section } from './sections.ts';
import { readSelector } from './selector.ts';

/** The keys of the peers that Rule mode shows. */
export const shownPeers = {
  ingress: ['fromEndpoints', 'fromEntities', 'fromCIDR', 'fromCIDRSet'],
  egress: ['toEndpoints', 'toEntities', 'toCIDR', 'toCIDRSet', 'toFQDNs'],
} as const;

const hiddenPeers = {
  ingress: ['fromNodes', 'fromGroups', 'fromRequires'],
  egress: ['toNodes', 'toGroups', 'toServices', 'toRequires'],
};

/** One entry of a section of a Cilium policy (RULE-10, RULE-12 to RULE-15). */
export function readCiliumItem(value: JsonValue, section: Section, place: At): Rule | undefined {
  const item = readObject(value, place);
  if (item === undefined) return undefined;
  const { direction, action } = section;
  const peerKeys = shownPeers[direction].filter((key) => action === 'allow' || key !== 'toFQDNs');
  refuseOthers(item, place, {
    shown: [...peerKeys, 'toPorts', 'icmps'],
    hidden: [...hiddenPeers[direction], ...(action === 'allow' ? ['authentication'] : [])],
  });
  const layer4 = readLayer4(item, section, place);
  const isOpen = layer4.ports.length > 0 || layer4.icmp !== undefined;
  const peers = readPeers({ item, keys: peerKeys, place, isOpen });
  return { direction, action, peers, ...layer4 };
}

function readPeers(asked: { item: JsonObject; keys: readonly string[]; place: At; isOpen: boolean }): readonly Peer[] {
  const { item, keys, place, isOpen } = asked;
  const given = keys.flatMap((key) => {
    const list = readList(item[key], at(place, key));
    return list === undefined ? [] : [{ key, list }];
  });
  const [first, second] = given;
  if (first === undefined) return isOpen ? [{ type: 'any' }] : [];
  if (second !== undefined) {
    obstruct(
      at(place, second.key),
      'mixed-peers',
      `Cilium does not combine ${first.key} and ${second.key} in one rule: make two rules`,
    );
    return [];
  }
  if (first.list.length === 0 && first.key === 'toFQDNs') {
    obstruct(
      at(place, first.key),
      'empty-names',
      'Cilium takes an empty toFQDNs for any peer once ports are named: remove it or name a peer',
    );
  }
  return readPeerList(first.key, first.list, at(place, first.key));
}

function readPeerList(key: string, list: JsonArray, place: At): readonly Peer[] {
  return list.flatMap((value, index): readonly Peer[] => {
    const inner = at(place, index);
    switch (key) {
      case 'fromEndpoints':
      case 'toEndpoints':
        if (isAbsent(value)) obstruct(inner, 'not-a-map', `${name(inner)} should be a selector`);
        return [{ type: 'pods', pods: readSelector(value, inner) }];
      case 'fromEntities':
      case 'toEntities':
        return required(value, inner).map((entity) => ({ type: 'entity', entity }));
      case 'fromCIDR':
      case 'toCIDR':
        return required(value, inner).map((cidr) => ({ type: 'cidr', cidr }));
      case 'toFQDNs':
        return readName(value, inner).map((dns) => ({ type: 'dns', ...dns }));
      default:
        return readCidrSet(value, inner);
    }
  });
}

function required(value: JsonValue, place: At): readonly string[] {
  const text = readText(value, place);
  if (text === undefined && value === null) obstruct(place, 'not-text', `${name(place)} is empty`);
  return text === undefined ? [] : [text];
}

function readCidrSet(value: JsonValue, place: At): readonly Peer[] {
  const set = readObject(value, place);
  if (set === undefined) return [];
  refuseOthers(set, place, { shown: ['cidr', 'except'], hidden: ['cidrGroupRef', 'cidrGroupSelector'] });
  const cidr = readText(set['cidr'], at(place, 'cidr'));
  const except = readTexts(set['except'], at(place, 'except'));
  if (cidr === undefined) {
    if (set['cidrGroupRef'] === undefined && set['cidrGroupSelector'] === undefined)
      obstruct(place, 'incomplete', `${name(place)} has no cidr`);
    return [];
  }
  return [{ type: 'cidr', cidr, ...(except.length > 0 ? { except } : {}) }];
}

type Layer4 = Pick<Rule, 'ports' | 'icmp' | 'http' | 'dns'>;

function readLayer4(item: JsonObject, section: Section, place: At): Layer4 {
  const entries = readList(item['toPorts'], at(place, 'toPorts')) ?? [];
  const icmp = readIcmps(item['icmps'], at(place, 'icmps'));
  const read = entries.map((entry, index) => readPortEntry(entry, section, at(place, 'toPorts', index)));
  const ports = read.flatMap((entry) => entry.ports);
  const limited = read.find((entry) => entry.http !== undefined || entry.dns !== undefined);
  if (limited !== undefined && read.length > 1) {
    obstruct(
      at(place, 'toPorts'),
      'several-port-lists',
      'Several entries of toPorts, of which one limits requests, do not fit one rule: make several rules',
    );
  }
  if (icmp.length > 0 && entries.length > 0) {
    obstruct(
      at(place, 'icmps'),
      'ports-and-icmp',
      'Cilium does not take ports and ICMP types in one rule: make two rules',
    );
  }
  return {
    ports,
    ...(icmp.length > 0 ? { icmp } : {}),
    ...(limited?.http ? { http: limited.http } : {}),
    ...(limited?.dns ? { dns: limited.dns } : {}),
  };
}

const limits = ['serverNames', 'terminatingTLS', 'originatingTLS', 'listener'];

function readPortEntry(value: JsonValue, { action }: Section, place: At): Layer4 & { readonly ports: readonly Port[] } {
  const entry = readObject(value, place);
  if (entry === undefined) return { ports: [] };
  const isAllow = action === 'allow';
  refuseOthers(entry, place, { shown: isAllow ? ['ports', 'rules'] : ['ports'], hidden: isAllow ? limits : [] });
  const ports = readList(entry['ports'], at(place, 'ports')) ?? [];
  if (ports.length === 0) obstruct(place, 'matches-nothing', 'An entry of toPorts without ports matches nothing');
  return {
    ports: ports.flatMap((port, index) => readCiliumPort(port, at(place, 'ports', index))),
    ...(isAllow ? readRequests(entry['rules'], at(place, 'rules')) : {}),
  };
}

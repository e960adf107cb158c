import { alignLists, canonical } from '../edit/align.ts';
import { sameJson } from '../edit/same-json.ts';
import { isArray, isObject } from '../source/json.ts';
import type { JsonArray, JsonObject, JsonValue } from '../source/json.ts';
import { asJson } from './as-json.ts';
import { shownPeers } from './cilium-read.ts';
import type { Peer, Port, Rule } from './model.ts';
import { printCiliumPort } from './ports.ts';
import { printHttp, printName } from './requests.ts';
import { printSelector } from './selector.ts';

/** A rule as an entry of a section. */
export function printCiliumItem(rule: Rule): JsonObject {
  return { ...peersOf(rule, undefined), ...printLayer4(rule) };
}

/** An entry changed where the rule differs from what it says now. */
export function changeCiliumItem(item: JsonObject, before: Rule, rule: Rule): JsonObject {
  const withPeers = changePeers(item, before, rule);
  const layer4 = (each: Rule): JsonValue => asJson([each.ports, each.icmp ?? [], each.http ?? [], each.dns ?? []]);
  if (sameJson(layer4(before), layer4(rule))) return withPeers;
  const { toPorts, icmps: _icmps, ...others } = withPeers;
  return { ...others, ...changeLayer4(toPorts, before, rule) };
}

function changePeers(item: JsonObject, before: Rule, rule: Rule): JsonObject {
  const keys: readonly string[] = shownPeers[rule.direction];
  const given = keys.find((key) => isArray(item[key]));
  const isSettled = rule.peers.length > 0 || given !== undefined || !hasLayer4(rule);
  if (sameJson(asJson(before.peers), asJson(rule.peers)) && isSettled) return item;
  const others = Object.fromEntries(Object.entries(item).filter(([key]) => !keys.includes(key)));
  const changed = peersOf(
    rule,
    given === undefined ? undefined : { key: given, list: item[given], peers: before.peers },
  );
  const [entry] = Object.entries(changed);
  if (entry === undefined || given === undefined) return { ...changed, ...others };
  return Object.fromEntries(
    Object.entries(item).flatMap(([key, value]) =>
      key === given ? [entry] : keys.includes(key) ? [] : [[key, value]],
    ),
  );
}

interface Written {
  readonly key: string;
  readonly list: JsonValue | undefined;
  readonly peers: readonly Peer[];
}

/** The peers under their key; those that are written already keep their form. */
function peersOf(rule: Rule, written: Written | undefined): JsonObject {
  const { direction, peers } = rule;
  const [first] = peers;
  const prefix = direction === 'ingress' ? 'from' : 'to';
  if (first === undefined) return hasLayer4(rule) ? { [`${prefix}Endpoints`]: [] } : {};
  if (first.type === 'any') return {};
  const key = `${prefix}${listName(first, peers, written)}`;
  const old = written?.key === key && isArray(written.list) ? written.list : [];
  const known = new Map(
    (old.length > 0 ? (written?.peers ?? []) : []).map((peer, index) => [canonical(asJson(peer)), old[index]]),
  );
  return { [key]: peers.map((peer) => known.get(canonical(asJson(peer))) ?? printPeer(peer, key)) };
}

function listName(first: Peer, peers: readonly Peer[], written: Written | undefined): string {
  switch (first.type) {
    case 'pods':
      return 'Endpoints';
    case 'entity':
      return 'Entities';
    case 'dns':
      return 'FQDNs';
    case 'cidr':
      return written?.key.endsWith('CIDRSet') || peers.some((peer) => peer.type === 'cidr' && peer.except)
        ? 'CIDRSet'
        : 'CIDR';
    case 'any':
      return '';
    default:
      return first satisfies never;
  }
}

function printPeer(peer: Peer, key: string): JsonValue {
  switch (peer.type) {
    case 'pods':
      return printSelector(peer.pods ?? {});
    case 'entity':
      return peer.entity;
    case 'dns':
      return printName(peer);
    case 'cidr':
      return key.endsWith('CIDRSet') ? { cidr: peer.cidr, ...(peer.except ? { except: peer.except } : {}) } : peer.cidr;
    case 'any':
      return null;
    default:
      return peer satisfies never;
  }
}

function hasLayer4({ ports, icmp }: Rule): boolean {
  return ports.length > 0 || (icmp?.length ?? 0) > 0;
}

const mostPorts = 40;

/** The schema takes 40 ports an entry: more are spread over several, unless requests are limited, which needs one. */
function printLayer4({ ports, icmp, http, dns }: Rule): JsonObject {
  if (icmp && icmp.length > 0) return { icmps: [{ fields: icmp.map(({ family, type }) => ({ family, type })) }] };
  if (ports.length === 0) return {};
  const printed = ports.map(printCiliumPort);
  const rules = http ? { http: http.map(printHttp) } : dns ? { dns: dns.map(printName) } : undefined;
  if (rules) return { toPorts: [{ ports: printed, rules }] };
  const count = Math.ceil(printed.length / mostPorts);
  return {
    toPorts: Array.from({ length: count }, (_, index) => ({
      ports: printed.slice(index * mostPorts, (index + 1) * mostPorts),
    })),
  };
}

/** Ports that are written already keep their form; one entry stays one, several are kept where only the last grows. */
function changeLayer4(toPorts: JsonValue | undefined, before: Rule, rule: Rule): JsonObject {
  const printed = printLayer4(rule);
  const wanted = printed['toPorts'];
  const entries = isArray(toPorts) ? toPorts.filter(isObject) : [];
  if (!isArray(wanted) || entries.length === 0) return printed;
  const written = entries.map((entry) => (isArray(entry['ports']) ? entry['ports'] : []));
  const spread = spreadPorts({ written, before: before.ports, wanted: rule.ports });
  if (spread === undefined || spread.some((ports) => ports.length > mostPorts)) return printed;
  const rulesOf = (entry: JsonObject): JsonObject =>
    sameRequests(before, rule) ? pick(entry, 'rules') : pick(wanted[0], 'rules');
  return {
    toPorts: spread.flatMap((ports, index) => {
      const entry = entries[index] ?? {};
      const { rules: _rules, ports: _ports, ...others } = entry;
      return ports.length === 0 ? [] : [{ ...others, ports, ...rulesOf(entry) }];
    }),
  };
}

function pick(value: JsonValue | undefined, key: string): JsonObject {
  const inner = isObject(value) ? value[key] : undefined;
  return inner === undefined ? {} : { [key]: inner };
}

function sameRequests(a: Rule, b: Rule): boolean {
  return sameJson(asJson([a.http ?? null, a.dns ?? null]), asJson([b.http ?? null, b.dns ?? null]));
}

/** The wanted ports over the entries that are there; `undefined` where their order forbids it. */
function spreadPorts(asked: {
  readonly written: readonly JsonArray[];
  readonly before: readonly Port[];
  readonly wanted: readonly Port[];
}): readonly JsonArray[] | undefined {
  const { written, before, wanted } = asked;
  const entryOf = written.flatMap((ports, entry) => ports.map((value) => ({ entry, value })));
  const aligned = alignLists(before.map(asJson), wanted.map(asJson));
  let entry = 0;
  const spread: JsonValue[][] = written.map(() => []);
  for (const [index, each] of aligned.entries()) {
    const source = each.kind === 'added' ? undefined : entryOf[each.from];
    const port = wanted[index];
    if (port === undefined) return undefined;
    entry = source?.entry ?? entry;
    spread[entry]?.push(each.kind === 'kept' && source ? source.value : printCiliumPort(port));
  }
  return spread;
}

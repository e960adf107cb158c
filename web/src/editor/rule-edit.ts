import type { PolicyKind } from '@bartizan/api';
import type { PolicyRule, RulePeer } from '@bartizan/policy';

export type PeerType = RulePeer['type'] | 'nobody';

/** What a rule card offers, by what its kind of policy can say there. */
export function peerTypes(kind: PolicyKind, { direction, action }: PolicyRule): readonly PeerType[] {
  if (kind === 'NetworkPolicy') return ['pods', 'cidr', 'any'];
  const takesNames = direction === 'egress' && action === 'allow';
  return ['pods', 'entity', 'cidr', ...(takesNames ? (['dns'] as const) : []), 'any', 'nobody'];
}

export const entities = [
  'all',
  'world',
  'world-ipv4',
  'world-ipv6',
  'cluster',
  'host',
  'remote-node',
  'kube-apiserver',
  'ingress',
  'health',
  'init',
  'unmanaged',
  'none',
] as const;

/** A peer of a type that is still to be filled in: an empty text is no value anywhere, so it cannot be saved. */
export function emptyPeer(type: PeerType): readonly RulePeer[] {
  switch (type) {
    case 'pods':
      return [{ type, pods: {} }];
    case 'entity':
      return [{ type, entity: '' }];
    case 'cidr':
      return [{ type, cidr: '' }];
    case 'dns':
      return [{ type, name: '' }];
    case 'any':
      return [{ type }];
    case 'nobody':
      return [];
    default:
      return type satisfies never;
  }
}

export function newRule(direction: PolicyRule['direction']): PolicyRule {
  return { direction, action: 'allow', peers: emptyPeer('pods'), ports: [] };
}

/** Peers that one part of the sentence names: pods one by one, of the other types all that follow each other. */
export interface PeerPart {
  readonly type: PeerType;
  readonly from: number;
  readonly peers: readonly RulePeer[];
}

export function peerParts(peers: readonly RulePeer[]): readonly PeerPart[] {
  const parts: { readonly type: PeerPart['type']; readonly from: number; readonly peers: RulePeer[] }[] = [];
  for (const [index, peer] of peers.entries()) {
    const last = parts.at(-1);
    if (last && last.type === peer.type && peer.type !== 'pods') last.peers.push(peer);
    else parts.push({ type: peer.type, from: index, peers: [peer] });
  }
  return parts.length === 0 ? [{ type: 'nobody', from: 0, peers: [] }] : parts;
}

/** The rule with other peers in place of a part. */
export function replacePart(rule: PolicyRule, part: PeerPart, peers: readonly RulePeer[]): PolicyRule {
  const after = rule.peers.slice(part.from + part.peers.length);
  return { ...rule, peers: [...rule.peers.slice(0, part.from), ...peers, ...after] };
}

/**
 * Another type of peers keeps direction, ports and everything else. Cilium takes one type in a rule, and anyone stands
 * alone: there the others go.
 */
export function changeType(rule: PolicyRule, part: PeerPart, type: PeerType, kind: PolicyKind): PolicyRule {
  const isAlone = kind !== 'NetworkPolicy' || type === 'any' || type === 'nobody';
  return isAlone ? { ...rule, peers: emptyPeer(type) } : replacePart(rule, part, emptyPeer(type));
}

export function changeAction(rule: PolicyRule, action: PolicyRule['action']): PolicyRule {
  const { http: _http, dns: _dns, ...rest } = rule;
  return withoutNames(action === 'deny' ? { ...rest, action } : { ...rule, action });
}

export function changeDirection(rule: PolicyRule, direction: PolicyRule['direction']): PolicyRule {
  return withoutNames({ ...rule, direction });
}

/** Cilium takes DNS names only where outgoing connections are allowed. */
function withoutNames(rule: PolicyRule): PolicyRule {
  const takesNames = rule.direction === 'egress' && rule.action === 'allow';
  const hasNames = rule.peers.some(({ type }) => type === 'dns');
  return hasNames && !takesNames ? { ...rule, peers: emptyPeer('pods') } : rule;
}

export type PortMode = 'any' | 'ports' | 'icmp';

export function portMode({ ports, icmp }: PolicyRule): PortMode {
  return icmp ? 'icmp' : ports.length > 0 ? 'ports' : 'any';
}

export function changePortMode(rule: PolicyRule, mode: PortMode): PolicyRule {
  const { icmp: _icmp, http, dns, ...rest } = rule;
  const requests = { ...(http ? { http } : {}), ...(dns ? { dns } : {}) };
  switch (mode) {
    case 'any':
      return { ...rest, ports: [] };
    case 'icmp':
      return { ...rest, ports: [], icmp: [] };
    case 'ports':
      return { ...rest, ...requests, ports: [{ port: '', protocol: 'TCP' }] };
    default:
      return mode satisfies never;
  }
}

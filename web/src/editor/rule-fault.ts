import type { PolicyKind } from '@bartizan/api';
import type { PolicyRule, RulePeer } from '@bartizan/policy';

/** What is still missing in a rule, in words; null where it can be written. */
export function ruleFault(rule: PolicyRule, kind: PolicyKind): string | null {
  const peer = rule.peers.map(peerFault).find((fault) => fault !== null);
  if (peer) return peer;
  if (rule.ports.some(({ port }) => port === '')) return 'Name a port, for example 80/TCP';
  if (rule.icmp?.length === 0) return 'Name an ICMP type, for example EchoRequest';
  if (rule.http?.length === 0) return 'Name a request, for example GET /api/.*';
  if (rule.dns?.length === 0) return 'Name what may be looked up, for example *.example.org';
  return kind === 'NetworkPolicy' ? kubernetesFault(rule) : ciliumFault(rule);
}

function peerFault(peer: RulePeer): string | null {
  switch (peer.type) {
    case 'any':
      return null;
    case 'pods':
      return hasEmptyNamespace(peer) ? 'Name a namespace' : null;
    case 'entity':
      return peer.entity === '' ? 'Choose an entity' : null;
    case 'cidr':
      return peer.cidr === '' ? 'Write an address range, for example 10.0.0.0/8' : null;
    case 'dns':
      return 'name' in peer && peer.name === '' ? 'Write a name, for example api.example.org' : null;
    default:
      return peer satisfies never;
  }
}

function hasEmptyNamespace({ pods, namespaces }: Extract<RulePeer, { type: 'pods' }>): boolean {
  const own = Object.entries(pods?.matchLabels ?? {}).filter(([key]) => key.endsWith('io.kubernetes.pod.namespace'));
  const named = Object.entries(namespaces?.matchLabels ?? {}).filter(([key]) => key === 'kubernetes.io/metadata.name');
  return [...own, ...named].some(([, value]) => value === '');
}

function kubernetesFault({ peers, action }: PolicyRule): string | null {
  if (action === 'deny') return 'A NetworkPolicy cannot deny: what no rule allows is denied already';
  return peers.length === 0 ? 'A rule of a NetworkPolicy cannot name nobody: remove it, or name anyone' : null;
}

function ciliumFault({ peers, ports, icmp }: PolicyRule): string | null {
  const isBare = ports.length === 0 && icmp === undefined;
  if (peers[0]?.type === 'any' && isBare)
    return 'A Cilium rule without peers and ports allows nothing: name ports, or choose the entity all';
  if (peers.length === 0 && !isBare) return 'Nobody cannot use ports: choose any port, or name who may connect';
  return null;
}

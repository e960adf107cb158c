import type { PolicyKind } from '@bartizan/api';
import type { PolicyRule, RulePeer } from '@bartizan/policy';
import { printCidr } from './address-text.ts';
import { labelsOf, readScope } from './peer-scope.ts';
import type { PodPeer } from './peer-scope.ts';
import { printPort } from './port-text.ts';
import { printHttp, printIcmp, printName } from './request-text.ts';
import { printRequirement, requirementsOf } from './selector-text.ts';

/** A rule as its card says it, in one line: what stands there until somebody comes near. */
export function ruleSentence(rule: PolicyRule, kind: PolicyKind): string {
  const isIn = rule.direction === 'ingress';
  const way = isIn ? 'inbound to the selected pods from' : 'outbound from the selected pods to';
  const peers = rule.peers.map((peer) => peerWords(peer, kind)).join(' or ') || 'nobody';
  const requests = [...(rule.http ?? []).map(printHttp), ...(rule.dns ?? []).map((name) => `DNS ${printName(name)}`)];
  const only = requests.length > 0 ? `, only ${requests.join(', ')}` : '';
  return `${rule.action === 'deny' ? 'Deny' : 'Allow'} traffic ${way} ${peers} on ${portWords(rule)}${only}`;
}

function peerWords(peer: RulePeer, kind: PolicyKind): string {
  switch (peer.type) {
    case 'pods':
      return podWords(peer, kind);
    case 'entity':
      return `entity ${peer.entity}`;
    case 'cidr':
      return printCidr(peer);
    case 'dns':
      return printName(peer);
    case 'any':
      return 'anyone';
    default:
      return peer satisfies never;
  }
}

function podWords(peer: PodPeer, kind: PolicyKind): string {
  const labels = requirementsOf(labelsOf(peer, kind)).map(printRequirement).join(', ');
  return `${labels === '' ? 'every pod' : `pods with ${labels}`} in ${scopeWords(peer, kind)}`;
}

function scopeWords(peer: PodPeer, kind: PolicyKind): string {
  const scope = readScope(peer, kind);
  switch (scope.kind) {
    case 'own':
      return kind === 'CiliumClusterwideNetworkPolicy' ? 'any namespace' : 'this namespace';
    case 'any':
      return 'any namespace';
    case 'named':
      return `namespace ${scope.names.join(', ')}`;
    case 'labelled':
      return `namespaces with ${requirementsOf(scope.selector).map(printRequirement).join(', ')}`;
    default:
      return scope satisfies never;
  }
}

function portWords({ ports, icmp }: PolicyRule): string {
  if (icmp) return `ICMP types ${icmp.map(printIcmp).join(', ')}`;
  return ports.length === 0 ? 'any port' : ports.map(printPort).join(', ');
}

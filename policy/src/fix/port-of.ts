import type { PolicyKind } from '../model/policy.ts';
import { portProtocols } from '../model/protocol.ts';
import type { Protocol } from '../model/protocol.ts';
import type { JsonObject } from '../source/json.ts';

export interface PortQuestion {
  readonly kind: PolicyKind;
  readonly protocol: Protocol;
  readonly port: number;
}

export function hasPorts(protocol: Protocol): boolean {
  return portProtocols.some((known) => known === protocol);
}

/** One port as the kind of policy lists it: a number, or digits in a string. */
export function portItem({ kind, protocol, port }: PortQuestion): JsonObject {
  return { port: kind === 'NetworkPolicy' ? port : String(port), protocol };
}

/** The fields of a rule that name just this port; a sentence where there is no way to. */
export function portOf(question: PortQuestion): JsonObject | string {
  const { kind, protocol, port } = question;
  if (hasPorts(protocol)) {
    if (port === 0) return 'Port 0 in a rule means every port.';
    return kind === 'NetworkPolicy' ? { ports: [portItem(question)] } : { toPorts: [{ ports: [portItem(question)] }] };
  }
  if (protocol !== 'ICMP' && protocol !== 'ICMPv6') return `${protocol} has no ports that a rule could name.`;
  if (kind === 'NetworkPolicy') return 'A NetworkPolicy cannot name ICMP.';
  if (port === 0) return 'ICMP type 0 in a rule lets every type through (Cilium 1.20).';
  return { icmps: [{ fields: [{ family: protocol === 'ICMP' ? 'IPv4' : 'IPv6', type: port }] }] };
}

import type { FlowRecord } from './record.ts';

/**
 * What an event says about connections. A policy verdict is half of one: the egress half is told where it starts,
 * the ingress half where it ends. `candidate`: a field mask removed what would tell it from a trace.
 */
export type HalfKind = 'verdict' | 'drop' | 'candidate' | 'reply' | 'none';

const policyReasons = new Set(['POLICY_DENIED', 'POLICY_DENY', 'AUTH_REQUIRED']);

export function halfKindOf(record: FlowRecord): HalfKind {
  if (record.isReply === true || isSynAck(record) || isEchoReply(record)) return 'reply';
  switch (record.type) {
    case 'PolicyVerdict':
      return 'verdict';
    case 'Drop':
      return record.dropReason === null || policyReasons.has(record.dropReason) ? 'drop' : 'none';
    case 'Unknown':
      return record.subtype === '0' && record.l7 === null && record.protocol !== 'unknown' ? 'candidate' : 'none';
    default:
      return 'none';
  }
}

function isSynAck(record: FlowRecord): boolean {
  return record.tcpFlags !== null && record.tcpFlags.includes('SYN') && record.tcpFlags.includes('ACK');
}

/** Type 0 of ICMP and 129 of ICMPv6 answer a ping. */
function isEchoReply({ isReply, protocol, icmp }: FlowRecord): boolean {
  return isReply === null && icmp?.type === (protocol === 'ICMPv4' ? 0 : 129);
}

/** What became of a connection, as the cluster reported it. */
export type ReportedOutcome = 'forwarded' | 'dropped' | 'audit' | 'unknown';

export function outcomeOf(record: FlowRecord): ReportedOutcome {
  switch (record.verdict) {
    case 'FORWARDED':
    case 'REDIRECTED':
      return 'forwarded';
    case 'DROPPED':
      return record.dropReason === 'AUTH_REQUIRED' ? 'unknown' : 'dropped';
    case 'AUDIT':
      return 'audit';
    default:
      return 'unknown';
  }
}

const rank: Readonly<Record<ReportedOutcome, number>> = { forwarded: 0, audit: 1, unknown: 2, dropped: 3 };

/** Both halves must let a connection through, so the worse one is what became of it. */
export function worseOutcome(a: ReportedOutcome, b: ReportedOutcome): ReportedOutcome {
  return rank[a] >= rank[b] ? a : b;
}

/** The port that policies judge: the destination's, the ICMP type, 0 without ports; null where the event does not say. */
export function policyPort(record: FlowRecord): number | null {
  if (record.protocol === 'VRRP' || record.protocol === 'IGMP') return 0;
  return record.icmp === null ? record.destination.port : record.icmp.type;
}

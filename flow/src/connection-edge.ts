import { podLabels } from './endpoint.ts';
import type { ReportedOutcome } from './connection-half.ts';
import type { FlowEndpoint, FlowProtocol } from './record.ts';

/** How often one outcome was seen, first and last when, and the ids of some of the events. */
export interface ConnectionTally {
  readonly count: number;
  readonly firstSeen: string;
  readonly lastSeen: string;
  readonly examples: readonly string[];
}

/** All connections that policies cannot tell apart: same ends by labels, or by address outside, same port. */
export interface ConnectionEdge {
  /** Ends that are alike are the same object in all edges of one reading. */
  readonly source: FlowEndpoint;
  readonly destination: FlowEndpoint;
  readonly protocol: FlowProtocol;
  /** The destination's port or the ICMP type; null where the events do not say. */
  readonly port: number | null;
  readonly outcomes: Readonly<Partial<Record<ReportedOutcome, ConnectionTally>>>;
  /** Why the outcome `unknown` is unknown. */
  readonly unknownBecause: string | null;
}

/** Equal for ends that policies cannot tell apart and that a reader would call by the same name. */
export function endKey(end: FlowEndpoint): string {
  if (end.entity === null) {
    const owner = end.workload === null ? '' : `${end.workload.kind}/${end.workload.name}`;
    return `${end.cluster}|${end.namespace}|${owner}|${end.labels.join(',')}`;
  }
  if (!isAddress(end)) return `${end.entity}|${end.labels.join(',')}`;
  return `${end.entity}|${end.ip}|${end.names.join(',')}`;
}

/** How an end is called in answers: `NAMESPACE/NAME[Kind]`, the name of what has no pod, or its address. */
export function endName(end: FlowEndpoint): string {
  if (end.entity !== null) return end.entity.startsWith('world') ? (end.ip ?? end.entity) : end.entity;
  const where = end.namespace ?? 'unknown';
  if (end.workload !== null) return `${where}/${end.workload.name}[${end.workload.kind}]`;
  const labels = podLabels(end.labels);
  return labels.length === 0 ? where : `${where}/{${labels.join(',')}}`;
}

function isAddress(end: FlowEndpoint): boolean {
  return end.entity !== null && (end.entity.startsWith('world') || end.entity === 'unknown');
}

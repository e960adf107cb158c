import { policyPort } from './connection-half.ts';
import type { FlowEndpoint, FlowProtocol, FlowRecord, FlowType, FlowVerdict } from './record.ts';

/** One end of a roll-up: an owner that outlives its pods, an entity, or an address outside by its name or network. */
export interface RollupEnd {
  readonly namespace: string | null;
  readonly kind: string | null;
  readonly name: string;
}

/** All that events have in common that are kept as one row an hour. */
export interface RollupKey {
  /** The start of the hour, RFC 3339. */
  readonly hour: string;
  readonly source: RollupEnd;
  readonly destination: RollupEnd;
  readonly protocol: FlowProtocol;
  readonly port: number | null;
  readonly verdict: FlowVerdict;
  readonly type: FlowType;
  readonly subtype: string;
  readonly reason: string | null;
}

export function rollupKeyOf(record: FlowRecord): RollupKey {
  return {
    hour: record.time === '' ? '' : `${record.time.slice(0, 13)}:00:00Z`,
    source: rollupEndOf(record.source),
    destination: rollupEndOf(record.destination),
    protocol: record.protocol,
    port: record.isReply === true ? null : policyPort(record),
    verdict: record.verdict,
    type: record.type,
    subtype: record.subtype,
    reason: record.dropReason,
  };
}

export function rollupEndOf(end: FlowEndpoint): RollupEnd {
  const { namespace, workload, pod, entity } = end;
  if (workload !== null) return { namespace, kind: workload.kind, name: workload.name };
  if (pod !== null) return { namespace, kind: 'Pod', name: pod };
  if (entity === null) return { namespace, kind: null, name: 'unknown' };
  if (!entity.startsWith('world')) return { namespace, kind: 'entity', name: entity };
  const name = end.names[0];
  if (name !== undefined) return { namespace, kind: 'dns', name };
  return { namespace, kind: 'cidr', name: end.ip === null ? entity : networkOf(end.ip) };
}

/** The /24 or /64 around an address, so that a crawl from a thousand addresses is not a thousand rows. */
export function networkOf(ip: string): string {
  if (!ip.includes(':')) return `${ip.split('.').slice(0, 3).join('.')}.0/24`;
  const [head = '', tail] = ip.split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros =
    tail === undefined ? [] : Array.from({ length: Math.max(0, 8 - left.length - right.length) }, () => '0');
  return `${[...left, ...zeros, ...right].slice(0, 4).join(':')}::/64`;
}

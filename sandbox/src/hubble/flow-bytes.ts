import type { MessageInitShape } from '@bufbuild/protobuf';
import { create, toBinary } from '@bufbuild/protobuf';
import { flowWire } from '@bartizan/flow';
import type { FlowEvent, L7Record, TcpFlags } from '../events/flow-event.ts';
import { tracePoints } from '../events/flow-event.ts';
import type { End } from '../traffic/ends.ts';
import type { PolicyMark } from '../traffic/judge.ts';
import { clusterName } from '../world/places.ts';
import { stampBytes } from './stamp-bytes.ts';

const eventTypes = { drop: 1, trace: 4, 'policy-verdict': 5, l7: 129 } as const;
const dropReasons = { POLICY_DENIED: 133, POLICY_DENY: 181 } as const;
const directions = { unknown: 0, ingress: 1, egress: 2 } as const;

/**
 * Writes Hubble's message of an event. Protobuf messages joined end to end are merged when they are read, so what many
 * events have in common is written once and then copied: both ends, the policies, and the kind of event it is.
 */
export function createFlowWriter(): (event: FlowEvent, sequence: number) => Uint8Array {
  const ends = new WeakMap<End, Readonly<Record<Role, Uint8Array>>>();
  const policies = new WeakMap<readonly PolicyMark[], Uint8Array>();
  const kinds = new Map<string, Uint8Array>();

  function endBytes(end: End): Readonly<Record<Role, Uint8Array>> {
    const known = ends.get(end) ?? allRolesOf(end);
    ends.set(end, known);
    return known;
  }

  function policyBytes({ allowedBy, deniedBy, direction }: FlowEvent): Uint8Array {
    const marks = allowedBy ?? deniedBy;
    if (!marks) return nothing;
    const side = direction === 'egress' ? 'egress' : 'ingress';
    const named = { [`${side}${allowedBy ? 'Allowed' : 'Denied'}By`]: marks.map(policyOf) };
    const known = policies.get(marks) ?? flowBytes(named);
    policies.set(marks, known);
    return known;
  }

  function kindBytes(event: FlowEvent): Uint8Array {
    const { kind, node, verdict, protocol, flags, direction, point, isReply, dropReason, matchType } = event;
    const key = `${kind} ${node} ${verdict} ${protocol} ${flags} ${direction} ${point} ${isReply} ${dropReason} ${matchType}`;
    const known = kinds.get(key) ?? flowBytes(kindFields(event));
    kinds.set(key, known);
    return known;
  }

  return (event, sequence) => {
    const { source, destination, node } = event;
    return Buffer.concat([
      stampBytes(event, sequence),
      event.l7 ? flowBytes({ l7: layer7Of(event.l7), Summary: summaryOf(event.l7) }) : nothing,
      kindBytes(event),
      endBytes(source)[source.node === node ? 'near source' : 'far source'],
      endBytes(destination)[destination.node === node ? 'near destination' : 'far destination'],
      policyBytes(event),
    ]);
  };
}

type Role = 'near source' | 'far source' | 'near destination' | 'far destination';
type FlowFields = MessageInitShape<typeof flowWire.FlowSchema>;

const nothing = new Uint8Array();

function flowBytes(fields: FlowFields): Uint8Array {
  return toBinary(flowWire.FlowSchema, create(flowWire.FlowSchema, fields));
}

function allRolesOf(end: End): Readonly<Record<Role, Uint8Array>> {
  const from = { IP: { source: end.address }, sourceNames: [...end.names] };
  const to = { IP: { destination: end.address }, destinationNames: [...end.names] };
  return {
    'near source': flowBytes({ ...from, source: endpointOf(end, end.endpointId) }),
    'far source': flowBytes({ ...from, source: endpointOf(end, 0) }),
    'near destination': flowBytes({ ...to, destination: endpointOf(end, end.endpointId) }),
    'far destination': flowBytes({ ...to, destination: endpointOf(end, 0) }),
  };
}

function kindFields(event: FlowEvent): FlowFields {
  const { kind, node, verdict, direction, protocol, flags, isReply, dropReason, point, matchType } = event;
  return {
    verdict: flowWire.Verdict[verdict],
    IP: { ipVersion: flowWire.IPVersion.IPv4 },
    Type: kind === 'l7' ? flowWire.FlowType.L7 : flowWire.FlowType.L3_L4,
    nodeName: `${clusterName}/${node}`,
    eventType: { type: eventTypes[kind], subType: subTypeOf(event) },
    trafficDirection: directions[direction],
    policyMatchType: matchType ?? 0,
    ...(kind === 'l7' ? {} : { Summary: flags ? `${protocol} Flags: ${flags}` : protocol }),
    ...(flags ? { l4: { protocol: { case: 'TCP', value: { flags: flagsOf(flags) } } } } : {}),
    ...(point ? { traceObservationPoint: tracePoints[point].point, traceReason: traceReasonOf(event) } : {}),
    ...(isReply === undefined ? {} : { isReply }),
    ...(dropReason ? { dropReason: dropReasons[dropReason], dropReasonDesc: dropReasons[dropReason] } : {}),
  };
}

function flagsOf(flags: TcpFlags): { readonly [flag: string]: boolean } {
  return Object.fromEntries(flags.split(', ').map((flag) => [flag, true]));
}

function policyOf({ name, namespace, kind, labels, revision }: PolicyMark): flowWire.Policy {
  return create(flowWire.PolicySchema, { name, namespace, kind, labels: [...labels], revision: BigInt(revision) });
}

function endpointOf(end: End, id: number): flowWire.Endpoint {
  return create(flowWire.EndpointSchema, {
    ID: id,
    identity: end.identity,
    namespace: end.namespace,
    labels: [...end.labels],
    podName: end.pod,
    workloads: end.workload ? [end.workload] : [],
    clusterName: end.kind === 'pod' ? clusterName : '',
  });
}

function subTypeOf({ kind, point, dropReason }: FlowEvent): number {
  if (kind === 'drop') return dropReason ? dropReasons[dropReason] : 0;
  return point ? tracePoints[point].subType : 0;
}

function traceReasonOf({ point, isReply, flags }: FlowEvent): flowWire.TraceReason {
  if (point?.startsWith('from-')) return flowWire.TraceReason.TRACE_REASON_UNKNOWN;
  if (isReply) return flowWire.TraceReason.REPLY;
  return flags === 'ACK, FIN' ? flowWire.TraceReason.ESTABLISHED : flowWire.TraceReason.NEW;
}

function layer7Of(l7: L7Record): flowWire.Layer7 {
  const { type, latencyNs } = l7;
  const shared = { type: flowWire.L7FlowType[type], latencyNs: BigInt(latencyNs) };
  if ('http' in l7) {
    const value = create(flowWire.HTTPSchema, { ...l7.http, protocol: 'HTTP/1.1' });
    return create(flowWire.Layer7Schema, { ...shared, record: { case: 'http', value } });
  }
  const { query, ips, rcode } = l7.dns;
  const answered = type === 'RESPONSE';
  const value = create(flowWire.DNSSchema, {
    query,
    ips: [...ips],
    rcode,
    ttl: answered ? 30 : 0,
    observationSource: 'proxy',
    qtypes: ['A'],
    rrtypes: answered && ips.length > 0 ? ['A'] : [],
  });
  return create(flowWire.Layer7Schema, { ...shared, record: { case: 'dns', value } });
}

function summaryOf(l7: L7Record): string {
  if ('http' in l7) {
    const { method, url, code } = l7.http;
    if (l7.type === 'REQUEST') return `HTTP/1.1 ${method} ${url}`;
    return `HTTP/1.1 ${code} ${Math.round(l7.latencyNs / 1e6)}ms (${method} ${url})`;
  }
  if (l7.type === 'REQUEST') return `DNS Query ${l7.dns.query} A`;
  return `DNS Answer "${l7.dns.ips.join(',')}" TTL: 30 (Proxy ${l7.dns.query} A)`;
}

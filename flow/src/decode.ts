import { clusterOfNode, endpointOf, knownEndOf, portOf } from './endpoint.ts';
import type { KnownEnd } from './endpoint.ts';
import { eventId } from './event-id.ts';
import { matchTypeOf, subtypeOf, typeOf } from './event-type.ts';
import type { L7Kind } from './event-type.ts';
import { DropReason, L7FlowType, TraceReason, TrafficDirection, Verdict } from './gen/flow/flow_pb.js';
import type { Aggregate, Endpoint, Flow, Layer4, Layer7, Policy, Service, TCPFlags } from './gen/flow/flow_pb.js';
import type { FlowDirection, FlowL7, FlowPolicy, FlowRecord, FlowService, FlowVerdict } from './record.ts';
import { timeOf } from './time.ts';

/** What is read of a message besides its time and its ends. */
export interface FlowFields extends Readonly<
  Pick<Flow, 'dropReason' | 'policyMatchType' | 'nodeName' | 'sourceNames' | 'destinationNames' | 'uuid' | 'Summary'>
> {
  readonly verdict: number;
  readonly dropReasonDesc: number;
  readonly traceReason: number;
  readonly trafficDirection: number;
  readonly eventType?: { readonly type: number; readonly subType: number } | undefined;
  readonly isReply?: boolean | undefined;
  readonly reply: boolean;
  readonly IP?: { readonly source: string; readonly destination: string } | undefined;
  readonly l4?: { readonly protocol: Layer4Fields } | undefined;
  readonly l7?: Layer7 | undefined;
  readonly sourceService?: Service | undefined;
  readonly destinationService?: Service | undefined;
  readonly aggregate?: Aggregate | undefined;
  readonly ingressAllowedBy: readonly Policy[];
  readonly egressAllowedBy: readonly Policy[];
  readonly ingressDeniedBy: readonly Policy[];
  readonly egressDeniedBy: readonly Policy[];
}

export interface KnownParts {
  readonly time: string;
  readonly source: KnownEnd;
  readonly destination: KnownEnd;
}

/** A message of Relay or an agent as a record; every field may be missing, as field masks make them. */
export function fromRelay(flow: Flow): FlowRecord {
  const time = flow.time === undefined ? '' : timeOf(Number(flow.time.seconds), flow.time.nanos);
  return recordOf(flow, { time, source: knownEnd(flow.source), destination: knownEnd(flow.destination) });
}

export function recordOf(flow: FlowFields, known: KnownParts): FlowRecord {
  const eventType = flow.eventType?.type ?? 0;
  const l7 = flow.l7 === undefined ? null : l7Of(flow.l7);
  const l4 = layer4Of(flow);
  const seenIn = clusterOfNode(flow.nodeName);
  const record = {
    id: flow.uuid,
    time: known.time,
    verdict: verdictOf(flow.verdict),
    type: typeOf(eventType),
    subtype: subtypeOf(eventType, flow.eventType?.subType ?? 0, l7KindOf(flow.l7)),
    direction: directionOf(flow.trafficDirection),
    isReply: flow.isReply ?? (flow.reply ? true : null),
    node: flow.nodeName === '' ? null : flow.nodeName,
    source: endpointOf(known.source, {
      seenIn,
      ip: flow.IP?.source ?? '',
      port: l4.sourcePort,
      names: flow.sourceNames,
    }),
    destination: endpointOf(known.destination, {
      seenIn,
      ip: flow.IP?.destination ?? '',
      port: l4.destinationPort,
      names: flow.destinationNames,
    }),
    protocol: l4.protocol,
    icmp: l4.icmp,
    tcpFlags: l4.flags,
    traceReason: flow.traceReason === 0 ? null : (TraceReason[flow.traceReason] ?? String(flow.traceReason)),
    dropReason: dropReasonOf(flow.dropReasonDesc === 0 ? flow.dropReason : flow.dropReasonDesc),
    policyMatchType: matchTypeOf(eventType, flow.policyMatchType),
    allowedBy: policiesOf(flow.ingressAllowedBy, flow.egressAllowedBy),
    deniedBy: policiesOf(flow.ingressDeniedBy, flow.egressDeniedBy),
    l7,
    sourceService: serviceOf(flow.sourceService),
    destinationService: serviceOf(flow.destinationService),
    summary: flow.Summary,
    aggregate: flow.aggregate === undefined ? null : aggregateOf(flow.aggregate),
  };
  return flow.uuid === '' ? { ...record, id: eventId(record) } : record;
}

/** The name of the datapath's drop code; a code of a newer Cilium keeps its number. */
function dropReasonOf(code: number): string | null {
  return code === 0 ? null : (DropReason[code] ?? String(code));
}

function verdictOf(verdict: number): FlowVerdict {
  switch (verdict) {
    case Verdict.FORWARDED:
      return 'FORWARDED';
    case Verdict.DROPPED:
      return 'DROPPED';
    case Verdict.ERROR:
      return 'ERROR';
    case Verdict.AUDIT:
      return 'AUDIT';
    case Verdict.REDIRECTED:
      return 'REDIRECTED';
    case Verdict.TRACED:
      return 'TRACED';
    case Verdict.TRANSLATED:
      return 'TRANSLATED';
    default:
      return 'UNKNOWN';
  }
}

function directionOf(direction: number): FlowDirection {
  if (direction === TrafficDirection.INGRESS) return 'ingress';
  return direction === TrafficDirection.EGRESS ? 'egress' : 'unknown';
}

type Layer4Part = Pick<FlowRecord, 'protocol' | 'icmp'> & {
  readonly sourcePort: number | null;
  readonly destinationPort: number | null;
  readonly flags: string[] | null;
};

type Layer4Fields =
  | { readonly case: 'TCP'; readonly value: Ports & { readonly flags?: TCPFlags | undefined } }
  | { readonly case: 'UDP'; readonly value: Ports }
  | Exclude<Layer4['protocol'], { case: 'TCP' | 'UDP' }>;

const noLayer4: Layer4Part = { protocol: 'unknown', icmp: null, sourcePort: null, destinationPort: null, flags: null };

function layer4Of(flow: FlowFields): Layer4Part {
  const l4 = flow.l4?.protocol;
  switch (l4?.case) {
    case 'TCP':
      return withPorts('TCP', l4.value, l4.value.flags === undefined ? null : flagsOf(l4.value.flags));
    case 'UDP':
    case 'SCTP':
      return withPorts(l4.case, l4.value, null);
    case 'ICMPv4':
    case 'ICMPv6':
      return { ...noLayer4, protocol: l4.case, icmp: { type: l4.value.type, code: l4.value.code } };
    case 'VRRP':
    case 'IGMP':
      return { ...noLayer4, protocol: l4.case };
    default:
      return noLayer4;
  }
}

interface Ports {
  readonly sourcePort: number;
  readonly destinationPort: number;
}

function withPorts(protocol: 'TCP' | 'UDP' | 'SCTP', ports: Ports, flags: string[] | null): Layer4Part {
  const { sourcePort, destinationPort } = ports;
  return {
    protocol,
    icmp: null,
    sourcePort: portOf(sourcePort),
    destinationPort: portOf(destinationPort),
    flags,
  };
}

export const flagNames = ['FIN', 'SYN', 'RST', 'PSH', 'ACK', 'URG', 'ECE', 'CWR', 'NS'] as const;

function flagsOf(flags: TCPFlags): string[] {
  return flagNames.filter((name) => flags[name]);
}

export function knownEnd(end: Endpoint | undefined): KnownEnd {
  return knownEndOf({
    identity: end?.identity ?? 0,
    namespace: end?.namespace ?? '',
    labels: end?.labels ?? [],
    pod: end?.podName ?? '',
    workload: end?.workloads[0],
    cluster: end?.clusterName ?? '',
  });
}

function l7Of(l7: Layer7): FlowL7 {
  const type = l7TypeOf(l7.type);
  const { record } = l7;
  switch (record.case) {
    case 'http': {
      const { method, url, protocol, code, headers } = record.value;
      const pairs = headers.map(({ key, value }) => ({ key, value }));
      return { type, http: { method, url, protocol, code: code === 0 ? null : code, headers: pairs }, dns: null };
    }
    case 'dns': {
      const { query, ips, cnames, rcode, qtypes, rrtypes } = record.value;
      return { type, http: null, dns: { query, ips, cnames, rcode, qtypes, rrtypes } };
    }
    default:
      return { type, http: null, dns: null };
  }
}

const kafkaField = 102;

function l7KindOf(l7: Layer7 | undefined): L7Kind {
  switch (l7?.record.case) {
    case 'dns':
      return 'DNS';
    case 'http':
      return 'HTTP';
    default:
      return l7?.$unknown?.some(({ no }) => no === kafkaField) === true ? 'Kafka' : '';
  }
}

function l7TypeOf(type: number): FlowL7['type'] {
  if (type === L7FlowType.REQUEST) return 'request';
  if (type === L7FlowType.RESPONSE) return 'response';
  return type === L7FlowType.SAMPLE ? 'sample' : 'unknown';
}

function policiesOf(ingress: readonly Policy[], egress: readonly Policy[]): FlowPolicy[] {
  if (ingress.length + egress.length === 0) return [];
  return [
    ...ingress.map((policy) => policyOf('ingress', policy)),
    ...egress.map((policy) => policyOf('egress', policy)),
  ];
}

function policyOf(direction: 'ingress' | 'egress', { kind, namespace, name }: Policy): FlowPolicy {
  return { direction, kind: kind === '' ? null : kind, namespace: namespace === '' ? null : namespace, name };
}

function serviceOf(service: Service | undefined): FlowService | null {
  if (service === undefined || service.name === '') return null;
  return { namespace: service.namespace === '' ? null : service.namespace, name: service.name };
}

function aggregateOf(aggregate: Aggregate): NonNullable<FlowRecord['aggregate']> {
  const { ingressFlowCount, egressFlowCount, unknownDirectionFlowCount } = aggregate;
  return { ingress: ingressFlowCount, egress: egressFlowCount, unknown: unknownDirectionFlowCount };
}

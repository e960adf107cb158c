import { clusterOfNode, endpointOf, portOf } from './endpoint.ts';
import { eventId } from './event-id.ts';
import { matchTypeOf, subtypeOf, typeOf } from './event-type.ts';
import type { L7Kind } from './event-type.ts';
import { DropReason, L7FlowType, TraceReason, TrafficDirection, Verdict } from './gen/flow/flow_pb.js';
import type { Aggregate, Endpoint, Flow, Layer7, Policy, Service, TCPFlags } from './gen/flow/flow_pb.js';
import type {
  FlowDirection,
  FlowEndpoint,
  FlowL7,
  FlowPolicy,
  FlowRecord,
  FlowService,
  FlowVerdict,
} from './record.ts';
import { timeOf } from './time.ts';

/** A message of Relay or an agent as a record; every field may be missing, as field masks make them. */
export function fromRelay(flow: Flow): FlowRecord {
  const eventType = flow.eventType?.type ?? 0;
  const l7 = flow.l7 === undefined ? null : l7Of(flow.l7);
  const l4 = layer4Of(flow);
  const record = {
    time: flow.time === undefined ? '' : timeOf(Number(flow.time.seconds), flow.time.nanos),
    verdict: verdictOf(flow.verdict),
    type: typeOf(eventType),
    subtype: subtypeOf(eventType, flow.eventType?.subType ?? 0, l7KindOf(flow.l7)),
    direction: directionOf(flow.trafficDirection),
    isReply: flow.isReply ?? (flow.reply ? true : null),
    node: flow.nodeName === '' ? null : flow.nodeName,
    source: endOf(flow, 'source', l4.sourcePort),
    destination: endOf(flow, 'destination', l4.destinationPort),
    protocol: l4.protocol,
    icmp: l4.icmp,
    tcpFlags: l4.flags,
    traceReason: flow.traceReason === 0 ? null : (TraceReason[flow.traceReason] ?? String(flow.traceReason)),
    dropReason: dropReasonOf(flow.dropReasonDesc === 0 ? flow.dropReason : flow.dropReasonDesc),
    policyMatchType: matchTypeOf(eventType, flow.policyMatchType),
    allowedBy: [...policiesOf('ingress', flow.ingressAllowedBy), ...policiesOf('egress', flow.egressAllowedBy)],
    deniedBy: [...policiesOf('ingress', flow.ingressDeniedBy), ...policiesOf('egress', flow.egressDeniedBy)],
    l7,
    sourceService: serviceOf(flow.sourceService),
    destinationService: serviceOf(flow.destinationService),
    summary: flow.Summary,
    aggregate: flow.aggregate === undefined ? null : aggregateOf(flow.aggregate),
  };
  return { id: flow.uuid === '' ? eventId(record) : flow.uuid, ...record };
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

const noLayer4: Layer4Part = { protocol: 'unknown', icmp: null, sourcePort: null, destinationPort: null, flags: null };

function layer4Of(flow: Flow): Layer4Part {
  const l4 = flow.l4?.protocol;
  switch (l4?.case) {
    case 'TCP':
      return { ...withPorts('TCP', l4.value), flags: l4.value.flags === undefined ? null : flagsOf(l4.value.flags) };
    case 'UDP':
    case 'SCTP':
      return withPorts(l4.case, l4.value);
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

function withPorts(protocol: 'TCP' | 'UDP' | 'SCTP', ports: Ports): Layer4Part {
  const { sourcePort, destinationPort } = ports;
  return {
    protocol,
    icmp: null,
    sourcePort: portOf(sourcePort),
    destinationPort: portOf(destinationPort),
    flags: null,
  };
}

export const flagNames = ['FIN', 'SYN', 'RST', 'PSH', 'ACK', 'URG', 'ECE', 'CWR', 'NS'] as const;

function flagsOf(flags: TCPFlags): string[] {
  return flagNames.filter((name) => flags[name]);
}

function endOf(flow: Flow, side: 'source' | 'destination', port: number | null): FlowEndpoint {
  const end: Endpoint | undefined = flow[side];
  return endpointOf({
    identity: end?.identity ?? 0,
    namespace: end?.namespace ?? '',
    labels: end?.labels ?? [],
    pod: end?.podName ?? '',
    workload: end?.workloads[0],
    cluster: end?.clusterName ?? '',
    seenIn: clusterOfNode(flow.nodeName),
    ip: flow.IP?.[side] ?? '',
    port,
    names: flow[`${side}Names`],
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

function policiesOf(direction: 'ingress' | 'egress', policies: readonly Policy[]): FlowPolicy[] {
  return policies.map(({ kind, namespace, name }) => ({
    direction,
    kind: kind === '' ? null : kind,
    namespace: namespace === '' ? null : namespace,
    name,
  }));
}

function serviceOf(service: Service | undefined): FlowService | null {
  if (service === undefined || service.name === '') return null;
  return { namespace: service.namespace === '' ? null : service.namespace, name: service.name };
}

function aggregateOf(aggregate: Aggregate): NonNullable<FlowRecord['aggregate']> {
  const { ingressFlowCount, egressFlowCount, unknownDirectionFlowCount } = aggregate;
  return { ingress: ingressFlowCount, egress: egressFlowCount, unknown: unknownDirectionFlowCount };
}

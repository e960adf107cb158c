import { clusterOfNode, endpointOf, knownEndOf, portOf } from './endpoint.ts';
import { eventId } from './event-id.ts';
import { matchTypeOf, subtypeOf, typeOf } from './event-type.ts';
import type { L7Kind } from './event-type.ts';
import { DropReason, L7FlowType, TraceReason, TrafficDirection, Verdict } from './gen/flow/flow_pb.js';
import { enumName, field, numberOf, objectOf, objectsOf, textOf, textsOf } from './json-value.ts';
import type { JsonObject } from './json-value.ts';
import { FlowVerdict } from './record.ts';
import type { FlowDirection, FlowEndpoint, FlowL7, FlowPolicy, FlowRecord, FlowService } from './record.ts';
import { utcTime } from './time.ts';

const verdicts: ReadonlySet<string> = new Set(FlowVerdict.options);
const flagNames = ['FIN', 'SYN', 'RST', 'PSH', 'ACK', 'URG', 'ECE', 'CWR', 'NS'];

/** A flow of an export file, with what its envelope says where the flow itself is silent. */
export function fromJson(flow: JsonObject, envelope: JsonObject): FlowRecord {
  const event = objectOf(field(flow, 'event_type', 'eventType')) ?? {};
  const eventType = numberOf(event['type']);
  const l7 = l7Of(objectOf(flow['l7']));
  const l4 = layer4Of(objectOf(flow['l4']));
  const node = nameOf(field(flow, 'node_name', 'nodeName')) ?? nameOf(field(envelope, 'node_name', 'nodeName'));
  const read = { flow, l4, ip: objectOf(field(flow, 'IP', 'ip')) ?? {}, seenIn: clusterOfNode(node ?? '') };
  const record = {
    time: utcTime(textOf(flow['time'] ?? envelope['time'])),
    verdict: verdictOf(enumName(flow['verdict'], Verdict)),
    type: typeOf(eventType),
    subtype: subtypeOf(eventType, numberOf(field(event, 'sub_type', 'subType')), l7KindOf(objectOf(flow['l7']) ?? {})),
    direction: directionOf(enumName(field(flow, 'traffic_direction', 'trafficDirection'), TrafficDirection)),
    isReply: isReplyOf(flow),
    node,
    source: endOf(read, 'source'),
    destination: endOf(read, 'destination'),
    protocol: l4.protocol,
    icmp: l4.icmp,
    tcpFlags: l4.flags,
    traceReason: reasonOf(enumName(field(flow, 'trace_reason', 'traceReason'), TraceReason)),
    dropReason: reasonOf(dropReasonOf(flow)),
    policyMatchType: matchTypeOf(eventType, numberOf(field(flow, 'policy_match_type', 'policyMatchType'))),
    allowedBy: [
      ...policiesOf('ingress', field(flow, 'ingress_allowed_by', 'ingressAllowedBy')),
      ...policiesOf('egress', field(flow, 'egress_allowed_by', 'egressAllowedBy')),
    ],
    deniedBy: [
      ...policiesOf('ingress', field(flow, 'ingress_denied_by', 'ingressDeniedBy')),
      ...policiesOf('egress', field(flow, 'egress_denied_by', 'egressDeniedBy')),
    ],
    l7,
    sourceService: serviceOf(objectOf(field(flow, 'source_service', 'sourceService'))),
    destinationService: serviceOf(objectOf(field(flow, 'destination_service', 'destinationService'))),
    summary: textOf(field(flow, 'Summary', 'summary')),
    aggregate: aggregateOf(objectOf(flow['aggregate'])),
  };
  const uuid = textOf(flow['uuid']);
  return { id: uuid === '' ? eventId(record) : uuid, ...record };
}

function verdictOf(name: string): FlowVerdict {
  return verdicts.has(name) ? (name as FlowVerdict) : 'UNKNOWN';
}

function directionOf(name: string): FlowDirection {
  if (name === 'INGRESS') return 'ingress';
  return name === 'EGRESS' ? 'egress' : 'unknown';
}

function isReplyOf(flow: JsonObject): boolean | null {
  const said = field(flow, 'is_reply', 'isReply');
  if (typeof said === 'boolean') return said;
  const wrapped = objectOf(said)?.['value'];
  if (typeof wrapped === 'boolean') return wrapped;
  return flow['reply'] === true ? true : null;
}

function dropReasonOf(flow: JsonObject): string {
  const described = enumName(field(flow, 'drop_reason_desc', 'dropReasonDesc'), DropReason);
  if (described !== '') return described;
  const code = numberOf(field(flow, 'drop_reason', 'dropReason'));
  return code === 0 ? '' : enumName(code, DropReason);
}

/** The names of the zero values mean that nothing was said. */
function reasonOf(name: string): string | null {
  return name === '' || name.endsWith('REASON_UNKNOWN') ? null : name;
}

function nameOf(value: unknown): string | null {
  const text = textOf(value);
  return text === '' ? null : text;
}

interface Layer4Part {
  readonly protocol: FlowRecord['protocol'];
  readonly icmp: FlowRecord['icmp'];
  readonly source: number | null;
  readonly destination: number | null;
  readonly flags: string[] | null;
}

function layer4Of(l4: JsonObject | undefined): Layer4Part {
  const none = { icmp: null, source: null, destination: null, flags: null };
  if (l4 === undefined) return { ...none, protocol: 'unknown' };
  for (const protocol of ['TCP', 'UDP', 'SCTP'] as const) {
    const ports = objectOf(l4[protocol]);
    if (ports === undefined) continue;
    const source = portOf(numberOf(field(ports, 'source_port', 'sourcePort')));
    const destination = portOf(numberOf(field(ports, 'destination_port', 'destinationPort')));
    return { protocol, icmp: null, source, destination, flags: flagsOf(objectOf(ports['flags'])) };
  }
  for (const protocol of ['ICMPv4', 'ICMPv6'] as const) {
    const icmp = objectOf(l4[protocol]);
    if (icmp === undefined) continue;
    return { ...none, protocol, icmp: { type: numberOf(icmp['type']), code: numberOf(icmp['code']) } };
  }
  const other = (['VRRP', 'IGMP'] as const).find((protocol) => l4[protocol] !== undefined);
  return { ...none, protocol: other ?? 'unknown' };
}

function flagsOf(flags: JsonObject | undefined): string[] | null {
  return flags === undefined ? null : flagNames.filter((name) => flags[name] === true);
}

interface Read {
  readonly flow: JsonObject;
  readonly l4: Layer4Part;
  readonly ip: JsonObject;
  readonly seenIn: string;
}

function endOf({ flow, l4, ip, seenIn }: Read, side: 'source' | 'destination'): FlowEndpoint {
  const end = objectOf(flow[side]) ?? {};
  const workload = objectsOf(end['workloads'])[0];
  const known = knownEndOf({
    identity: numberOf(end['identity']),
    namespace: textOf(end['namespace']),
    labels: textsOf(end['labels']),
    pod: textOf(field(end, 'pod_name', 'podName')),
    workload: workload && { kind: textOf(workload['kind']), name: textOf(workload['name']) },
    cluster: textOf(field(end, 'cluster_name', 'clusterName')),
  });
  const names = textsOf(field(flow, `${side}_names`, `${side}Names`));
  return endpointOf(known, { seenIn, ip: textOf(ip[side]), port: l4[side], names });
}

function l7Of(l7: JsonObject | undefined): FlowL7 | null {
  if (l7 === undefined) return null;
  const type = l7TypeOf(enumName(l7['type'], L7FlowType));
  const http = objectOf(l7['http']);
  const dns = objectOf(l7['dns']);
  return { type, http: http === undefined ? null : httpOf(http), dns: dns === undefined ? null : dnsOf(dns) };
}

function l7KindOf(l7: JsonObject): L7Kind {
  if (objectOf(l7['dns'])) return 'DNS';
  if (objectOf(l7['http'])) return 'HTTP';
  return objectOf(l7['kafka']) ? 'Kafka' : '';
}

function l7TypeOf(name: string): FlowL7['type'] {
  if (name === 'REQUEST') return 'request';
  if (name === 'RESPONSE') return 'response';
  return name === 'SAMPLE' ? 'sample' : 'unknown';
}

function httpOf(http: JsonObject): NonNullable<FlowL7['http']> {
  const headers = objectsOf(http['headers']).map((pair) => ({
    key: textOf(pair['key']),
    value: textOf(pair['value']),
  }));
  const code = numberOf(http['code']);
  return {
    method: textOf(http['method']),
    url: textOf(http['url']),
    protocol: textOf(http['protocol']),
    code: code === 0 ? null : code,
    headers,
  };
}

function dnsOf(dns: JsonObject): NonNullable<FlowL7['dns']> {
  return {
    query: textOf(dns['query']),
    ips: textsOf(dns['ips']),
    cnames: textsOf(dns['cnames']),
    rcode: numberOf(dns['rcode']),
    qtypes: textsOf(dns['qtypes']),
    rrtypes: textsOf(dns['rrtypes']),
  };
}

function policiesOf(direction: 'ingress' | 'egress', value: unknown): FlowPolicy[] {
  return objectsOf(value).map((policy) => ({
    direction,
    kind: nameOf(policy['kind']),
    namespace: nameOf(policy['namespace']),
    name: textOf(policy['name']),
  }));
}

function serviceOf(service: JsonObject | undefined): FlowService | null {
  const name = nameOf(service?.['name']);
  return name === null ? null : { namespace: nameOf(service?.['namespace']), name };
}

function aggregateOf(aggregate: JsonObject | undefined): FlowRecord['aggregate'] {
  if (aggregate === undefined) return null;
  return {
    ingress: numberOf(field(aggregate, 'ingress_flow_count', 'ingressFlowCount')),
    egress: numberOf(field(aggregate, 'egress_flow_count', 'egressFlowCount')),
    unknown: numberOf(field(aggregate, 'unknown_direction_flow_count', 'unknownDirectionFlowCount')),
  };
}

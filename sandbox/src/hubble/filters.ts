import { flowWire } from '@bartizan/flow';
import type { FlowEvent } from '../events/flow-event.ts';
import { tracePoints } from '../events/flow-event.ts';
import type { End } from '../traffic/ends.ts';
import { clusterName } from '../world/places.ts';
import { matchesAddress, matchesLabels, matchesPod } from './filter-ends.ts';

export type Filter = (event: FlowEvent) => boolean;
type Test = (event: FlowEvent) => boolean;

export type ReadFilters =
  | { readonly ok: true; readonly match: Filter }
  | { readonly ok: false; readonly message: string };

/** Filters of a list are or-ed, fields of a filter and-ed, values of a field or-ed; the blacklist is taken away. */
export function readFilters(lists: {
  readonly whitelist: readonly flowWire.FlowFilter[];
  readonly blacklist: readonly flowWire.FlowFilter[];
}): ReadFilters {
  const unknown = [...lists.whitelist, ...lists.blacklist].flatMap(unsupported);
  if (unknown.length > 0) return { ok: false, message: `the sandbox's Relay does not filter by ${unknown.join(', ')}` };
  const white = lists.whitelist.map(filterOf);
  const black = lists.blacklist.map(filterOf);
  const match: Filter = (event) =>
    (white.length === 0 || white.some((filter) => filter(event))) && !black.some((filter) => filter(event));
  return { ok: true, match };
}

const types = { drop: 1, trace: 4, 'policy-verdict': 5, l7: 129 } as const;

function filterOf(filter: flowWire.FlowFilter): Filter {
  const tests = [...endTests(filter), ...packetTests(filter), ...l7Tests(filter)];
  return (event) => tests.every((test) => test(event));
}

function anyOf<T>(values: readonly T[], test: (value: T, event: FlowEvent) => boolean): Test[] {
  return values.length === 0 ? [] : [(event) => values.some((value) => test(value, event))];
}

function endTests(filter: flowWire.FlowFilter): Test[] {
  const sides = [
    {
      end: (event: FlowEvent): End => event.source,
      port: (event: FlowEvent): number => event.sourcePort,
      ip: filter.sourceIp,
      pod: filter.sourcePod,
      fqdn: filter.sourceFqdn,
      label: filter.sourceLabel,
      ports: filter.sourcePort,
      identity: filter.sourceIdentity,
      workload: filter.sourceWorkload,
      cluster: filter.sourceClusterName,
    },
    {
      end: (event: FlowEvent): End => event.destination,
      port: (event: FlowEvent): number => event.destinationPort,
      ip: filter.destinationIp,
      pod: filter.destinationPod,
      fqdn: filter.destinationFqdn,
      label: filter.destinationLabel,
      ports: filter.destinationPort,
      identity: filter.destinationIdentity,
      workload: filter.destinationWorkload,
      cluster: filter.destinationClusterName,
    },
  ];
  return sides.flatMap(({ end, port, ...side }) => [
    ...anyOf(side.ip, (block, event) => matchesAddress(block, end(event).address)),
    ...anyOf(side.pod, (name, event) => matchesPod(name, end(event))),
    ...anyOf(side.fqdn, (pattern, event) => end(event).names.some((name) => globOf(pattern).test(name))),
    ...anyOf(side.label, (selector, event) => matchesLabels(selector, end(event).labels)),
    ...anyOf(side.ports, (wanted, event) => wanted === `${port(event)}`),
    ...anyOf(side.identity, (identity, event) => identity === end(event).identity),
    ...anyOf(side.workload, ({ name, kind }, event) => {
      const { workload } = end(event);
      return (
        workload !== undefined && (name === '' || name === workload.name) && (kind === '' || kind === workload.kind)
      );
    }),
    ...anyOf(side.cluster, (name, event) => name === (end(event).kind === 'pod' ? clusterName : '')),
  ]);
}

function packetTests(filter: flowWire.FlowFilter): Test[] {
  return [
    ...anyOf(filter.verdict, (verdict, event) => flowWire.Verdict[event.verdict] === verdict),
    ...anyOf(filter.eventType, (wanted, event) => {
      const subType = event.point ? tracePoints[event.point].subType : 0;
      return wanted.type === types[event.kind] && (!wanted.matchSubType || wanted.subType === subType);
    }),
    ...anyOf(filter.protocol, (name, event) => protocolsOf(event).includes(name.toLowerCase())),
    ...anyOf(filter.reply, (reply, event) => event.isReply === reply),
    ...anyOf(filter.nodeName, (glob, event) => matchesNode(glob, event.node)),
    ...anyOf(filter.ipVersion, (version) => version === flowWire.IPVersion.IPv4),
    ...anyOf(filter.trafficDirection, (direction, event) => directionOf(event) === direction),
    ...anyOf(
      filter.dropReasonDesc,
      (reason, event) => event.dropReason !== undefined && flowWire.DropReason[event.dropReason] === reason,
    ),
    ...anyOf(filter.tcpFlags, (wanted, event) => hasFlags(wanted, event)),
  ];
}

function l7Tests(filter: flowWire.FlowFilter): Test[] {
  const http = ({ l7 }: FlowEvent): { code: number; method: string; url: string } | undefined =>
    l7 && 'http' in l7 ? l7.http : undefined;
  const path = (event: FlowEvent): string => (http(event)?.url ?? '').replace(/^https?:\/\/[^/]*/, '');
  return [
    ...anyOf(filter.httpStatusCode, (wanted, event) => {
      const code = `${http(event)?.code ?? ''}`;
      return wanted.endsWith('+') ? code.startsWith(wanted.slice(0, -1)) && code !== '' : code === wanted;
    }),
    ...anyOf(filter.httpMethod, (method, event) => http(event)?.method === method.toUpperCase()),
    ...anyOf(filter.httpPath, (pattern, event) => http(event) !== undefined && expression(pattern).test(path(event))),
    ...anyOf(filter.httpUrl, (pattern, event) => expression(pattern).test(http(event)?.url ?? '\0')),
    ...anyOf(
      filter.dnsQuery,
      (pattern, { l7 }) => l7 !== undefined && 'dns' in l7 && expression(pattern).test(l7.dns.query),
    ),
  ];
}

const directions = { unknown: 0, ingress: 1, egress: 2 } as const;

function directionOf({ direction }: FlowEvent): flowWire.TrafficDirection {
  return directions[direction];
}

function protocolsOf({ protocol, l7 }: FlowEvent): string[] {
  const inside = l7 === undefined ? [] : 'http' in l7 ? ['http'] : ['dns'];
  return [protocol.toLowerCase(), ...inside];
}

function hasFlags(wanted: flowWire.TCPFlags, { flags }: FlowEvent): boolean {
  if (flags === undefined) return false;
  const names = (['FIN', 'SYN', 'RST', 'PSH', 'ACK', 'URG'] as const).filter((name) => wanted[name]);
  return names.every((name) => flags.split(', ').includes(name));
}

function matchesNode(glob: string, node: string): boolean {
  const [first = '', second] = glob.split('/');
  const [cluster, name] = second === undefined ? ['', first] : [first, second];
  return globOf(cluster === '' ? '*' : cluster).test(clusterName) && globOf(name === '' ? '*' : name).test(node);
}

function globOf(pattern: string): RegExp {
  return new RegExp(`^${pattern.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*')}$`);
}

/** What is no regular expression matches as it stands. */
function expression(pattern: string): { test(text: string): boolean } {
  try {
    return new RegExp(pattern);
  } catch {
    return { test: (text) => text.includes(pattern) };
  }
}

function unsupported(filter: flowWire.FlowFilter): string[] {
  const rest = {
    source_service: filter.sourceService,
    destination_service: filter.destinationService,
    trace_id: filter.traceId,
    uuid: filter.uuid,
    http_header: filter.httpHeader,
    source_ip_xlated: filter.sourceIpXlated,
    interface: filter.interface,
    node_labels: filter.nodeLabels,
    ip_trace_id: filter.ipTraceId,
    encrypted: filter.encrypted,
    experimental: filter.experimental?.celExpression ?? [],
  };
  return Object.entries(rest).flatMap(([name, values]) => (values.length > 0 ? [name] : []));
}

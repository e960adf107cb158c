import { z } from 'zod';

export const FlowVerdict = z.enum([
  'FORWARDED',
  'DROPPED',
  'ERROR',
  'AUDIT',
  'REDIRECTED',
  'TRACED',
  'TRANSLATED',
  'UNKNOWN',
]);
export type FlowVerdict = z.infer<typeof FlowVerdict>;

/** As `hubble_flows_processed_total` counts them in its label `type`. */
export const FlowType = z.enum(['Trace', 'Drop', 'PolicyVerdict', 'L7', 'Capture', 'Unknown']);
export type FlowType = z.infer<typeof FlowType>;

export const FlowDirection = z.enum(['ingress', 'egress', 'unknown']);
export type FlowDirection = z.infer<typeof FlowDirection>;

export const FlowProtocol = z.enum(['TCP', 'UDP', 'SCTP', 'ICMPv4', 'ICMPv6', 'VRRP', 'IGMP', 'unknown']);
export type FlowProtocol = z.infer<typeof FlowProtocol>;

export const FlowWorkload = z.object({
  kind: z.string(),
  name: z.string(),
  /** True where the event named only the pod and the owner was read from the pod's name. */
  guessed: z.boolean(),
});
export type FlowWorkload = z.infer<typeof FlowWorkload>;

export const FlowEndpoint = z.object({
  namespace: z.string().nullable(),
  pod: z.string().nullable(),
  workload: FlowWorkload.nullable(),
  labels: z.array(z.string()),
  identity: z.number().nullable(),
  /** What has no pod: `host`, `remote-node`, `world`, `kube-apiserver`, …, or `unknown`; null for pods. */
  entity: z.string().nullable(),
  ip: z.string().nullable(),
  port: z.number().nullable(),
  /** The DNS names that resolved to the address. */
  names: z.array(z.string()),
  cluster: z.string().nullable(),
  /** Where its cluster is not the one of the node that saw the event (cluster mesh). */
  isRemote: z.literal(true).optional(),
});
export type FlowEndpoint = z.infer<typeof FlowEndpoint>;

export const FlowPolicy = z.object({
  direction: z.enum(['ingress', 'egress']),
  kind: z.string().nullable(),
  namespace: z.string().nullable(),
  name: z.string(),
});
export type FlowPolicy = z.infer<typeof FlowPolicy>;

export const FlowHttp = z.object({
  method: z.string(),
  url: z.string(),
  protocol: z.string(),
  code: z.number().nullable(),
  headers: z.array(z.object({ key: z.string(), value: z.string() })),
});
export type FlowHttp = z.infer<typeof FlowHttp>;

export const FlowDns = z.object({
  query: z.string(),
  ips: z.array(z.string()),
  cnames: z.array(z.string()),
  rcode: z.number(),
  qtypes: z.array(z.string()),
  rrtypes: z.array(z.string()),
});
export type FlowDns = z.infer<typeof FlowDns>;

export const FlowL7 = z.object({
  type: z.enum(['request', 'response', 'sample', 'unknown']),
  http: FlowHttp.nullable(),
  dns: FlowDns.nullable(),
});
export type FlowL7 = z.infer<typeof FlowL7>;

export const FlowService = z.object({ namespace: z.string().nullable(), name: z.string() });
export type FlowService = z.infer<typeof FlowService>;

/** One event of Hubble, as Bartizan shows it. What the event did not say is null, never a made-up value. */
export const FlowRecord = z.object({
  /** Hubble's own where it gave one, else made of the event: the same event has the same id. */
  id: z.string(),
  /** RFC 3339 in UTC, with as many digits as the event had; empty where it had no time. */
  time: z.string(),
  verdict: FlowVerdict,
  type: FlowType,
  /** The trace point (`to-endpoint`), the kind of L7 record (`DNS`, `HTTP`), the number of an unknown type, or empty. */
  subtype: z.string(),
  direction: FlowDirection,
  isReply: z.boolean().nullable(),
  node: z.string().nullable(),
  source: FlowEndpoint,
  destination: FlowEndpoint,
  protocol: FlowProtocol,
  icmp: z.object({ type: z.number(), code: z.number() }).nullable(),
  /** Those that are set: `SYN`, `ACK`, …; null where the event has none of them. */
  tcpFlags: z.array(z.string()).nullable(),
  traceReason: z.string().nullable(),
  dropReason: z.string().nullable(),
  policyMatchType: z.enum(['none', 'l3-only', 'l3-l4', 'l4-only', 'all', 'l3-proto', 'proto-only']).nullable(),
  allowedBy: z.array(FlowPolicy),
  deniedBy: z.array(FlowPolicy),
  l7: FlowL7.nullable(),
  sourceService: FlowService.nullable(),
  destinationService: FlowService.nullable(),
  summary: z.string(),
  /** Of how many events this one is the sum, where the exporter aggregates; null where it stands for itself. */
  aggregate: z.object({ ingress: z.number(), egress: z.number(), unknown: z.number() }).nullable(),
});
export type FlowRecord = z.infer<typeof FlowRecord>;

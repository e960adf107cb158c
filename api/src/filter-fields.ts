import type { FilterFields } from './filter.ts';

/** What transactions can be filtered by. */
export const transactionFields = {
  class: {
    kind: 'choice',
    describe: 'what became of the request',
    choices: ['blocked', 'detected', 'matched', 'clean', 'anomalous'],
  },
  client: { kind: 'text', describe: 'client address' },
  method: { kind: 'text', describe: 'request method' },
  host: { kind: 'text', describe: 'host, lower case, without port' },
  path: { kind: 'text', describe: 'path, without query' },
  status: { kind: 'number', describe: 'status as the client saw it' },
  rule: { kind: 'text', describe: 'id of a rule that matched' },
  category: { kind: 'text', describe: 'category of a rule that matched' },
  score: { kind: 'number', describe: 'inbound anomaly score' },
  namespace: { kind: 'text', describe: 'namespace that served the request' },
  upstream: { kind: 'text', describe: 'upstream as the ingress names it' },
} as const satisfies FilterFields;

/** What flow records can be filtered by. A workload is written `namespace/name`. */
export const flowFields = {
  verdict: {
    kind: 'choice',
    describe: 'what happened to the packet',
    choices: ['FORWARDED', 'DROPPED', 'ERROR', 'AUDIT', 'REDIRECTED', 'TRACED', 'TRANSLATED', 'UNKNOWN'],
  },
  type: { kind: 'text', describe: 'Trace, Drop, PolicyVerdict, L7, …' },
  subtype: { kind: 'text', describe: 'to-endpoint, DNS, HTTP, …' },
  place: {
    kind: 'choice',
    describe: 'ingress: what goes to the environment; egress: what comes from it; internal: both at once',
    choices: ['ingress', 'egress', 'internal'],
  },
  direction: {
    kind: 'choice',
    describe: 'at which end Hubble saw it: where it arrived or where it left',
    choices: ['ingress', 'egress', 'unknown'],
  },
  source: {
    kind: 'text',
    describe: 'where it came from: a workload, an entity, an address or its network (192.0.2.0/24)',
  },
  destination: { kind: 'text', describe: 'where it went: a workload, an entity, an address or its network' },
  pair: { kind: 'text', describe: 'both ends: SOURCE -> DESTINATION' },
  namespace: { kind: 'text', describe: 'namespace of either end' },
  port: { kind: 'number', describe: 'destination port; replies have none' },
  protocol: { kind: 'text', describe: 'TCP, UDP, SCTP, ICMPv4, …' },
  reason: { kind: 'text', describe: 'why it was dropped' },
  name: { kind: 'text', describe: 'DNS name of either end, or asked for' },
  reply: { kind: 'choice', describe: 'whether it is a reply', choices: ['true', 'false', 'unknown'] },
  node: { kind: 'text', describe: 'node that reported it' },
} as const satisfies FilterFields;

export type TransactionField = keyof typeof transactionFields;
export type FlowField = keyof typeof flowFields;

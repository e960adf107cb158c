import type { FlowRecord, FlowType } from './record.ts';

/** `pkg/monitor/api`: the numbers of messages that count as flows. */
const types: Readonly<Record<number, FlowType>> = {
  1: 'Drop',
  3: 'Capture',
  4: 'Trace',
  5: 'PolicyVerdict',
  129: 'L7',
};

const tracePoints = [
  'to-endpoint',
  'to-proxy',
  'to-host',
  'to-stack',
  'to-overlay',
  'from-endpoint',
  'from-proxy',
  'from-host',
  'from-stack',
  'from-overlay',
  'from-network',
  'to-network',
  'from-crypto',
  'to-crypto',
];

const matchTypes = ['none', 'l3-only', 'l3-l4', 'l4-only', 'all', 'l3-proto', 'proto-only'] as const;

/** As Hubble's metric `flow` names them (`pkg/hubble/metrics/flow`); an event without a type is `Unknown`. */
export function typeOf(eventType: number): FlowType {
  return types[eventType] ?? 'Unknown';
}

/** Only Cilium before 1.20 tells of Kafka, and nothing but that it was that. */
export type L7Kind = 'DNS' | 'HTTP' | 'Kafka' | '';

export function subtypeOf(eventType: number, subType: number, l7: L7Kind): string {
  switch (typeOf(eventType)) {
    case 'Trace':
      return tracePoints[subType] ?? String(subType);
    case 'L7':
      return l7;
    case 'Unknown':
      return String(eventType);
    default:
      return '';
  }
}

export function matchTypeOf(eventType: number, matchType: number): FlowRecord['policyMatchType'] {
  return typeOf(eventType) === 'PolicyVerdict' ? (matchTypes[matchType] ?? null) : null;
}

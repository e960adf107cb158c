import { create } from '@bufbuild/protobuf';
import type { MessageInitShape } from '@bufbuild/protobuf';
import { flowWire } from '@bartizan/flow';
import { describe, expect, test } from 'vitest';
import type { FlowEvent } from '../events/flow-event.ts';
import type { End } from '../traffic/ends.ts';
import { readFilters } from './filters.ts';

const source: End = {
  id: 'shop/web',
  kind: 'pod',
  address: '10.4.1.1',
  identity: 4711,
  endpointId: 12,
  namespace: 'shop',
  pod: 'web-1',
  workload: { name: 'web', kind: 'Deployment' },
  labels: ['k8s:app=web', 'k8s:io.kubernetes.pod.namespace=shop'],
  node: 'w01',
  names: [],
};
const destination: End = {
  ...source,
  kind: 'world',
  address: '192.0.2.1',
  identity: 2,
  pod: '',
  workload: undefined,
  labels: ['reserved:world'],
  node: '',
  names: ['api.example.net'],
};
const event: FlowEvent = {
  kind: 'drop',
  time: 0,
  node: 'prod-eu1-w01',
  verdict: 'DROPPED',
  source,
  destination,
  protocol: 'TCP',
  sourcePort: 40_000,
  destinationPort: 443,
  direction: 'egress',
  flags: 'SYN',
  dropReason: 'POLICY_DENIED',
};
const request: FlowEvent = {
  ...event,
  kind: 'l7',
  verdict: 'FORWARDED',
  l7: { type: 'RESPONSE', latencyNs: 1, http: { code: 503, method: 'GET', url: 'http://web:8080/items?id=1' } },
};

type Fields = MessageInitShape<typeof flowWire.FlowFilterSchema>;

function passes(subject: FlowEvent, whitelist: readonly Fields[], blacklist: readonly Fields[] = []): boolean {
  const filters = readFilters({
    whitelist: whitelist.map((fields) => create(flowWire.FlowFilterSchema, fields)),
    blacklist: blacklist.map((fields) => create(flowWire.FlowFilterSchema, fields)),
  });
  return filters.ok && filters.match(subject);
}

describe('a filter', () => {
  const cases: readonly (readonly [string, Fields, boolean])[] = [
    ['an address', { sourceIp: ['10.4.1.1'] }, true],
    ['a block', { destinationIp: ['192.0.2.0/24'] }, true],
    ['another block', { destinationIp: ['192.0.3.0/24'] }, false],
    ['a namespace', { sourcePod: ['shop/'] }, true],
    ['a pod of another namespace', { sourcePod: ['other/web'] }, false],
    ['a verdict', { verdict: [flowWire.Verdict.DROPPED, flowWire.Verdict.AUDIT] }, true],
    ['an event type', { eventType: [{ type: 4 }] }, false],
    ['a label', { sourceLabel: ['k8s:app=web', 'app=other'] }, true],
    ['a label that is absent', { sourceLabel: ['!app'] }, false],
    ['a name', { destinationFqdn: ['*.example.net'] }, true],
    ['a port', { destinationPort: ['80', '443'] }, true],
    ['a workload', { sourceWorkload: [{ name: 'web' }] }, true],
    ['an identity', { destinationIdentity: [1] }, false],
    ['a node', { nodeName: ['prod-eu1/*-w01'] }, true],
    ['a direction', { trafficDirection: [flowWire.TrafficDirection.INGRESS] }, false],
    ['a drop reason', { dropReasonDesc: [flowWire.DropReason.POLICY_DENIED] }, true],
    ['flags', { tcpFlags: [{ SYN: true, ACK: true }] }, false],
    ['two fields, one of which fails', { sourcePod: ['shop/'], destinationPort: ['80'] }, false],
  ];
  test.each(cases)('by %s', (_name, fields, expected) => {
    expect(passes(event, [fields])).toBe(expected);
  });

  test('by what a request asked for', () => {
    expect(passes(request, [{ httpStatusCode: ['5+'] }])).toBe(true);
    expect(passes(request, [{ httpMethod: ['get'], httpPath: ['^/items'] }])).toBe(true);
    expect(passes(event, [{ httpMethod: ['get'] }])).toBe(false);
    expect(passes(request, [{ protocol: ['http'] }])).toBe(true);
  });

  test('several are or-ed, and the blacklist is taken away', () => {
    expect(passes(event, [{ sourceIp: ['10.9.9.9'] }, { sourcePod: ['shop/'] }])).toBe(true);
    expect(passes(event, [{ sourcePod: ['shop/'] }], [{ destinationPort: ['443'] }])).toBe(false);
    expect(passes(event, [])).toBe(true);
  });

  test('that is not known is refused by name instead of passed over', () => {
    const filters = readFilters({ whitelist: [create(flowWire.FlowFilterSchema, { traceId: ['1'] })], blacklist: [] });
    expect(filters).toEqual({ ok: false, message: "the sandbox's Relay does not filter by trace_id" });
  });
});

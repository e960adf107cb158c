import { fromBinary } from '@bufbuild/protobuf';
import { flowWire, fromRelay } from '@bartizan/flow';
import { expect, test } from 'vitest';
import type { FlowEvent } from '../events/flow-event.ts';
import type { End } from '../traffic/ends.ts';
import { createFlowWriter } from './flow-bytes.ts';

const source: End = {
  id: 'shop/web',
  kind: 'pod',
  address: '10.4.1.1',
  identity: 4711,
  endpointId: 12,
  namespace: 'shop',
  pod: 'web-1',
  workload: { name: 'web', kind: 'StatefulSet' },
  labels: ['k8s:app=web', 'k8s:io.kubernetes.pod.namespace=shop'],
  node: 'w01',
  names: [],
};
const destination: End = {
  ...source,
  id: 'w',
  kind: 'world',
  address: '192.0.2.1',
  identity: 2,
  endpointId: 0,
  namespace: '',
  pod: '',
  workload: undefined,
  labels: ['reserved:world'],
  node: '',
  names: ['api.example.net'],
};
const event: FlowEvent = {
  kind: 'policy-verdict',
  time: Date.UTC(2026, 10, 26, 12) + 0.25,
  node: 'w01',
  verdict: 'FORWARDED',
  source,
  destination,
  protocol: 'TCP',
  sourcePort: 40_000,
  destinationPort: 443,
  direction: 'egress',
  flags: 'SYN',
  isReply: false,
  matchType: 2,
  allowedBy: [{ name: 'p', namespace: 'shop', kind: 'CiliumNetworkPolicy', labels: ['k8s:a=b'], revision: 3 }],
};

test('what is written in pieces is read as one message', () => {
  const flow = fromBinary(flowWire.FlowSchema, createFlowWriter()(event, 7));
  expect(flow).toMatchObject({
    IP: { source: '10.4.1.1', destination: '192.0.2.1', ipVersion: 1 },
    eventType: { type: 5, subType: 0 },
    isReply: false,
    nodeName: 'prod-eu1/w01',
    Summary: 'TCP Flags: SYN',
  });
  expect(fromRelay(flow)).toMatchObject({
    time: '2026-11-26T12:00:00.000250Z',
    type: 'PolicyVerdict',
    verdict: 'FORWARDED',
    direction: 'egress',
    protocol: 'TCP',
    tcpFlags: ['SYN'],
    policyMatchType: 'l3-l4',
    source: { namespace: 'shop', ip: '10.4.1.1', port: 40_000 },
    destination: { ip: '192.0.2.1', port: 443 },
    allowedBy: [{ direction: 'egress', kind: 'CiliumNetworkPolicy', namespace: 'shop', name: 'p' }],
    deniedBy: [],
  });
});

test('only the node of a pod knows its endpoint number', () => {
  const write = createFlowWriter();
  const ids = ['w01', 'w02'].map((node) => fromBinary(flowWire.FlowSchema, write({ ...event, node }, 1)).source?.ID);
  expect(ids).toEqual([12, 0]);
});

test('a drop carries its reason in all three places, and no word on replies', () => {
  const { isReply: _isReply, allowedBy: _allowedBy, ...shared } = event;
  const drop: FlowEvent = { ...shared, kind: 'drop', verdict: 'DROPPED', dropReason: 'POLICY_DENIED' };
  const flow = fromBinary(flowWire.FlowSchema, createFlowWriter()(drop, 1));
  expect(flow).toMatchObject({ dropReason: 133, dropReasonDesc: 133, eventType: { type: 1, subType: 133 } });
  expect(flow.isReply).toBeUndefined();
});

test('every event has an identifier of its own', () => {
  const write = createFlowWriter();
  const ids = [1, 2, 3, 70_000].map((sequence) => fromBinary(flowWire.FlowSchema, write(event, sequence)).uuid);
  expect(new Set(ids).size).toBe(4);
  for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/);
});

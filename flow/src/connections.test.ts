import { expect, test } from 'vitest';
import { countOf, createConnectionReader } from './connections.ts';
import { endName } from './connection-edge.ts';
import { readExportLine } from './export-line.ts';
import { networkOf } from './network.ts';

const web = { namespace: 'shop', labels: ['k8s:app=web', 'k8s:io.kubernetes.pod.namespace=shop'] };
const api = { namespace: 'shop', labels: ['k8s:app=api', 'k8s:io.kubernetes.pod.namespace=shop'] };
const base = {
  time: '2026-06-15T12:00:00Z',
  verdict: 'FORWARDED',
  IP: { source: '10.0.1.5', destination: '10.0.2.9' },
  l4: { TCP: { source_port: 49817, destination_port: 8080, flags: { SYN: true } } },
  source: web,
  destination: api,
  event_type: { type: 5 },
  traffic_direction: 'INGRESS',
};
const reversed = {
  ...base,
  time: '2026-06-15T12:00:01Z',
  IP: { source: '10.0.2.9', destination: '10.0.1.5' },
  l4: { TCP: { source_port: 8080, destination_port: 49817, flags: { SYN: true, ACK: true } } },
  source: api,
  destination: web,
  traffic_direction: 'EGRESS',
};

function read(...flows: object[]): ReturnType<ReturnType<typeof createConnectionReader>['finish']> {
  const reader = createConnectionReader();
  for (const flow of flows) {
    for (const entry of readExportLine(JSON.stringify(flow))) if (entry.kind === 'flow') reader.add(entry.record);
  }
  return reader.finish();
}

test('the egress and the ingress verdict are two halves of one connection', () => {
  const { edges, coverage } = read({ ...base, traffic_direction: 'EGRESS' }, base);
  expect(edges).toHaveLength(1);
  expect(edges[0]).toMatchObject({ protocol: 'TCP', port: 8080, outcomes: { forwarded: { count: 1 } } });
  expect(coverage).toMatchObject({ events: 2, connections: 1 });
});

test('what one half let through and the other dropped was dropped', () => {
  const { edges } = read({ ...base, traffic_direction: 'EGRESS' }, { ...base, verdict: 'DROPPED' });
  expect(edges[0]?.outcomes).toMatchObject({ dropped: { count: 1 } });
  expect(edges[0]?.outcomes.forwarded).toBeUndefined();
});

test('two verdicts of the same side are two connections', () => {
  expect(read(base, { ...base, time: '2026-06-15T13:00:00Z' }).coverage.connections).toBe(2);
});

test('halves with the ports masked away still pair one by one', () => {
  const masked = { ...base, IP: {}, l4: { TCP: { destination_port: 8080 } } };
  const egress = { ...masked, traffic_direction: 'EGRESS' };
  expect(read(egress, egress, masked, masked, masked).coverage.connections).toBe(3);
});

test('a reply is never a connection to an ephemeral port', () => {
  const trace = { ...reversed, event_type: { type: 4, sub_type: 3 }, is_reply: true };
  const { edges, coverage } = read({ ...base, is_reply: false }, trace);
  expect(edges.map((edge) => edge.port)).toEqual([8080]);
  expect(coverage).toMatchObject({ replies: 1, repliesByFlags: 0, withoutType: 0 });
});

test('without is_reply and event_type a SYN with an ACK is a reply, and the gap is counted', () => {
  const { event_type: _, ...masked } = reversed;
  const { edges, coverage } = read(base, masked);
  expect(edges.map((edge) => edge.port)).toEqual([8080]);
  expect(coverage).toMatchObject({ replies: 1, repliesByFlags: 1, withoutType: 1 });
});

test('without flags as well, what goes the other way is a reply', () => {
  const { event_type: _, ...masked } = { ...reversed, l4: { TCP: { source_port: 8080, destination_port: 49817 } } };
  expect(read(base, masked).edges.map((edge) => edge.port)).toEqual([8080]);
});

test('without a type a new connection is unknown, once, and says why', () => {
  const { event_type: _, ...masked } = base;
  const { edges } = read(masked, masked);
  expect(edges[0]?.outcomes).toMatchObject({ unknown: { count: 1 } });
  expect(edges[0]?.unknownBecause).toContain('event_type');
});

test('drops count only where the node tells no verdicts, and only those that a policy caused', () => {
  const drop = { ...base, verdict: 'DROPPED', event_type: { type: 1 }, drop_reason_desc: 'POLICY_DENIED' };
  const other = { ...drop, drop_reason_desc: 'STALE_OR_UNROUTABLE_IP' };
  const verdict = { ...base, verdict: 'DROPPED' };
  expect(read({ ...drop, node_name: 'n1' }, { ...other, node_name: 'n1' }).coverage).toMatchObject({
    connections: 1,
    nodesByDrops: ['n1'],
  });
  expect(read({ ...verdict, node_name: 'n1' }, { ...drop, node_name: 'n1' }).coverage).toMatchObject({
    connections: 1,
    nodesByDrops: [],
  });
});

test('traces and L7 records are no connections', () => {
  const l7 = { ...base, event_type: { type: 129 }, l7: { type: 'REQUEST', http: { method: 'GET', url: '/' } } };
  expect(read({ ...base, event_type: { type: 4 } }, l7).coverage).toMatchObject({ events: 2, connections: 0 });
});

test('an aggregated event stands for as many connections as it says', () => {
  expect(read({ ...base, aggregate: { ingress_flow_count: 7, egress_flow_count: 7 } }).coverage.connections).toBe(7);
});

test('addresses outside stay apart by address, pods by workload and labels', () => {
  const world = { identity: 2, labels: ['reserved:world'] };
  const to = (destination: string): object => ({
    ...base,
    IP: { source: '10.0.1.5', destination },
    destination: world,
    traffic_direction: 'EGRESS',
  });
  const { edges } = read(to('192.0.2.1'), to('192.0.2.2'), to('192.0.2.1'));
  expect(edges.map((edge) => [endName(edge.source), endName(edge.destination), countOf(edge)])).toEqual([
    ['shop/{app=web}', '192.0.2.1', 2],
    ['shop/{app=web}', '192.0.2.2', 1],
  ]);
});

test.each([
  ['192.0.2.77', '192.0.2.0/24'],
  ['2001:db8::7', '2001:db8:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
  ['fe80:1:2:3:4:5:6:7', 'fe80:1:2:3::/64'],
])('the network around %s is %s', (ip, network) => {
  expect(networkOf(ip)).toBe(network);
});

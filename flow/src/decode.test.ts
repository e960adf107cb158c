import { fromBinary, fromJson as messageFromJson, toBinary, toJson } from '@bufbuild/protobuf';
import { expect, test } from 'vitest';
import { fromRelay } from './decode.ts';
import { peerName } from './endpoint.ts';
import { readExportLine } from './export-line.ts';
import { FlowRecord } from './record.ts';
import * as flowWire from './gen/flow/flow_pb.js';

const { FlowSchema } = flowWire;

const drop = {
  time: '2026-06-15T12:00:00.000000123Z',
  uuid: 'd1',
  verdict: 'DROPPED',
  drop_reason_desc: 'POLICY_DENIED',
  IP: { source: '10.0.1.5', destination: '192.168.7.2', ipVersion: 'IPv4' },
  l4: { TCP: { source_port: 41000, destination_port: 9100, flags: { SYN: true } } },
  source: {
    ID: 911,
    identity: 40311,
    namespace: 'shop',
    labels: ['k8s:app=web', 'k8s:io.kubernetes.pod.namespace=shop'],
    pod_name: 'web-0',
    workloads: [{ name: 'web', kind: 'StatefulSet' }],
  },
  destination: { identity: 1, labels: ['reserved:host'] },
  Type: 'L3_L4',
  node_name: 'default/n1',
  event_type: { type: 5 },
  traffic_direction: 'EGRESS',
  policy_match_type: 4,
  is_reply: false,
  egress_denied_by: [{ name: 'api-out', namespace: 'shop', kind: 'CiliumNetworkPolicy' }],
  Summary: 'TCP Flags: SYN',
};

const http = {
  time: '2026-06-15T12:00:01Z',
  verdict: 'FORWARDED',
  l4: { TCP: { source_port: 41000, destination_port: 80 } },
  source: { identity: 2, labels: ['reserved:world'] },
  destination: { namespace: 'shop', labels: ['k8s:app=api'], pod_name: 'api-7d4b9c6f8d-x2k9p' },
  l7: {
    type: 'REQUEST',
    latency_ns: '5',
    http: { method: 'GET', url: 'http://api/x', protocol: 'HTTP/1.1', headers: [{ key: 'a', value: 'b' }] },
  },
  event_type: { type: 129 },
};

const dns = {
  verdict: 'FORWARDED',
  l4: { UDP: { source_port: 53, destination_port: 41000 } },
  l7: { type: 'RESPONSE', dns: { query: 'a.example.', ips: ['192.0.2.1'], rcode: 0, qtypes: ['A'], rrtypes: ['A'] } },
  event_type: { type: 129 },
  is_reply: true,
  source_service: { name: 'kube-dns', namespace: 'kube-system' },
};

const icmp = { l4: { ICMPv4: { type: 8, code: 0 } }, event_type: { type: 4, sub_type: 5 }, trace_reason: 'NEW' };
const aggregated = { verdict: 'AUDIT', event_type: { type: 5 }, aggregate: { ingress_flow_count: 7 } };

test.each([drop, http, dns, icmp, aggregated, {}])(
  'a message of Relay and the same flow in an export are the same record',
  (json) => {
    const message = messageFromJson(FlowSchema, json);
    const fromWire = fromRelay(fromBinary(FlowSchema, toBinary(FlowSchema, message)));
    const line = JSON.stringify({ flow: toJson(FlowSchema, message, { useProtoFieldName: true }) });
    const camel = JSON.stringify({ flow: toJson(FlowSchema, message) });
    expect(readExportLine(line)).toEqual([{ kind: 'flow', record: fromWire }]);
    expect(readExportLine(camel)).toEqual([{ kind: 'flow', record: fromWire }]);
    expect(FlowRecord.parse(fromWire)).toEqual(fromWire);
  },
);

test('a drop names its ends, its reason and the policies that are blamed', () => {
  const record = fromRelay(messageFromJson(FlowSchema, drop));
  expect(record).toMatchObject({
    id: 'd1',
    time: '2026-06-15T12:00:00.000000123Z',
    verdict: 'DROPPED',
    type: 'PolicyVerdict',
    direction: 'egress',
    isReply: false,
    node: 'default/n1',
    protocol: 'TCP',
    tcpFlags: ['SYN'],
    dropReason: 'POLICY_DENIED',
    policyMatchType: 'all',
    deniedBy: [{ direction: 'egress', kind: 'CiliumNetworkPolicy', namespace: 'shop', name: 'api-out' }],
  });
  expect(record.source).toMatchObject({
    namespace: 'shop',
    pod: 'web-0',
    workload: { kind: 'StatefulSet', name: 'web', guessed: false },
    entity: null,
    port: 41000,
  });
  expect(record.destination).toMatchObject({ entity: 'host', ip: '192.168.7.2', port: 9100, namespace: null });
  expect(peerName(record.destination)).toBe('host');
});

test.each([{}, { destination: {} }, { destination: { identity: 0, labels: [] } }])(
  'an end that is missing or empty is the peer "unknown"',
  (json) => {
    expect(peerName(fromRelay(messageFromJson(FlowSchema, json)).destination)).toBe('unknown');
  },
);

test.each([
  [{ identity: 2 }, 'world'],
  [{ identity: 16_777_217 }, 'world'],
  [{ identity: 33_554_433 }, 'remote-node'],
  [{ labels: ['reserved:remote-node', 'reserved:kube-apiserver'] }, 'kube-apiserver'],
  [{ labels: ['cidr:192.0.2.0/24', 'reserved:world-ipv4'] }, 'world-ipv4'],
  [{ labels: ['reserved:health'] }, 'health'],
])('%j has no pod and is %s', (destination, entity) => {
  expect(fromRelay(messageFromJson(FlowSchema, { destination })).destination.entity).toBe(entity);
});

test('types and subtypes are those that hubble_flows_processed_total counts', () => {
  const read = (json: typeof icmp | typeof http | typeof dns | { event_type: { type: number } }): string => {
    const { type, subtype } = fromRelay(messageFromJson(FlowSchema, json));
    return `${type} ${subtype}`;
  };
  expect(read(icmp)).toBe('Trace from-endpoint');
  expect(read(http)).toBe('L7 HTTP');
  expect(read(dns)).toBe('L7 DNS');
  expect(read({ event_type: { type: 1 } })).toBe('Drop ');
  expect(read({ event_type: { type: 3 } })).toBe('Capture ');
  expect(read({ event_type: { type: 7 } })).toBe('Unknown 7');
});

test('a verdict, reason or trace point of a newer Cilium is kept as unknown or as its number', () => {
  const message = messageFromJson(FlowSchema, {
    verdict: 99,
    drop_reason_desc: 299,
    event_type: { type: 4, sub_type: 77 },
  });
  expect(fromRelay(message)).toMatchObject({ verdict: 'UNKNOWN', dropReason: '299', subtype: '77' });
});

test('the same event has the same id when it is read again, another event another', () => {
  const { uuid: _, ...unnamed } = drop;
  const id = fromRelay(messageFromJson(FlowSchema, unnamed)).id;
  expect(fromRelay(messageFromJson(FlowSchema, unnamed)).id).toBe(id);
  expect(fromRelay(messageFromJson(FlowSchema, { ...unnamed, verdict: 'FORWARDED' })).id).not.toBe(id);
});

import { create, toBinary, fromBinary } from '@bufbuild/protobuf';
import { expect, test } from 'vitest';
import { createConnectionReader } from './connections.ts';
import { fromRelay } from './decode.ts';
import { namespaceHere, peerName } from './endpoint.ts';
import { readExportLine } from './export-line.ts';
import { FlowSchema } from './gen/flow/flow_pb.js';
import { FlowRecord } from './record.ts';
import { statisticsOfRecords } from './statistics.ts';

const web = { namespace: 'shop', labels: ['k8s:app=web', 'k8s:io.kubernetes.pod.namespace=shop'], pod_name: 'web-0' };
const api = { namespace: 'shop', labels: ['k8s:app=api', 'k8s:io.kubernetes.pod.namespace=shop'], pod_name: 'api-0' };
const plain = {
  time: '2026-06-15T12:00:00.5Z',
  uuid: 'u1',
  verdict: 'FORWARDED',
  IP: { source: '10.0.1.5', destination: '10.0.2.9' },
  l4: { TCP: { source_port: 41_000, destination_port: 8080, flags: { SYN: true } } },
  source: web,
  destination: api,
  node_name: 'east/n1',
  event_type: { type: 5 },
  traffic_direction: 'INGRESS',
  is_reply: false,
};

function read(fields: object = {}): FlowRecord {
  const [entry] = readExportLine(JSON.stringify({ flow: { ...plain, ...fields } }));
  if (entry?.kind !== 'flow') throw new Error(`not a flow: ${JSON.stringify(entry)}`);
  return FlowRecord.parse(entry.record);
}

test.each([
  ['the zero time of Go', '0001-01-01T00:00:00Z'],
  ['the zero time of protobuf', '1970-01-01T00:00:00Z'],
  ['a time that 64 bits of nanoseconds do not hold', '9999-12-31T23:59:59Z'],
])('%s is no time', (_, time) => {
  expect(read({ time }).time).toBe('');
});

test.each([-62_135_596_800n, 0n, 253_402_300_799n, 2n ** 62n])('a message of %d seconds has no time', (seconds) => {
  const sent = create(FlowSchema, { time: { $typeName: 'google.protobuf.Timestamp', seconds, nanos: 0 } });
  expect(fromRelay(fromBinary(FlowSchema, toBinary(FlowSchema, sent))).time).toBe('');
});

test.each([70_000, -1, 80.5, '99999999999', 'http', null])('%j is no port', (port) => {
  expect(read({ l4: { TCP: { source_port: 1, destination_port: port } } }).destination.port).toBeNull();
});

test('a message with a port beyond 16 bits has none', () => {
  const protocol = { case: 'UDP', value: { $typeName: 'flow.UDP', sourcePort: 53, destinationPort: 70_000 } } as const;
  const { source, destination } = fromRelay(create(FlowSchema, { l4: { $typeName: 'flow.Layer4', protocol } }));
  expect([source.port, destination.port]).toEqual([53, null]);
});

test('enumerations are read by name, by number and by a number in quotes', () => {
  const named = read();
  expect(read({ verdict: 1, traffic_direction: 1 })).toEqual(named);
  expect(read({ verdict: '1', traffic_direction: '1' })).toEqual(named);
});

test('where a field mask keeps labels alone, they say the namespace and the cluster', () => {
  const { source } = read({ source: { labels: [...web.labels, 'k8s:io.cilium.k8s.policy.cluster=east'] } });
  expect(source).toMatchObject({ namespace: 'shop', cluster: 'east', entity: null });
});

test('a namespace of another cluster of the mesh is not the one of that name here', () => {
  const record = read({ source: { ...web, cluster_name: 'west' }, destination: { ...api, cluster_name: 'east' } });
  expect([peerName(record.source), peerName(record.destination)]).toEqual(['west/shop/web', 'shop/api']);
  expect([namespaceHere(record.source), namespaceHere(record.destination)]).toEqual([null, 'shop']);
  expect(statisticsOfRecords([record], new Set(['shop']))).toMatchObject({
    total: 1,
    ingress: { total: 1 },
    egress: { total: 0 },
    internal: { total: 0 },
  });
  expect(read({ node_name: 'n1', source: { ...web, cluster_name: 'west' } }).source.isRemote).toBeUndefined();
});

test('an L7 event of Kafka is counted as one, as Hubble does', () => {
  expect(read({ event_type: { type: 129 }, l7: { kafka: { topic: 'orders' } } }).subtype).toBe('Kafka');
  const bytes = toBinary(
    FlowSchema,
    create(FlowSchema, { eventType: { $typeName: 'flow.CiliumEventType', type: 129, subType: 0 } }),
  );
  // Field 15 (l7) with field 102 (kafka), empty.
  const kafka = Uint8Array.from([...bytes, 0x7a, 3, 0xb2, 0x06, 0]);
  expect(fromRelay(fromBinary(FlowSchema, kafka)).subtype).toBe('Kafka');
});

test('names are told without their trailing dot, and whatever their case', () => {
  const names = ['API.Example.com.', 'api.example.com'];
  const world = { identity: 2, labels: ['reserved:world'] };
  expect(read({ destination: world, destination_names: names }).destination.names).toEqual(['api.example.com']);
});

function connections(...records: readonly FlowRecord[]) {
  const reader = createConnectionReader();
  for (const record of records) reader.add(record);
  return reader.finish().coverage;
}

test('the answer to a ping is a reply, also where a field mask removed what says so', () => {
  const ping = read({ l4: { ICMPv4: { type: 8 } } });
  const masked = { is_reply: undefined, event_type: undefined, source: api, destination: web };
  const pong = read({ ...masked, uuid: 'u2', l4: { ICMPv4: { type: 0 } } });
  const pong6 = read({ ...masked, uuid: 'u3', l4: { ICMPv6: { type: 129 } } });
  expect(connections(ping, pong, pong6)).toMatchObject({ connections: 1, replies: 2, repliesByFlags: 2 });
});

test('an event that overlapping files have twice counts once; events that are only alike are all counted', () => {
  expect(connections(read(), read(), read({ uuid: 'u2' }))).toMatchObject({ connections: 2, twice: 1, events: 2 });
  const unnamed = { uuid: undefined, time: undefined };
  expect(connections(read(unnamed), read(unnamed))).toMatchObject({ connections: 2, twice: 0, withoutTime: 2 });
  const bySecond = { uuid: undefined, time: '2026-06-15T12:00:00Z' };
  expect(connections(read(bySecond), read(bySecond))).toMatchObject({ connections: 2, twice: 0 });
});

test('verdicts without a direction are counted, so that an answer can say that halves may count apart', () => {
  expect(connections(read({ traffic_direction: undefined }))).toMatchObject({ connections: 1, withoutDirection: 1 });
});

test('lines of files that were joined without a line end between them are both read', () => {
  const line = JSON.stringify({ flow: plain });
  expect(readExportLine(`${line}${line}`)).toHaveLength(2);
  expect(readExportLine(`${line}{"flow":{"verdict":`).map(({ kind }) => kind)).toEqual(['flow', 'broken']);
});

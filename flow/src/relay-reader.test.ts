import { isDeepStrictEqual } from 'node:util';
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import type { MessageInitShape } from '@bufbuild/protobuf';
import { TimestampSchema } from '@bufbuild/protobuf/wkt';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fromRelay } from './decode.ts';
import { FlowSchema } from './gen/flow/flow_pb.js';
import { GetFlowsResponseSchema } from './gen/observer/observer_pb.js';
import type { FlowRecord } from './record.ts';
import { createRelayReader } from './relay-reader.ts';

const textOf = (bytes: Uint8Array, from: number, to: number): string =>
  String.fromCharCode(...bytes.subarray(from, to));

/** What the generated code makes of a message; undefined where it refuses it, or it is no flow. */
function generated(bytes: Uint8Array): FlowRecord | undefined {
  try {
    const { responseTypes, nodeName, time } = fromBinary(GetFlowsResponseSchema, bytes);
    if (responseTypes.case !== 'flow') return undefined;
    const flow = responseTypes.value;
    if (flow.nodeName === '') flow.nodeName = nodeName;
    if (flow.time === undefined && time !== undefined) flow.time = time;
    return fromRelay(flow);
  } catch {
    return undefined;
  }
}

type Init<T> = { [Key in keyof T]: fc.Arbitrary<T[Key]> };

/** Some of the fields, as a field mask leaves them. */
function some<T extends object>(fields: Init<T>): fc.Arbitrary<Partial<T>> {
  return fc.record(fields, { requiredKeys: [] }) as fc.Arbitrary<Partial<T>>;
}

const text = fc.oneof(fc.constantFrom('', 'shop', 'web-0', 'web-7d9c6bd5f9-x2x4z'), fc.string({ maxLength: 12 }));
const number = fc.oneof(fc.nat(8), fc.nat(2 ** 31 - 1));
const port = fc.nat(70_000);
const time = fc.record({ seconds: fc.bigInt(0n, 4_000_000_000n), nanos: fc.nat(999_999_999) });
const texts = fc.array(text, { maxLength: 3 });
const label = fc.constantFrom('k8s:app=web', 'reserved:world', 'reserved:host', 'k8s:io.kubernetes.pod.namespace=shop');
const end = some({
  ID: number,
  identity: fc.nat(2 ** 32 - 1),
  namespace: text,
  labels: fc.array(label, { maxLength: 3 }),
  podName: text,
  workloads: fc.array(some({ name: text, kind: text }), { maxLength: 2 }),
  clusterName: fc.constantFrom('', 'east', 'west'),
});
const flags = some({ SYN: fc.boolean(), ACK: fc.boolean(), NS: fc.boolean() });
const layer4 = fc.oneof(
  some({ sourcePort: port, destinationPort: port, flags }).map((value) => ({ case: 'TCP' as const, value })),
  some({ sourcePort: port, destinationPort: port }).map((value) => ({ case: 'UDP' as const, value })),
  some({ sourcePort: port, destinationPort: port }).map((value) => ({ case: 'SCTP' as const, value })),
  some({ type: number, code: number }).map((value) => ({ case: 'ICMPv4' as const, value })),
  fc.constant({ case: 'VRRP' as const, value: {} }),
);
const record = fc.oneof(
  some({ query: text, ips: texts, rcode: number, qtypes: texts }).map((value) => ({ case: 'dns' as const, value })),
  some({ code: number, method: text, url: text }).map((value) => ({ case: 'http' as const, value })),
);
const policies = fc.array(some({ name: text, namespace: text, kind: text, labels: texts }), { maxLength: 2 });
const service = some({ name: text, namespace: text });

// Without ethernet addresses: of a broken part that is passed over, the generated code reads on behind its end.
const flow = some({
  time,
  verdict: fc.nat(9),
  dropReason: number,
  IP: some({ source: text, destination: text, ipVersion: fc.nat(2) }),
  l4: fc.record({ protocol: layer4 }),
  source: end,
  destination: end,
  Type: fc.nat(3),
  nodeName: fc.constantFrom('', 'n1', 'east/n1'),
  sourceNames: texts,
  destinationNames: texts,
  l7: fc.record({ type: fc.nat(4), latencyNs: fc.bigInt(0n, 2n ** 64n - 1n), record }),
  reply: fc.boolean(),
  eventType: some({ type: fc.constantFrom(1, 4, 5, 129, 7, -1), subType: fc.nat(20) }),
  sourceService: service,
  destinationService: service,
  trafficDirection: fc.nat(3),
  policyMatchType: fc.nat(7),
  dropReasonDesc: fc.constantFrom(0, 133, 299),
  isReply: fc.boolean(),
  socketCookie: fc.bigInt(0n, 2n ** 64n - 1n),
  uuid: text,
  traceReason: fc.nat(9),
  nodeLabels: texts,
  egressAllowedBy: policies,
  ingressAllowedBy: policies,
  egressDeniedBy: policies,
  ingressDeniedBy: policies,
  policyLog: texts,
  aggregate: some({ ingressFlowCount: number, egressFlowCount: number }),
  Summary: text,
});

const message = fc
  .record({ value: flow, nodeName: fc.constantFrom('', 'east/n2'), time: fc.option(time, { nil: undefined }) })
  .map(({ value, nodeName, time: envelope }) => {
    const init = { responseTypes: { case: 'flow' as const, value }, nodeName, time: envelope };
    // Numbers of enumerations that Hubble does not have yet are among those that are tried.
    return toBinary(
      GetFlowsResponseSchema,
      create(GetFlowsResponseSchema, init as MessageInitShape<typeof GetFlowsResponseSchema>),
    );
  });

const read = createRelayReader(textOf);

/** Where both read it, they read the same. */
function isAlike(bytes: Uint8Array): boolean {
  const [quick, slow] = [read(bytes), generated(bytes)];
  return quick === null || slow === undefined || isDeepStrictEqual(quick.flow, slow);
}

function counterexample(bytes: fc.Arbitrary<Uint8Array>, numRuns: number): unknown {
  return fc.check(fc.property(bytes, isAlike), { numRuns }).counterexample;
}

test('a message is the record that the generated code makes of it, whatever fields it has', () => {
  expect(counterexample(message, 500)).toBeNull();
});

const unknownField = fc
  .tuple(fc.constantFrom(7, 12, 40, 1999, 30_000), fc.constantFrom(0, 1, 2, 5))
  .map(([no, wireType]) => ({ no, wireType, data: wireTypes[wireType] ?? new Uint8Array() }));
const wireTypes: Readonly<Record<number, Uint8Array>> = {
  0: Uint8Array.of(0xff, 0xff, 0x01),
  1: new Uint8Array(8),
  2: Uint8Array.of(2, 1, 1),
  5: new Uint8Array(4),
};

test('fields of a newer Hubble are passed over', () => {
  const newer = fc.tuple(message, fc.array(unknownField, { maxLength: 3 })).map(([bytes, unknown]) => {
    const response = fromBinary(GetFlowsResponseSchema, bytes);
    response.$unknown = unknown;
    if (response.responseTypes.case === 'flow') response.responseTypes.value.$unknown = unknown;
    return toBinary(GetFlowsResponseSchema, response);
  });
  expect(counterexample(newer, 200)).toBeNull();
});

test('two messages in one are read alike or left to the generated code', () => {
  const joined = fc.tuple(message, message).map(([left, right]) => Uint8Array.of(...left, ...right));
  expect(counterexample(joined, 500)).toBeNull();
});

// What they then say is not compared: where a part is broken, the generated code may read on behind its end.
test('bytes that were changed, cut or made up never break the reader', () => {
  const changed = fc.tuple(message, fc.nat(), fc.nat(255)).map(([bytes, at, byte]) => {
    const copy = Uint8Array.from(bytes);
    if (copy.length > 0) copy[at % copy.length] = byte;
    return copy;
  });
  const cut = fc.tuple(message, fc.nat()).map(([bytes, at]) => bytes.subarray(0, at % (bytes.length + 1)));
  const isFlowOrNull = (bytes: Uint8Array): boolean => read(bytes)?.flow.id !== '';
  const bytes = fc.oneof(changed, cut, fc.uint8Array({ maxLength: 60 }));
  expect(fc.check(fc.property(bytes, isFlowOrNull), { numRuns: 1000 }).counterexample).toBeNull();
});

test('what a node sends is read without the generated code, and ends that come again are the same', () => {
  const value = create(FlowSchema, {
    time: create(TimestampSchema, { seconds: 1_781_524_800n, nanos: 5000 }),
    uuid: 'u1',
    verdict: 1,
    IP: { source: '10.0.0.1', destination: '10.0.0.2' },
    l4: { protocol: { case: 'TCP', value: { sourcePort: 41_000, destinationPort: 80, flags: { SYN: true } } } },
    source: { namespace: 'shop', podName: 'web-0', labels: ['k8s:app=web'] },
    destination: { identity: 2, labels: ['reserved:world'] },
    eventType: { type: 5 },
    socketCookie: 2n ** 64n - 1n,
    isReply: false,
    egressAllowedBy: [{ name: 'out', namespace: 'shop', kind: 'CiliumNetworkPolicy' }],
  });
  const init = { responseTypes: { case: 'flow' as const, value }, nodeName: 'east/n1', time: value.time };
  const bytes = toBinary(GetFlowsResponseSchema, create(GetFlowsResponseSchema, init));
  const [first, second] = [read(bytes), read(bytes)];
  expect(first?.flow).toEqual(generated(bytes));
  expect(first).toMatchObject({ node: 'east/n1', atMs: 1_781_524_800_000, flow: { node: 'east/n1' } });
  expect(second?.flow.source.labels).toBe(first?.flow.source.labels);
});

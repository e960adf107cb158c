import { create } from '@bufbuild/protobuf';
import type { MessageInitShape } from '@bufbuild/protobuf';
import { TimestampSchema } from '@bufbuild/protobuf/wkt';
import { flowWire, observerWire, relayWire } from '@bartizan/flow';
import { expect, test } from 'vitest';
import type { Received } from './client.ts';
import { createResponseReader, readServerStatus } from './decode.ts';
import { followRequest } from './query.ts';

const nowMs = Date.parse('2026-06-15T12:00:00Z');

type Response = MessageInitShape<typeof observerWire.GetFlowsResponseSchema>;

function response(fields: Response, atMs = nowMs): Received {
  const message = create(observerWire.GetFlowsResponseSchema, { nodeName: 'node-a', time: timeOf(atMs), ...fields });
  return { kind: 'other', response: message };
}

function timeOf(ms: number) {
  return create(TimestampSchema, { seconds: BigInt(Math.floor(ms / 1000)), nanos: (ms % 1000) * 1_000_000 });
}

function flow(atMs = nowMs): Received {
  const value = create(flowWire.FlowSchema, { uuid: 'u1', verdict: flowWire.Verdict.DROPPED });
  return response({ responseTypes: { case: 'flow', value } }, atMs);
}

function nodes(stateChange: relayWire.NodeState, atMs = nowMs, message = ''): Received {
  const value = create(relayWire.NodeStatusEventSchema, { stateChange, nodeNames: ['node-a'], message });
  return response({ responseTypes: { case: 'nodeStatus', value } }, atMs);
}

const { NODE_CONNECTED, NODE_ERROR, NODE_UNAVAILABLE } = relayWire.NodeState;

test('an event that a field mask left without node and time takes those of its envelope', () => {
  const [event] = createResponseReader().read(flow(), nowMs);
  expect(event).toMatchObject({
    kind: 'flow',
    flow: { id: 'u1', node: 'node-a', time: '2026-06-15T12:00:00Z', verdict: 'DROPPED' },
  });
});

test('lost events say how many, where, on which node and when', () => {
  const lost = create(flowWire.LostEventSchema, {
    source: flowWire.LostEventSource.HUBBLE_RING_BUFFER,
    numEventsLost: 1n,
  });
  const value = response({ responseTypes: { case: 'lostEvents', value: lost } });
  expect(createResponseReader().read(value, 0)).toEqual([
    { kind: 'lost', place: 'HUBBLE_RING_BUFFER', node: 'node-a', count: 1, fromMs: nowMs, toMs: nowMs },
  ]);
  const spanned = create(flowWire.LostEventSchema, {
    numEventsLost: 9n,
    first: timeOf(nowMs - 5000),
    last: timeOf(nowMs - 1000),
  });
  const [told] = createResponseReader().read(response({ responseTypes: { case: 'lostEvents', value: spanned } }), 0);
  expect(told).toMatchObject({ fromMs: nowMs - 5000, toMs: nowMs - 1000, count: 9 });
});

test('a node that goes away is a gap until its next event', () => {
  const reader = createResponseReader();
  expect(reader.read(nodes(NODE_CONNECTED), nowMs)).toEqual([]);
  const gone = { kind: 'gap', reason: 'node node-a failed: EOF', fromMs: nowMs };
  expect(reader.read(nodes(NODE_ERROR, nowMs, 'EOF'), nowMs)).toEqual([{ ...gone, toMs: null }]);
  expect(reader.read(nodes(NODE_ERROR, nowMs + 9, 'EOF'), nowMs)).toEqual([]);
  expect(reader.read(flow(nowMs + 1000), nowMs)).toEqual([
    { ...gone, toMs: nowMs + 1000 },
    expect.objectContaining({ kind: 'flow' }),
  ]);
  expect(reader.read(flow(nowMs + 2000), nowMs)).toHaveLength(1);
});

test('a node that sends anew what it had before its absence has lost nothing', () => {
  const reader = createResponseReader();
  reader.read(nodes(NODE_UNAVAILABLE), nowMs);
  const [gap] = reader.read(flow(nowMs - 60_000), nowMs);
  expect(gap).toMatchObject({ kind: 'gap', fromMs: nowMs, toMs: nowMs });
});

test('a message without content is nothing', () => {
  expect(
    createResponseReader().read({ kind: 'other', response: create(observerWire.GetFlowsResponseSchema) }, nowMs),
  ).toEqual([]);
});

test('the status of a Relay without nodes has zeros and no node, that of an agent no number of nodes', () => {
  const empty = create(observerWire.ServerStatusResponseSchema, {
    numConnectedNodes: 0,
    numUnavailableNodes: 2,
    unavailableNodes: ['a', 'b'],
  });
  expect(readServerStatus(empty)).toEqual({
    version: null,
    connectedNodes: 0,
    unavailableNodes: ['a', 'b'],
    storedFlows: 0,
    capacity: 0,
  });
  expect(
    readServerStatus(create(observerWire.ServerStatusResponseSchema, { version: 'cilium v1.20.2' })).connectedNodes,
  ).toBeNull();
});

test('following asks for everything since a time, and for all that there is without one', () => {
  expect(followRequest({ sinceMs: 1500, fields: ['uuid'] })).toMatchObject({
    follow: true,
    since: { seconds: 1n, nanos: 500_000_000 },
    fieldMask: { paths: ['uuid'] },
  });
  expect(followRequest({ sinceMs: null, fields: [] })).toMatchObject({ since: { seconds: 0n, nanos: 0 } });
  expect(followRequest({ sinceMs: -5, fields: [] })).toMatchObject({ since: { seconds: 0n, nanos: 0 } });
});

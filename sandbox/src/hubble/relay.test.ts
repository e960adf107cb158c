import { Client, credentials } from '@grpc/grpc-js';
import type { ClientReadableStream } from '@grpc/grpc-js';
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import type { MessageInitShape } from '@bufbuild/protobuf';
import { observerWire } from '@bartizan/flow';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { FlowEvent } from '../events/flow-event.ts';
import type { End } from '../traffic/ends.ts';
import type { Fault } from '../fault.ts';
import type { Relay } from './relay.ts';
import { startRelay } from './relay.ts';
import type { Rings } from './rings.ts';
import { createRings } from './rings.ts';

const end: End = {
  id: 'shop/web',
  kind: 'pod',
  address: '10.4.1.1',
  identity: 4711,
  endpointId: 12,
  namespace: 'shop',
  pod: 'web-1',
  workload: { name: 'web', kind: 'Deployment' },
  labels: [],
  node: 'w01',
  names: [],
};

function flowAt(time: number, destinationPort: number): FlowEvent {
  const sides = { source: end, destination: end, sourcePort: 40_000, destinationPort };
  return {
    kind: 'trace',
    time,
    node: 'w01',
    verdict: 'FORWARDED',
    protocol: 'TCP',
    direction: 'egress',
    point: 'to-endpoint',
    ...sides,
  };
}

type Ask = MessageInitShape<typeof observerWire.GetFlowsRequestSchema>;

let rings: Rings;
let relay: Relay;
let client: Client;

async function open(fault?: Fault): Promise<void> {
  rings = createRings({ nodes: ['w01', 'w02'], capacity: 100 });
  relay = await startRelay({ rings, now: () => new Date(10_000), since: 0, fault });
  client = new Client(relay.address, credentials.createInsecure());
}

beforeEach(async () => open());

afterEach(async () => {
  client.close();
  await relay.close();
});

type Stream = ClientReadableStream<observerWire.GetFlowsResponse> & AsyncIterable<observerWire.GetFlowsResponse>;

function getFlows(ask: Ask): Stream {
  const request = create(observerWire.GetFlowsRequestSchema, ask);
  return client.makeServerStreamRequest(
    '/observer.Observer/GetFlows',
    (message: observerWire.GetFlowsRequest) => Buffer.from(toBinary(observerWire.GetFlowsRequestSchema, message)),
    (bytes: Buffer) => fromBinary(observerWire.GetFlowsResponseSchema, bytes),
    request,
  );
}

async function collect(stream: AsyncIterable<observerWire.GetFlowsResponse>): Promise<observerWire.GetFlowsResponse[]> {
  const all: observerWire.GetFlowsResponse[] = [];
  for await (const response of stream) all.push(response);
  return all;
}

function portOf({ responseTypes }: observerWire.GetFlowsResponse): number[] {
  const l4 = responseTypes.case === 'flow' ? responseTypes.value.l4?.protocol : undefined;
  return l4?.case === 'TCP' ? [l4.value.destinationPort] : [];
}

async function ports(ask: Ask, many = Infinity): Promise<number[]> {
  const stream = getFlows(ask);
  const found: number[] = [];
  try {
    for await (const response of stream) {
      found.push(...portOf(response));
      if (found.length >= many) break;
    }
  } finally {
    stream.cancel();
  }
  return found;
}

async function status(): Promise<observerWire.ServerStatusResponse> {
  return new Promise((resolve, reject) => {
    client.makeUnaryRequest(
      '/observer.Observer/ServerStatus',
      () => Buffer.alloc(0),
      (bytes: Buffer) => fromBinary(observerWire.ServerStatusResponseSchema, bytes),
      undefined,
      (error, answer) => (error || !answer ? reject(error ?? new Error('no answer')) : resolve(answer)),
    );
  });
}

describe('Relay', () => {
  test('tells first which nodes it speaks for, then what they remember', async () => {
    rings.record([flowAt(1000, 80), flowAt(2000, 443)]);
    const [first, ...flows] = await collect(getFlows({}));
    expect(first?.responseTypes).toMatchObject({
      case: 'nodeStatus',
      value: { stateChange: 1, nodeNames: ['prod-eu1/w01', 'prod-eu1/w02'] },
    });
    expect(flows.flatMap(portOf)).toEqual([80, 443]);
    expect(flows[0]).toMatchObject({ nodeName: 'prod-eu1/w01', time: { seconds: 1n } });
  });

  test('goes on with new events where a client follows, none lost and none twice', async () => {
    rings.record([flowAt(1000, 1), flowAt(2000, 2)]);
    const following = ports({ follow: true, since: { seconds: 0n } }, 5);
    const feeding = setInterval(() => rings.record([flowAt(3000, 3), flowAt(3001, 4), flowAt(3002, 5)]), 20);
    expect((await following).slice(0, 5)).toEqual([1, 2, 3, 4, 5]);
    clearInterval(feeding);
  });

  test('sends the fields that a mask names', async () => {
    rings.record([flowAt(1000, 80)]);
    const [, answer] = await collect(getFlows({ fieldMask: { paths: ['l4', 'source.namespace'] } }));
    expect(answer?.responseTypes).toMatchObject({
      value: { source: { namespace: 'shop', podName: '' }, uuid: '', nodeName: '' },
    });
  });

  test('refuses a filter that it does not know', async () => {
    await expect(collect(getFlows({ whitelist: [{ traceId: ['x'] }] }))).rejects.toThrow('does not filter by trace_id');
  });

  test('says how much it holds', async () => {
    rings.record([flowAt(1000, 80)]);
    expect(await status()).toMatchObject({ numFlows: 1n, maxFlows: 200n, seenFlows: 1n, numConnectedNodes: 2 });
  });

  test('that lost its nodes says so, and hangs', async () => {
    client.close();
    await relay.close();
    await open('hang');
    expect(await status()).toMatchObject({ numConnectedNodes: 0, numUnavailableNodes: 2, maxFlows: 0n });
    const stream = getFlows({});
    const outcome = await Promise.race([
      collect(stream).catch(() => 'cancelled'),
      new Promise((resolve) => setTimeout(() => resolve('silence'), 100)),
    ]);
    expect(outcome).toBe('silence');
    stream.cancel();
  });
});

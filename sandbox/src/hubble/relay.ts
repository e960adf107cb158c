import { Server, ServerCredentials, status } from '@grpc/grpc-js';
import type { ServerUnaryCall, ServerWritableStream, sendUnaryData } from '@grpc/grpc-js';
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import type { DescMessage, MessageInitShape } from '@bufbuild/protobuf';
import { observerWire, relayWire } from '@bartizan/flow';
import type { Fault } from '../fault.ts';
import { clusterName, namespaces } from '../world/places.ts';
import { createFlowStreams } from './flow-stream.ts';
import { healthService } from './health.ts';
import type { Rings } from './rings.ts';

const version = '1.20.2';

export interface Relay {
  readonly address: string;
  close(): Promise<void>;
}

/** Hubble Relay over plain gRPC on a free port. */
export async function startRelay(options: {
  readonly rings: Rings;
  readonly now: () => Date;
  /** Since when the agents have been watching. */
  readonly since: number;
  readonly fault: Fault | undefined;
}): Promise<Relay> {
  const { rings, now, since, fault } = options;
  const streams = createFlowStreams(rings);
  const uptimeNs = (): bigint => BigInt(Math.max(0, now().getTime() - since)) * 1_000_000n;

  const answers = {
    getNodes: unary(observerWire.GetNodesResponseSchema, () => ({ nodes: nodesOf(rings, uptimeNs(), fault) })),
    getNamespaces: unary(observerWire.GetNamespacesResponseSchema, () => ({
      namespaces: namespaces.map(({ name }) => ({ cluster: clusterName, namespace: name })),
    })),
    serverStatus: unary(observerWire.ServerStatusResponseSchema, () => statusOf(rings, uptimeNs(), fault)),
  };

  const server = new Server({ 'grpc.max_send_message_length': 16 * 1024 * 1024 });
  server.addService(observerService, {
    getFlows(call: ServerWritableStream<observerWire.GetFlowsRequest, Uint8Array>) {
      if (fault === undefined) streams.answer(call);
      else failOnPurpose(call, fault);
    },
    ...answers,
  });
  server.addService(healthService.definition, healthService.handlers);
  const port = await bind(server);
  return {
    address: `127.0.0.1:${port}`,
    async close() {
      streams.close();
      server.forceShutdown();
    },
  };
}

/** A stream that hangs is simply never answered. */
function failOnPurpose(call: ServerWritableStream<unknown, Uint8Array>, fault: Fault): void {
  if (fault === 'fail') call.emit('error', { code: status.UNAVAILABLE, details: 'no connection to any agent' });
  if (fault !== 'garbage') return;
  call.write(Buffer.from('this is no protobuf message'));
  call.end();
}

const observerService = {
  getFlows: method('GetFlows', observerWire.GetFlowsRequestSchema, true),
  getNodes: method('GetNodes', observerWire.GetNodesRequestSchema, false),
  getNamespaces: method('GetNamespaces', observerWire.GetNamespacesRequestSchema, false),
  serverStatus: method('ServerStatus', observerWire.ServerStatusRequestSchema, false),
} as const;

/** Answers are handed over as bytes, already written. */
function method<T extends DescMessage>(name: string, request: T, responseStream: boolean) {
  return {
    path: `/observer.Observer/${name}`,
    requestStream: false,
    responseStream,
    requestSerialize: () => Buffer.alloc(0),
    requestDeserialize: (bytes: Buffer) => fromBinary(request, bytes),
    responseSerialize: (bytes: Uint8Array) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength),
    responseDeserialize: (bytes: Buffer): Uint8Array => bytes,
  };
}

function unary<T extends DescMessage>(schema: T, answer: () => MessageInitShape<T>) {
  return (_call: ServerUnaryCall<unknown, Uint8Array>, callback: sendUnaryData<Uint8Array>): void => {
    callback(null, toBinary(schema, create(schema, answer())));
  };
}

function nodesOf(
  rings: Rings,
  uptimeNs: bigint,
  fault: Fault | undefined,
): MessageInitShape<typeof observerWire.NodeSchema>[] {
  return rings.counts().map(({ name, kept, seen }, index) => ({
    name: `${clusterName}/${name}`,
    version: `cilium v${version}`,
    address: `10.0.1.1${index + 1}:4244`,
    state: fault ? relayWire.NodeState.NODE_UNAVAILABLE : relayWire.NodeState.NODE_CONNECTED,
    tls: { enabled: true, serverName: `${name}.${clusterName}.hubble-grpc.cilium.io` },
    ...(fault ? {} : { uptimeNs, numFlows: BigInt(kept), maxFlows: BigInt(rings.capacity), seenFlows: BigInt(seen) }),
  }));
}

function statusOf(
  rings: Rings,
  uptimeNs: bigint,
  fault: Fault | undefined,
): MessageInitShape<typeof observerWire.ServerStatusResponseSchema> {
  const nodes = rings.counts();
  const names = nodes.map(({ name }) => `${clusterName}/${name}`);
  if (fault) {
    return {
      numConnectedNodes: 0,
      numUnavailableNodes: nodes.length,
      unavailableNodes: names,
      version: `hubble-relay v${version}`,
    };
  }
  const kept = nodes.reduce((sum, node) => sum + node.kept, 0);
  const seen = nodes.reduce((sum, node) => sum + node.seen, 0);
  const seconds = Math.max(1, Number(uptimeNs / 1_000_000_000n));
  return {
    numFlows: BigInt(kept),
    maxFlows: BigInt(rings.capacity * nodes.length),
    seenFlows: BigInt(seen),
    uptimeNs,
    numConnectedNodes: nodes.length,
    numUnavailableNodes: 0,
    version: `hubble-relay v${version}`,
    flowsRate: seen / seconds,
  };
}

async function bind(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, port) =>
      error ? reject(error) : resolve(port),
    );
  });
}

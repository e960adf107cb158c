import { create, toBinary } from '@bufbuild/protobuf';
import { TimestampSchema } from '@bufbuild/protobuf/wkt';
import { flowWire, observerWire } from '@bartizan/flow';
import { Server, ServerCredentials } from '@grpc/grpc-js';
import type { sendUnaryData, ServerUnaryCall, ServerWritableStream } from '@grpc/grpc-js';
import { paths } from './query.ts';

export interface FakeRelay {
  readonly address: string;
  /** Each call of GetFlows, as it came. */
  readonly calls: ServerWritableStream<Buffer, Buffer>[];
  close(): void;
}

/** A server that speaks gRPC and sends what a test gives it, byte for byte: what the real Relay never does. */
export async function startFakeRelay(
  script: {
    readonly onFollow?: (call: ServerWritableStream<Buffer, Buffer>, number: number) => void;
    readonly onStatus?: (answer: sendUnaryData<Buffer>) => void;
    readonly address?: string;
  } = {},
): Promise<FakeRelay> {
  const calls: ServerWritableStream<Buffer, Buffer>[] = [];
  const server = new Server({ 'grpc.max_send_message_length': -1 });
  const asIs = (bytes: Buffer): Buffer => bytes;
  const codec = {
    requestSerialize: asIs,
    requestDeserialize: asIs,
    responseSerialize: asIs,
    responseDeserialize: asIs,
  };
  server.addService(
    {
      flows: { path: paths.getFlows, requestStream: false, responseStream: true, ...codec },
      status: { path: paths.serverStatus, requestStream: false, responseStream: false, ...codec },
    },
    {
      flows(call: ServerWritableStream<Buffer, Buffer>) {
        calls.push(call);
        script.onFollow?.(call, calls.length);
      },
      status(_: ServerUnaryCall<Buffer, Buffer>, answer: sendUnaryData<Buffer>) {
        if (script.onStatus) script.onStatus(answer);
        else answer(null, statusBytes());
      },
    },
  );
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync(script.address ?? '127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    );
  });
  return { address: `127.0.0.1:${port}`, calls, close: () => server.forceShutdown() };
}

function statusBytes(): Buffer {
  const status = create(observerWire.ServerStatusResponseSchema, { numConnectedNodes: 1, version: 'fake' });
  return Buffer.from(toBinary(observerWire.ServerStatusResponseSchema, status));
}

/** One message with one event of a node. */
export function flowBytes(uuid: string, atMs: number, fields: { node?: string; summary?: string } = {}): Buffer {
  const { node = 'node-a', summary = '' } = fields;
  const time = create(TimestampSchema, {
    seconds: BigInt(Math.floor(atMs / 1000)),
    nanos: (((atMs % 1000) + 1000) % 1000) * 1_000_000,
  });
  const flow = create(flowWire.FlowSchema, {
    uuid,
    time,
    nodeName: node,
    Summary: summary,
    verdict: flowWire.Verdict.FORWARDED,
    source: { namespace: 'shop', podName: 'web-0' },
  });
  const response = create(observerWire.GetFlowsResponseSchema, {
    nodeName: node,
    time,
    responseTypes: { case: 'flow', value: flow },
  });
  return Buffer.from(toBinary(observerWire.GetFlowsResponseSchema, response));
}

import { readFile } from 'node:fs/promises';
import { fromBinary, toBinary } from '@bufbuild/protobuf';
import type { DescMessage, Message, MessageShape } from '@bufbuild/protobuf';
import type { GenMessage } from '@bufbuild/protobuf/codegenv2';
import { observerWire } from '@bartizan/flow';
import type { ClientReadableStream } from '@grpc/grpc-js';
import { Client, credentials, Metadata } from '@grpc/grpc-js';
import { paths } from './query.ts';

/** Paths of PEM files, read again at every new connection: certificates rotate. */
export interface RelayTls {
  /** The system's authorities unless given. */
  readonly ca?: string | undefined;
  readonly certificate?: string | undefined;
  readonly key?: string | undefined;
  /** What the certificate says where that is not the address; Relay's own is `*.hubble-relay.cilium.io`. */
  readonly serverName?: string | undefined;
}

export interface RelayClient {
  follow(request: observerWire.GetFlowsRequest): ClientReadableStream<observerWire.GetFlowsResponse>;
  serverStatus(deadlineMs: number): Promise<observerWire.ServerStatusResponse>;
  close(): void;
}

const largestMessage = 16 * 1024 * 1024;
/** A Go server takes more than one ping in five minutes without traffic for an attack, and hangs up. */
const keepaliveMs = 310_000;

/** The connection to one Relay; opened lazily by gRPC. */
export async function openClient(address: string, tls: RelayTls | undefined): Promise<RelayClient> {
  const client = new Client(address.replace(/^(https?|grpcs?|tcp):\/\//, ''), await channelCredentials(tls), {
    'grpc.keepalive_time_ms': keepaliveMs,
    'grpc.keepalive_timeout_ms': 20_000,
    'grpc.max_receive_message_length': largestMessage,
    'grpc.initial_reconnect_backoff_ms': 500,
    'grpc.max_reconnect_backoff_ms': 10_000,
    ...(tls?.serverName === undefined
      ? {}
      : { 'grpc.ssl_target_name_override': tls.serverName, 'grpc.default_authority': tls.serverName }),
  });
  const flows = observerWire.GetFlowsResponseSchema;
  return {
    follow: (request) =>
      client.makeServerStreamRequest(
        paths.getFlows,
        writer(observerWire.GetFlowsRequestSchema),
        reader(flows),
        request,
        new Metadata(),
      ),
    serverStatus: (deadlineMs) =>
      new Promise((resolve, reject) => {
        client.makeUnaryRequest(
          paths.serverStatus,
          writer(observerWire.ServerStatusRequestSchema),
          reader(observerWire.ServerStatusResponseSchema),
          emptyStatusRequest(),
          new Metadata(),
          { deadline: deadlineMs },
          (error, answer) => {
            if (error) return reject(error);
            return answer ? resolve(answer) : reject(new Error('Relay gave an empty answer'));
          },
        );
      }),
    close: () => client.close(),
  };
}

function emptyStatusRequest(): observerWire.ServerStatusRequest {
  return fromBinary(observerWire.ServerStatusRequestSchema, new Uint8Array());
}

function writer<T extends Message>(schema: GenMessage<T>): (message: T) => Buffer {
  return (message) => Buffer.from(toBinary<DescMessage>(schema, message as MessageShape<DescMessage>));
}

function reader<T extends Message>(schema: GenMessage<T>): (bytes: Buffer) => T {
  return (bytes) => fromBinary(schema, bytes);
}

async function channelCredentials(tls: RelayTls | undefined) {
  if (tls === undefined) return credentials.createInsecure();
  const [ca, key, cert] = await Promise.all([tls.ca, tls.key, tls.certificate].map(readPem));
  return credentials.createSsl(ca ?? null, key ?? null, cert ?? null);
}

function readPem(file: string | undefined): Promise<Buffer> | null {
  return file === undefined ? null : readFile(file);
}

import { readFile } from 'node:fs/promises';
import { fromBinary, toBinary } from '@bufbuild/protobuf';
import type { DescMessage, Message, MessageShape } from '@bufbuild/protobuf';
import type { GenMessage } from '@bufbuild/protobuf/codegenv2';
import { createRelayReader, observerWire } from '@bartizan/flow';
import type { RelayFlow } from '@bartizan/flow';
import type { ClientReadableStream } from '@grpc/grpc-js';
import { Client, credentials, Metadata } from '@grpc/grpc-js';
import { SourceError } from '../source-error.ts';
import { explainConnection } from './explain-connection.ts';
import type { Pems } from './explain-connection.ts';
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

/** A message of a stream: one that cannot be read is passed over, because Relay would send it again. */
export type Received =
  | ({ readonly kind: 'flow' } & RelayFlow)
  | { readonly kind: 'other'; readonly response: observerWire.GetFlowsResponse }
  | { readonly kind: 'unreadable' };

export interface RelayClient {
  follow(request: observerWire.GetFlowsRequest): ClientReadableStream<Received>;
  serverStatus(deadlineMs: number): Promise<observerWire.ServerStatusResponse>;
  /** Why there is no connection, where it lies with certificates or with TLS. */
  explain(): Promise<string | null>;
  close(): void;
}

/** An event is no larger; a message that is, is left out. */
const largestEvent = 4 * 1024 * 1024;
/** Beyond this the stream breaks. */
const largestMessage = 64 * 1024 * 1024;
/** A Go server takes more than one ping in five minutes without traffic for an attack, and hangs up. */
const keepaliveMs = 310_000;

/** The connection to one Relay; opened lazily by gRPC. */
export async function openClient(
  { address: given, source }: { readonly address: string; readonly source: string },
  tls: RelayTls | undefined,
): Promise<RelayClient> {
  const address = given.replace(/^(https?|grpcs?|tcp):\/\//, '');
  const receive = createReceiver();
  const pems = tls === undefined ? null : await readPems(tls, source);
  const client = new Client(address, channelCredentials(pems, source), {
    'grpc.keepalive_time_ms': keepaliveMs,
    'grpc.keepalive_timeout_ms': 20_000,
    'grpc.max_receive_message_length': largestMessage,
    'grpc.initial_reconnect_backoff_ms': 500,
    'grpc.max_reconnect_backoff_ms': 10_000,
    ...(tls?.serverName === undefined
      ? {}
      : { 'grpc.ssl_target_name_override': tls.serverName, 'grpc.default_authority': tls.serverName }),
  });
  return {
    follow: (request) =>
      client.makeServerStreamRequest(
        paths.getFlows,
        writer(observerWire.GetFlowsRequestSchema),
        receive,
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
    explain: () => explainConnection({ address, pems, serverName: tls?.serverName }),
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

function createReceiver(): (bytes: Buffer) => Received {
  const readFlow = createRelayReader((bytes, from, to) => asBuffer(bytes).latin1Slice(from, to));
  return (bytes) => {
    if (bytes.length > largestEvent) return { kind: 'unreadable' };
    const flow = readFlow(bytes);
    if (flow !== null) return { kind: 'flow', ...flow };
    try {
      return { kind: 'other', response: fromBinary(observerWire.GetFlowsResponseSchema, bytes) };
    } catch {
      return { kind: 'unreadable' };
    }
  };
}

/** gRPC gives what it receives as a Buffer; its quickest way to text is not in the types. */
function asBuffer(bytes: Uint8Array): Buffer & { latin1Slice(from: number, to: number): string } {
  return bytes as ReturnType<typeof asBuffer>;
}

function channelCredentials(pems: Pems | null, source: string) {
  if (pems === null) return credentials.createInsecure();
  try {
    return credentials.createSsl(pems.ca ?? null, pems.key ?? null, pems.certificate ?? null);
  } catch (error) {
    throw wrongFile(source, `the files of relay.tls do not fit: ${wordsOf(error)}`, error);
  }
}

async function readPems(tls: RelayTls, source: string): Promise<Pems> {
  const read = async (key: 'ca' | 'certificate' | 'key'): Promise<Buffer | undefined> => {
    const file = tls[key];
    if (file === undefined) return undefined;
    return readFile(file).catch((error: unknown) => {
      throw wrongFile(source, `relay.tls.${key}: ${wordsOf(error)}`, error);
    });
  };
  const [ca, certificate, key] = await Promise.all([read('ca'), read('certificate'), read('key')]);
  return { ca, certificate, key };
}

function wrongFile(source: string, reason: string, cause: unknown): SourceError {
  return new SourceError({ code: 'bad-response', source, attempted: 'read the certificates', reason, cause });
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

import type { FlowSource, FlowSourceEvent, FlowSourceStatus } from '../flow-source.ts';
import { SourceError } from '../source-error.ts';
import type { SourceErrorCode } from '../source-error.ts';
import { inChunks } from './chunks.ts';
import type { Received, RelayClient, RelayTls } from './client.ts';
import { openClient } from './client.ts';
import { createResponseReader, readServerStatus } from './decode.ts';
import { followRequest } from './query.ts';

export type { RelayTls } from './client.ts';

export interface RelayOptions {
  /** What gaps and errors call it. */
  readonly name: string;
  /** `hubble-relay.kube-system:80` */
  readonly address: string;
  /** Plain text unless given. */
  readonly tls?: RelayTls | undefined;
  /** Proto paths to ask for; everything unless given. */
  readonly fields?: readonly string[];
  readonly clock: () => Date;
  readonly timeoutMs?: number;
  /** How long a stream may be silent before Relay is asked whether it is still there. */
  readonly silenceMs?: number;
}

/** Hubble Relay, or the agent of one node, which speaks the same. */
export function openRelay(options: RelayOptions): FlowSource {
  const { name, address, tls, clock, timeoutMs = 10_000, silenceMs = 30_000 } = options;
  let client: Promise<RelayClient> | null = null;

  function connected(): Promise<RelayClient> {
    client ??= openClient({ address, source: name }, tls);
    return client;
  }

  /** A new connection next time, with certificates read anew. */
  async function disconnect(): Promise<void> {
    const old = client;
    client = null;
    (await old?.catch(() => null))?.close();
  }

  async function failure(error: unknown, attempted: string): Promise<SourceError> {
    const why = isNoConnection(error) ? await client?.then((relay) => relay.explain()).catch(() => null) : null;
    await disconnect();
    if (error instanceof SourceError) return error;
    return sourceError({ error, source: name, attempted: `${attempted} at ${address}`, why: why ?? null });
  }

  async function status(): Promise<FlowSourceStatus> {
    const relay = await connected();
    return readServerStatus(await relay.serverStatus(Date.now() + timeoutMs));
  }

  return {
    async status(signal) {
      signal.throwIfAborted();
      try {
        return await orAbort(status(), signal);
      } catch (error) {
        if (signal.aborted) throw error;
        throw await failure(error, 'ask Hubble Relay for its status');
      }
    },
    async *follow({ sinceMs, signal }): AsyncGenerator<readonly FlowSourceEvent[]> {
      if (signal.aborted) return;
      const reader = createResponseReader();
      let stream: ReturnType<RelayClient['follow']> | undefined;
      let lastMs = performance.now();
      let broken: unknown;
      const stop = (): void => stream?.cancel();
      const watchdog = setInterval(() => {
        if (performance.now() - lastMs < silenceMs) return;
        status().then(
          () => (lastMs = performance.now()),
          (error: unknown) => {
            broken = error;
            stop();
          },
        );
      }, silenceMs);
      signal.addEventListener('abort', stop, { once: true });
      try {
        stream = (await connected()).follow(followRequest({ sinceMs, fields: options.fields ?? [] }));
        for await (const chunk of inChunks<Received>(stream)) {
          lastMs = performance.now();
          const nowMs = clock().getTime();
          const events = chunk.flatMap((received) => reader.read(received, nowMs));
          if (events.length > 0) yield events;
        }
        if (!signal.aborted) throw new Error('Relay ended the stream');
      } catch (error) {
        if (signal.aborted) return;
        throw await failure(broken ?? error, 'follow the flows of Hubble Relay');
      } finally {
        clearInterval(watchdog);
        signal.removeEventListener('abort', stop);
        stream?.cancel();
      }
    },
    close: disconnect,
  };
}

function orAbort<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(signal.reason);
    signal.addEventListener('abort', stop, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}

function sourceError(failed: {
  readonly error: unknown;
  readonly source: string;
  readonly attempted: string;
  readonly why: string | null;
}): SourceError {
  const { error, source, attempted, why } = failed;
  if (why !== null) return new SourceError({ code: 'bad-response', source, attempted, reason: why, cause: error });
  const { code, details } = grpcStatus(error);
  return new SourceError({ code: codes[code] ?? 'unreachable', source, attempted, reason: details, cause: error });
}

/** UNAVAILABLE, or a deadline that passed without an answer. */
function isNoConnection(error: unknown): boolean {
  const { code } = grpcStatus(error);
  return code === 14 || code === 4;
}

/** gRPC's status codes; a status that cannot be decoded comes as INTERNAL, a message that is too large as RESOURCE_EXHAUSTED. */
const codes: Readonly<Record<number, SourceErrorCode>> = {
  4: 'timeout',
  7: 'forbidden',
  8: 'bad-response',
  12: 'bad-response',
  13: 'bad-response',
  16: 'unauthorized',
};

function grpcStatus(error: unknown): { readonly code: number; readonly details: string } {
  if (!(error instanceof Error)) return { code: 2, details: String(error) };
  const code = 'code' in error && typeof error.code === 'number' ? error.code : 2;
  const details =
    'details' in error && typeof error.details === 'string' && error.details !== '' ? error.details : null;
  return { code, details: details ?? error.message };
}

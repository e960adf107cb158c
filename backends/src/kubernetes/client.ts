import { Agent as HttpAgent, request as httpRequest } from 'node:http';
import type { ClientRequest, IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { SourceError } from '../source-error.ts';
import type { Connection } from './connection.ts';
import { errorCode, parseJson, readStatus } from './decode.ts';
import type { Said } from './decode.ts';

export interface Call {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly body?: object;
  /** Continues "could not …". */
  readonly attempted: string;
  readonly signal: AbortSignal;
}

export interface Stream extends Omit<Call, 'method' | 'body'> {
  /** Broken off when nothing came for so long; bookmarks come about every minute. */
  readonly silenceMs: number;
  /** The server began to answer. */
  readonly onOpen: () => void;
  readonly onLines: (lines: readonly string[]) => void;
}

/** The only thing here that talks to the API server. Throws ApiError, or what the signal was aborted with. */
export interface ApiClient {
  call(call: Call): Promise<unknown>;
  /** Ends when the server ends it. */
  stream(stream: Stream): Promise<void>;
  close(): void;
}

export class ApiError extends SourceError {
  /** HTTP status; 0 where there was no answer. */
  readonly status: number;
  constructor(fields: ConstructorParameters<typeof SourceError>[0] & { status: number }) {
    super(fields);
    this.status = fields.status;
  }
}

interface ClientOptions {
  readonly source: string;
  readonly connect: () => Promise<Connection>;
  readonly timeoutMs: number;
}

const largestAnswer = 512 * 1024 * 1024;

export function createApiClient({ source, connect, timeoutMs }: ClientOptions): ApiClient {
  const agents = { http: new HttpAgent({ keepAlive: true }), https: new HttpsAgent({ keepAlive: true }) };
  let connection: Promise<Connection> | null = null;

  function fail(call: { attempted: string }, status: number, said: Said): ApiError {
    const { attempted } = call;
    return new ApiError({ code: errorCode(status, said), source, attempted, status, reason: said.message });
  }

  function unreachable(call: { attempted: string }, error: unknown): ApiError {
    const code = isTimeout(error) ? 'timeout' : 'unreachable';
    return new ApiError({ code, source, attempted: call.attempted, status: 0, reason: inWords(error), cause: error });
  }

  async function open(call: Omit<Call, 'attempted'>, fresh: boolean): Promise<IncomingMessage> {
    if (fresh) connection = null;
    connection ??= connect();
    const { server, tls, credentials } = await connection;
    const { headers, ...certificate } = await credentials.get({ fresh });
    const url = new URL(`${server}${call.path}`);
    const text = call.body === undefined ? undefined : JSON.stringify(call.body);
    const options = {
      method: call.method,
      signal: call.signal,
      headers: {
        Accept: 'application/json',
        'User-Agent': 'bartizan',
        ...headers,
        ...(text === undefined ? {} : bodyHeaders(text)),
      },
    };
    return new Promise((resolve, reject) => {
      const made: ClientRequest =
        url.protocol === 'https:'
          ? httpsRequest(url, { ...options, ...tls, ...certificate, agent: agents.https }, resolve)
          : httpRequest(url, { ...options, agent: agents.http }, resolve);
      made.on('socket', (socket) => socket.setKeepAlive(true, 30_000));
      made.on('error', reject);
      made.end(text);
    });
  }

  /** A refused sign-in is tried once more with everything read anew: tokens rotate. */
  async function answer(call: Call): Promise<IncomingMessage> {
    const first = await open(call, false);
    if (first.statusCode !== 401) return first;
    first.resume();
    return open(call, true);
  }

  async function guarded<T>(call: Omit<Call, 'method'>, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (call.signal.aborted) throw call.signal.reason;
      if (error instanceof ApiError) throw error;
      connection = null;
      throw unreachable(call, reasonOf(error));
    }
  }

  return {
    call: (call) =>
      guarded(call, async () => {
        const signal = AbortSignal.any([call.signal, AbortSignal.timeout(timeoutMs)]);
        const response = await answer({ ...call, signal });
        const status = response.statusCode ?? 0;
        const body = await readAll(response);
        if (status >= 300) throw fail(call, status, readStatus(body));
        const value = parseJson(body);
        if (value === undefined) throw fail(call, status, { reason: '', message: 'the answer is not JSON' });
        return value;
      }),
    stream: (stream) =>
      guarded(stream, async () => {
        const silence = new AbortController();
        const signal = AbortSignal.any([stream.signal, silence.signal]);
        const timer = setTimeout(() => silence.abort(new SilentStream()), stream.silenceMs);
        try {
          const response = await answer({ ...stream, method: 'GET', signal });
          const status = response.statusCode ?? 0;
          if (status >= 300) throw fail(stream, status, readStatus(await readAll(response)));
          stream.onOpen();
          await readLines(response, (lines) => {
            timer.refresh();
            stream.onLines(lines);
          });
        } catch (error) {
          throw silence.signal.aborted ? silence.signal.reason : error;
        } finally {
          clearTimeout(timer);
        }
      }),
    close() {
      agents.http.destroy();
      agents.https.destroy();
    },
  };
}

/** Without a length Node sends the body of a DELETE so that the server does not read it, and with it goes the precondition. */
function bodyHeaders(text: string): Record<string, string | number> {
  return { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(text) };
}

class SilentStream extends Error {
  override readonly message = 'the server sent nothing for too long';
}

async function readAll(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response) {
    const piece = Buffer.from(chunk);
    size += piece.length;
    if (size > largestAnswer) throw new Error('the answer is larger than 512 MB');
    chunks.push(piece);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** Whole lines of each piece that arrives; half a line at the end is dropped, as the connection broke inside it. */
async function readLines(response: IncomingMessage, take: (lines: readonly string[]) => void): Promise<void> {
  let rest = '';
  response.setEncoding('utf8');
  for await (const chunk of response) {
    const lines = `${rest}${String(chunk)}`.split('\n');
    rest = lines.pop() ?? '';
    if (lines.length > 0) take(lines);
  }
}

/** Node wraps what a signal was aborted with. */
function reasonOf(error: unknown): unknown {
  return error instanceof Error && error.name === 'AbortError' ? (error.cause ?? error) : error;
}

function isTimeout(error: unknown): boolean {
  return error instanceof Error && (error.name === 'TimeoutError' || ('code' in error && error.code === 'ETIMEDOUT'));
}

function inWords(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return inWords(error.errors[0]);
  if (!(error instanceof Error)) return String(error);
  return error.name === 'TimeoutError' ? 'no answer in time' : error.message;
}

import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { createHttpExchange, parseJson } from '../http-exchange.ts';
import { SourceError } from '../source-error.ts';
import type { SourceErrorCode } from '../source-error.ts';
import { readFailure } from './answer.ts';

export interface ElasticsearchConnection {
  /** What gaps and errors call it. */
  readonly name: string;
  readonly url: string;
  /** Files are read again for every question: keys and tokens rotate. The key is `id:key` or already encoded. */
  readonly apiKeyFile?: string | undefined;
  readonly bearerTokenFile?: string | undefined;
  readonly basic?: { readonly user: string; readonly passwordFile: string } | undefined;
  /** A file in PEM; the system's authorities unless given. */
  readonly ca?: string | undefined;
  readonly timeoutMs?: number | undefined;
  readonly clock: () => Date;
}

export interface Request {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly path: string;
  readonly body?: unknown;
  /** Continues "could not …". */
  readonly attempted: string;
}

interface Said {
  readonly status: number;
  readonly text: string;
}

export interface ElasticsearchClient {
  readonly source: string;
  send(request: Request): Promise<unknown>;
  fail(code: SourceErrorCode, attempted: string, reason: string): SourceError;
  close(): void;
}

/** Nothing heard for so long: then it is first asked whether it is there, and has less time to say so. */
const silentMs = 5000;
const signOfLifeMs = 2000;
/** An answer that takes longer may be slow, or never come: whether the engine is still there is asked beside it. */
const patienceMs = 900;
/** For so long after it did not answer, it is not asked. */
const restMs = 3000;
const largestAnswer = 256 * 1024 * 1024;

export function createElasticsearchClient(connection: ElasticsearchConnection): ElasticsearchClient {
  const { name: source, url, timeoutMs = 15_000, clock } = connection;
  const http = createHttpExchange({ url, ca: connection.ca, largestAnswer });
  const stop = new AbortController();
  const fail = (code: SourceErrorCode, attempted: string, reason: string, cause?: unknown): SourceError =>
    new SourceError({ code, source, attempted, reason, cause });

  async function open({ method, path, body }: Request, signal: AbortSignal): Promise<Said> {
    const authorization = await credentialsOf(connection);
    return http.ask({
      method,
      path,
      headers: authorization === null ? {} : { Authorization: authorization },
      body: body === undefined ? undefined : { type: 'application/json', text: JSON.stringify(body) },
      signal,
    });
  }

  let heardMs = -Infinity;
  let lost: { readonly error: SourceError; readonly untilMs: number } | null = null;
  let knocking: Promise<void> | null = null;

  /** The status and the text of the answer, whatever they are. */
  async function exchange(request: Request, withinMs: number, cancel?: AbortSignal): Promise<Said> {
    const { attempted } = request;
    const signal = AbortSignal.any([stop.signal, AbortSignal.timeout(withinMs), ...(cancel ? [cancel] : [])]);
    try {
      const said = await open(request, signal);
      heardMs = clock().getTime();
      lost = null;
      return said;
    } catch (error) {
      if (cancel?.aborted) throw error;
      const isLate = signal.aborted && !stop.signal.aborted;
      const reason = error instanceof Error ? error.message || error.name : String(error);
      const failure = isLate
        ? fail('timeout', attempted, `no answer within ${withinMs / 1000} s`, error)
        : fail('unreachable', attempted, reason, error);
      lost = { error: failure, untilMs: clock().getTime() + restMs };
      throw failure;
    }
  }

  /** What nobody has heard of for a while may be gone: a page need not wait long to say so. */
  async function knock({ attempted }: Request): Promise<void> {
    const nowMs = clock().getTime();
    if (lost && nowMs < lost.untilMs) throw lost.error;
    if (nowMs - heardMs < silentMs) return;
    await signOfLife(attempted);
  }

  function signOfLife(attempted: string): Promise<void> {
    knocking ??= exchange({ method: 'GET', path: '/', attempted }, Math.min(signOfLifeMs, timeoutMs))
      .then(() => undefined)
      .finally(() => (knocking = null));
    return knocking;
  }

  /** Waits for an engine that is slow, and not for one that hangs. */
  async function patiently(request: Request): Promise<Said> {
    const done = new AbortController();
    const answer = exchange(request, timeoutMs, done.signal);
    const isThere = sleep(patienceMs, undefined, { signal: done.signal }).then(() => signOfLife(request.attempted));
    try {
      return await Promise.race([answer, isThere.then(() => answer)]);
    } finally {
      done.abort();
      await Promise.allSettled([answer]);
    }
  }

  return {
    source,
    fail,
    async send(request) {
      const { attempted } = request;
      await knock(request);
      const said = await patiently(request);
      const answer = parseJson(said.text);
      if (said.status >= 300)
        throw fail(codeOf(said.status), attempted, readFailure(answer) ?? `HTTP status ${said.status}`);
      if (typeof answer !== 'object' || answer === null)
        throw fail('bad-response', attempted, 'the answer is not JSON: is this address that of Elasticsearch?');
      return answer;
    },
    close() {
      stop.abort(new Error('closing'));
      http.close();
    },
  };
}

/** Null where the address itself carries them, or there are none. */
async function credentialsOf(connection: ElasticsearchConnection): Promise<string | null> {
  const { apiKeyFile, bearerTokenFile, basic } = connection;
  if (apiKeyFile !== undefined) {
    const key = (await readFile(apiKeyFile, 'utf8')).trim();
    return `ApiKey ${key.includes(':') ? Buffer.from(key).toString('base64') : key}`;
  }
  if (bearerTokenFile !== undefined) return `Bearer ${(await readFile(bearerTokenFile, 'utf8')).trim()}`;
  if (!basic) return null;
  const password = (await readFile(basic.passwordFile, 'utf8')).replace(/\r?\n$/, '');
  return `Basic ${Buffer.from(`${basic.user}:${password}`).toString('base64')}`;
}

function codeOf(status: number): SourceErrorCode {
  if (status === 401) return 'unauthorized';
  if (status === 403) return 'forbidden';
  if (status === 408 || status === 504) return 'timeout';
  return status === 429 || status >= 500 ? 'unreachable' : 'bad-response';
}

import { readFile } from 'node:fs/promises';
import { Agent as HttpAgent, request as httpRequest } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { SourceError } from '../source-error.ts';
import type { SourceErrorCode } from '../source-error.ts';
import type { Answered } from './decode.ts';
import { readFailure } from './decode.ts';

export interface PrometheusOptions {
  /** What gaps and errors call it. */
  readonly name?: string | undefined;
  /** Where Prometheus, Thanos, Mimir or VictoriaMetrics answers, without `/api/v1`. */
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Read again for every question: tokens rotate. */
  readonly bearerTokenFile?: string | undefined;
  /** A file in PEM; the system's authorities unless given. */
  readonly ca?: string | undefined;
  readonly timeoutMs?: number;
}

export interface Question<T> {
  readonly path: 'query' | 'query_range' | 'labels';
  readonly form: Readonly<Record<string, string>>;
  /** Undefined where the answer is not of the kind that was asked for. */
  readonly read: (body: unknown) => Answered<T> | undefined;
  /** Continues "could not …". */
  readonly attempted: string;
  readonly signal: AbortSignal;
}

export interface PrometheusClient {
  readonly source: string;
  ask<T>(question: Question<T>): Promise<Answered<T>>;
  close(): void;
}

const largestAnswer = 64 * 1024 * 1024;

export function createPrometheusClient(options: PrometheusOptions): PrometheusClient {
  const { url, name: source = 'prometheus', timeoutMs = 20_000 } = options;
  const agents = { http: new HttpAgent({ keepAlive: true }), https: new HttpsAgent({ keepAlive: true }) };

  async function send(question: Question<unknown>, signal: AbortSignal): Promise<IncomingMessage> {
    const target = new URL(`${url.replace(/\/+$/, '')}/api/v1/${question.path}`);
    const form = new URLSearchParams({ ...question.form, timeout: `${Math.ceil(timeoutMs / 1000)}s` }).toString();
    const { bearerTokenFile, ca } = options;
    const token = bearerTokenFile === undefined ? null : (await readFile(bearerTokenFile, 'utf8')).trim();
    const authority = ca === undefined ? {} : { ca: await readFile(ca, 'utf8') };
    const common = {
      method: 'POST',
      signal,
      headers: {
        Accept: 'application/json',
        'User-Agent': 'bartizan',
        ...options.headers,
        ...(token === null ? {} : { Authorization: `Bearer ${token}` }),
        'Content-Type': 'application/x-www-form-urlencoded',
        'Content-Length': Buffer.byteLength(form),
      },
    };
    return new Promise((resolve, reject) => {
      const made =
        target.protocol === 'https:'
          ? httpsRequest(target, { ...common, ...authority, agent: agents.https }, resolve)
          : httpRequest(target, { ...common, agent: agents.http }, resolve);
      made.on('error', reject);
      made.end(form);
    });
  }

  return {
    source,
    async ask(question) {
      const { attempted } = question;
      const fail = (code: SourceErrorCode, reason: string, cause?: unknown): SourceError =>
        new SourceError({ code, source, attempted, reason, cause });
      const signal = AbortSignal.any([question.signal, AbortSignal.timeout(timeoutMs)]);
      let said: { readonly status: number; readonly body: string };
      try {
        const response = await send(question, signal);
        said = { status: response.statusCode ?? 0, body: await readText(response) };
      } catch (error) {
        if (question.signal.aborted) throw question.signal.reason;
        if (signal.aborted) throw fail('timeout', `no answer within ${timeoutMs / 1000} s`, error);
        throw fail('unreachable', error instanceof Error ? error.message : String(error), error);
      }
      const body = parseJson(said.body);
      if (said.status >= 300) throw fail(codeOf(said.status), readFailure(body) ?? `HTTP status ${said.status}`);
      const answer = question.read(body);
      if (answer === undefined) throw fail('bad-response', readFailure(body) ?? 'the answer is not one of Prometheus');
      return answer;
    },
    close() {
      agents.http.destroy();
      agents.https.destroy();
    },
  };
}

function codeOf(status: number): SourceErrorCode {
  if (status === 401) return 'unauthorized';
  if (status === 403) return 'forbidden';
  if (status === 503) return 'timeout';
  if (status === 400 || status === 422) return 'refused';
  return status === 429 || status >= 500 ? 'unreachable' : 'bad-response';
}

async function readText(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response) {
    const piece = Buffer.from(chunk);
    size += piece.length;
    if (size > largestAnswer) throw new Error('the answer is larger than 64 MB');
    chunks.push(piece);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

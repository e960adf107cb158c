import { readFile } from 'node:fs/promises';
import { createHttpExchange, parseJson } from '../http-exchange.ts';
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
  const http = createHttpExchange({ url, ca: options.ca, largestAnswer });

  async function send(question: Question<unknown>, signal: AbortSignal): Promise<{ status: number; text: string }> {
    const { bearerTokenFile } = options;
    const token = bearerTokenFile === undefined ? null : (await readFile(bearerTokenFile, 'utf8')).trim();
    const form = new URLSearchParams({ ...question.form, timeout: `${Math.ceil(timeoutMs / 1000)}s` }).toString();
    return http.ask({
      method: 'POST',
      path: `/api/v1/${question.path}`,
      headers: { ...options.headers, ...(token === null ? {} : { Authorization: `Bearer ${token}` }) },
      body: { type: 'application/x-www-form-urlencoded', text: form },
      signal,
    });
  }

  return {
    source,
    async ask(question) {
      const { attempted } = question;
      const fail = (code: SourceErrorCode, reason: string, cause?: unknown): SourceError =>
        new SourceError({ code, source, attempted, reason, cause });
      const signal = AbortSignal.any([question.signal, AbortSignal.timeout(timeoutMs)]);
      let said: { readonly status: number; readonly text: string };
      try {
        said = await send(question, signal);
      } catch (error) {
        if (question.signal.aborted) throw question.signal.reason;
        if (signal.aborted) throw fail('timeout', `no answer within ${timeoutMs / 1000} s`, error);
        throw fail('unreachable', error instanceof Error ? error.message : String(error), error);
      }
      const body = parseJson(said.text);
      if (said.status >= 300) throw fail(codeOf(said.status), readFailure(body) ?? `HTTP status ${said.status}`);
      const answer = question.read(body);
      if (answer === undefined) throw fail('bad-response', readFailure(body) ?? 'the answer is not one of Prometheus');
      return answer;
    },
    close: http.close,
  };
}

function codeOf(status: number): SourceErrorCode {
  if (status === 401) return 'unauthorized';
  if (status === 403) return 'forbidden';
  if (status === 503) return 'timeout';
  if (status === 400 || status === 422) return 'refused';
  return status === 429 || status >= 500 ? 'unreachable' : 'bad-response';
}

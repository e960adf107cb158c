import { readFile } from 'node:fs/promises';
import { createHttpExchange, parseJson } from '../http-exchange.ts';
import type { HttpAnswer } from '../http-exchange.ts';
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
  /** Labels that the series of this cluster have, where the server has those of several. */
  readonly match?: Readonly<Record<string, string>> | undefined;
  /** The namespaces of the cluster as they are known now; empty where they are not. */
  readonly namespaces?: (() => readonly string[]) | undefined;
  /** Read again for every question, as the password is: they rotate. */
  readonly bearerTokenFile?: string | undefined;
  readonly basic?: { readonly user: string; readonly passwordFile: string } | undefined;
  /** A file in PEM; the system's authorities unless given. */
  readonly ca?: string | undefined;
  readonly timeoutMs?: number;
}

export interface Question<T> {
  readonly path: 'query' | 'query_range' | 'labels' | `label/${string}/values`;
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
  const { url, name: source = 'prometheus', timeoutMs = 60_000 } = options;
  const http = createHttpExchange({ url, ca: options.ca, largestAnswer });

  async function send({ path, form }: Question<unknown>, signal: AbortSignal): Promise<HttpAnswer> {
    const authorization = await authorizationOf(options);
    const headers = { ...options.headers, ...(authorization === null ? {} : { Authorization: authorization }) };
    const asked = new URLSearchParams({ ...form, timeout: `${Math.ceil(timeoutMs / 1000)}s` }).toString();
    // Values of a label are the one question that Prometheus takes by GET alone.
    if (path.startsWith('label/'))
      return http.ask({ method: 'GET', path: `/api/v1/${path}?${asked}`, headers, signal });
    const body = { type: 'application/x-www-form-urlencoded', text: asked };
    return http.ask({ method: 'POST', path: `/api/v1/${path}`, headers, body, signal });
  }

  return {
    source,
    async ask(question) {
      const { attempted } = question;
      const fail = (code: SourceErrorCode, reason: string, cause?: unknown): SourceError =>
        new SourceError({ code, source, attempted, reason, cause });
      const signal = AbortSignal.any([question.signal, AbortSignal.timeout(timeoutMs)]);
      let said: HttpAnswer;
      try {
        said = await send(question, signal);
      } catch (error) {
        if (question.signal.aborted) throw question.signal.reason;
        if (signal.aborted)
          throw fail('timeout', `no answer within ${timeoutMs / 1000} s. A shorter window asks for less.`, error);
        throw fail('unreachable', error instanceof Error ? error.message : String(error), error);
      }
      const body = parseJson(said.text);
      if (said.status >= 300) throw fail(codeOf(said.status), refusalInWords(said, body));
      const answer = question.read(body);
      if (answer === undefined) throw fail('bad-response', readFailure(body) ?? noAnswerInWords(said));
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

/** Null where the address or the headers carry them, or there are none. */
async function authorizationOf({ bearerTokenFile, basic }: PrometheusOptions): Promise<string | null> {
  if (bearerTokenFile !== undefined) return `Bearer ${(await readFile(bearerTokenFile, 'utf8')).trim()}`;
  if (!basic) return null;
  const password = (await readFile(basic.passwordFile, 'utf8')).replace(/\r?\n$/, '');
  return `Basic ${Buffer.from(`${basic.user}:${password}`).toString('base64')}`;
}

const overLimit = /too many (samples|series|chunks)|exceed|limit|max[-A-Z ]|timed out/i;

function refusalInWords(said: HttpAnswer, body: unknown): string {
  const { status, text, location } = said;
  if (location !== undefined && status < 400)
    return `it redirects to ${location}; give the address that answers itself, without /api/v1, as prometheus.url`;
  const own = readFailure(body) ?? (isPage(text) || text.trim() === '' ? null : text.trim().slice(0, 300));
  if (own === null) return `HTTP status ${status}`;
  if (!overLimit.test(own)) return own;
  return `${own}. Choose a shorter window, or raise that limit of the server (of Prometheus: --query.max-samples, --query.timeout).`;
}

function noAnswerInWords({ text }: HttpAnswer): string {
  return isPage(text)
    ? 'a web page came and not an answer of Prometheus: this is the address of something else, or of a proxy where people sign in'
    : 'the answer is not one of Prometheus';
}

function isPage(text: string): boolean {
  return /^\s*<(!doctype|html|\?xml|head|body)/i.test(text);
}

import type { Answer, Body, Params, QueryInput } from './contract.ts';
import type { ProblemDetails } from './problem-details.ts';
import { fillPath, routes } from './routes.ts';
import type { RouteName } from './routes.ts';

/** The few things the client needs of `fetch`, so that this package needs no DOM; `Signal` is the caller's AbortSignal. */
export type Fetch<Signal> = (
  url: string,
  init: { method: string; headers: Record<string, string>; body?: string; signal?: Signal },
) => Promise<{ ok: boolean; status: number; headers: { get(name: string): string | null }; text(): Promise<string> }>;

export interface CallInput<Name extends RouteName, Signal = never> {
  readonly params?: Params<Name>;
  readonly query?: QueryInput<Name>;
  readonly body?: Body<Name>;
  /** `If-Match` with an ETag, or `If-None-Match: *`. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: Signal;
}

/** The server answered, and said no. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly problem: ProblemDetails;
  constructor(problem: ProblemDetails) {
    super(problem.detail ?? problem.title);
    this.problem = problem;
  }
}

export interface Answered<Name extends RouteName> {
  readonly value: Answer<Name>;
  readonly etag: string | null;
}

export interface Client<Signal> {
  call<Name extends RouteName>(name: Name, input?: CallInput<Name, Signal>): Promise<Answered<Name>>;
}

/** The typed client, derived from the route table. Throws ApiError when the server says no, and what `fetch` throws when it cannot be reached. */
export function createClient<Signal>(fetch: Fetch<Signal>, base = ''): Client<Signal> {
  return {
    async call<Name extends RouteName>(name: Name, input: CallInput<Name, Signal> = {}): Promise<Answered<Name>> {
      const { method, path } = routes[name];
      const url = `${base}${fillPath(path, (input.params ?? {}) as Record<string, string>)}${queryText(input.query)}`;
      const headers: Record<string, string> = { accept: 'application/json', ...input.headers };
      if (input.body !== undefined) headers['content-type'] = 'application/json';
      const response = await fetch(url, {
        method,
        headers,
        ...(input.body === undefined ? {} : { body: JSON.stringify(input.body) }),
        ...(input.signal === undefined ? {} : { signal: input.signal }),
      });
      const text = await response.text();
      if (!response.ok) throw new ApiError(readProblem(text, response.status));
      return { value: JSON.parse(text) as Answer<Name>, etag: response.headers.get('etag') };
    },
  };
}

function queryText(query: unknown): string {
  const pairs = Object.entries((query ?? {}) as Record<string, string | number | undefined>)
    .filter(([, value]) => value !== undefined && value !== '')
    .map(([key, value]) => `${encodeURIComponent(key)}=${encodeURIComponent(String(value))}`);
  return pairs.length === 0 ? '' : `?${pairs.join('&')}`;
}

function readProblem(text: string, status: number): ProblemDetails {
  try {
    const problem = JSON.parse(text) as ProblemDetails;
    if (typeof problem.code === 'string' && typeof problem.title === 'string') return problem;
  } catch {
    // not JSON: a proxy in between answered
  }
  return { type: 'about:blank', title: `The server answered ${status}`, status, code: 'unexpected-answer' };
}

import type { ProblemDetails } from '@bartizan/api';
import { SourceError } from '@bartizan/backends';

interface ProblemFields {
  readonly status: number;
  readonly code: string;
  readonly title: string;
  readonly detail?: string;
  readonly [extra: string]: unknown;
}

/** A request that cannot be answered as asked, in the words and status that the client gets. */
export class HttpProblem extends Error {
  override readonly name = 'HttpProblem';
  readonly details: ProblemDetails;
  constructor(details: ProblemFields) {
    super(details.detail ?? details.title);
    this.details = { type: 'about:blank', ...details };
  }
}

export function notFound(detail: string, code = 'not-found'): HttpProblem {
  return new HttpProblem({ status: 404, code, title: 'Not found', detail });
}

export function badRequest(detail: string, code = 'bad-request', extra: Record<string, unknown> = {}): HttpProblem {
  return new HttpProblem({ status: 400, code, title: 'The request is wrong', detail, ...extra });
}

const sourceStatus = {
  unreachable: [502, 'A source cannot be reached'],
  timeout: [504, 'A source did not answer in time'],
  'bad-response': [502, 'A source gave an answer that cannot be used'],
  unauthorized: [502, 'A source does not accept our credentials'],
  forbidden: [403, 'The account may not do this'],
  'not-found': [404, 'Not found'],
  conflict: [409, 'It changed meanwhile'],
  'already-exists': [409, 'It is there already'],
  refused: [422, 'The cluster refuses it'],
} as const;

/** The one place where errors become statuses and words. `null`: a bug of ours, of which the client learns no details. */
export function toProblem(error: unknown): ProblemDetails | null {
  if (error instanceof HttpProblem) return error.details;
  if (error instanceof SourceError) {
    const { code } = error;
    if (code === 'wrong-cursor') return badRequest(error.message, 'bad-cursor').details;
    const [status, title] = sourceStatus[code];
    return {
      type: 'about:blank',
      status,
      title,
      code: `source-${code}`,
      detail: error.message,
      source: error.source,
    };
  }
  const status = statusOf(error);
  if (status === null) return null;
  const { title, code, detail } = ownWords[status] ?? ownWords[400];
  return { type: 'about:blank', status, title, code, detail: detail ?? (error instanceof Error ? error.message : '') };
}

interface Words {
  readonly title: string;
  readonly code: string;
  /** Unless Fastify's sentence says it well. */
  readonly detail?: string;
}

const ownWords: Readonly<Record<number, Words>> & { readonly 400: Words } = {
  400: { title: 'The request is wrong', code: 'bad-request' },
  413: { title: 'The request is too large', code: 'too-large' },
  415: {
    title: 'The body is of a type that nobody reads',
    code: 'unsupported-media-type',
    detail: 'Send JSON, with the header content-type: application/json.',
  },
};

/** Fastify's own refusals (a body that is not JSON, too large, …) carry a 4xx statusCode. */
function statusOf(error: unknown): number | null {
  if (typeof error !== 'object' || error === null || !('statusCode' in error)) return null;
  const status = error.statusCode;
  return typeof status === 'number' && status >= 400 && status < 500 ? status : null;
}

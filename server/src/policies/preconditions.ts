import type { FastifyRequest } from 'fastify';
import { HttpProblem } from '../http/problem.ts';

/** What a write is guarded by: the version it changes, or that there is nothing yet. */
export type Precondition = { readonly kind: 'version'; readonly resourceVersion: string } | { readonly kind: 'absent' };

export function readPrecondition({ headers }: FastifyRequest): Precondition {
  if (headers['if-none-match'] === '*') return { kind: 'absent' };
  const version = /^(?:W\/)?"([^"]+)"$/.exec(headers['if-match'] ?? '')?.[1];
  if (version !== undefined) return { kind: 'version', resourceVersion: version };
  throw new HttpProblem({
    status: 428,
    code: 'precondition-needed',
    title: 'Say which version you change',
    detail:
      'Send If-Match with the ETag that you read, in its quotes, or If-None-Match: * to deploy what is not there.',
  });
}

export function etagOf(resourceVersion: string): string {
  return `"${resourceVersion}"`;
}

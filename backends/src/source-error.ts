import type { SourceStatus } from '@bartizan/api';

export type SourceErrorCode =
  | 'unreachable'
  | 'unauthorized'
  | 'forbidden'
  | 'timeout'
  | 'bad-response'
  | 'not-found'
  | 'conflict'
  | 'already-exists'
  | 'refused'
  | 'wrong-cursor';

/**
 * A system we talk to did not do what was asked. `attempted` says what that was ("list network policies of shop-prod"); the
 * message is a whole sentence for a person. `not-found`, `conflict` (the object changed meanwhile),
 * `already-exists`, `refused` (admission or validation said no) and `wrong-cursor` are answers of a system that works.
 */
export class SourceError extends Error {
  override readonly name = 'SourceError';
  readonly code: SourceErrorCode;
  readonly source: string;
  readonly attempted: string;
  constructor(fields: { code: SourceErrorCode; source: string; attempted: string; reason: string; cause?: unknown }) {
    super(`${fields.source} could not ${fields.attempted}: ${fields.reason}`, { cause: fields.cause });
    this.code = fields.code;
    this.source = fields.source;
    this.attempted = fields.attempted;
  }
}

/** How a source stands that failed in this way. */
export function stateOfFailure(error: unknown): Exclude<SourceStatus['state'], 'ok' | 'missing'> {
  const code = error instanceof SourceError ? error.code : 'unreachable';
  if (code === 'forbidden' || code === 'unauthorized') return 'forbidden';
  return code === 'bad-response' ? 'misconfigured' : 'unreachable';
}

import { ApiError } from '@bartizan/api';

export interface Failure {
  readonly title: string;
  readonly detail: string;
  readonly code: string;
  /** Whether the same question may be answered later. */
  readonly canRetry: boolean;
}

/** An error in the reader's words: what the server said, or that it did not answer. */
export function failureOf(error: unknown): Failure {
  if (error instanceof ApiError) {
    const { title, detail = '', code, status } = error.problem;
    return { title, detail, code, canRetry: status >= 500 || status === 429 || status === 408 };
  }
  return {
    title: 'Bartizan does not answer',
    detail: 'The console’s own server could not be reached. Is it still running?',
    code: 'unreachable',
    canRetry: true,
  };
}

/** Whether to ask again at once: only where the server did not say no. */
export function shouldRetry(failures: number, error: unknown): boolean {
  return failures < 1 && !(error instanceof ApiError);
}

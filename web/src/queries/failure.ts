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

/** Failures of a write after which the cluster may have it; after every other one it does not. */
const mayBeWritten = new Set(['outcome-unknown', 'not-recorded', 'internal', 'unexpected-answer']);

/** What became of a write that failed, in one sentence, and what else is known. */
export function writeFailure(error: unknown): { readonly title: string; readonly detail: string } {
  const { title, detail, code } = failureOf(error);
  if (code === 'not-recorded') return { title: `${title}.`, detail };
  if (error instanceof ApiError && !mayBeWritten.has(code)) return { title: `Nothing was written. ${title}.`, detail };
  const what = 'It is not known whether it was written.';
  if (code === 'outcome-unknown') return { title: what, detail };
  return { title: what, detail: `${title}. The cluster may have got it: look at the policy before you send it again.` };
}

/** Whether to ask again at once: only where the server did not say no. */
export function shouldRetry(failures: number, error: unknown): boolean {
  return failures < 1 && !(error instanceof ApiError);
}

import type { Problem } from '@bartizan/policy';

/** One line for each problem of a file, with its place: what a command prints on standard error. */
export function problemLines(path: string, problems: readonly Omit<Problem, 'severity'>[]): string {
  const file = path === '-' ? '<stdin>' : path;
  return problems
    .map(({ line, column, message }) => `${line === undefined ? file : `${file}:${line}:${column ?? 1}`}: ${message}`)
    .join('\n');
}

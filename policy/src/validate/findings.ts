import type { Problem } from '../model/problem.ts';
import type { Manifest } from '../source/manifest.ts';
import { joinPath } from '../source/path.ts';
import type { PathPart } from '../source/path.ts';

export type Path = readonly PathPart[];
export type Refuser = 'api-server' | 'cilium';

/** Takes down what is wrong with one object. */
export interface Findings {
  refuse(by: Refuser, code: string, path: Path, message: string): void;
  warn(code: string, path: Path, message: string): void;
  /** Whether the API server would not store the object even without strict field validation. */
  isRefusedBy(refuser: Refuser): boolean;
  hasErrors(): boolean;
  list(): readonly Problem[];
}

/** Codes of strict field validation: a client may ask the server not to apply it. */
export const strictCodes: ReadonlySet<string> = new Set(['unknown-field', 'duplicate-field']);

export function collectFindings(manifest: Manifest): Findings {
  const problems: Problem[] = [...manifest.duplicates];
  const add = (rest: Pick<Problem, 'code' | 'severity' | 'refusedBy' | 'message'>, path: Path): void => {
    problems.push({ ...rest, path: joinPath(path), ...manifest.place(path) });
  };
  return {
    refuse: (by, code, path, message) => add({ code, severity: 'error', refusedBy: by, message }, path),
    warn: (code, path, message) => {
      problems.push({ code, severity: 'warning', message, path: joinPath(path), ...manifest.place(path) });
    },
    isRefusedBy: (refuser) => problems.some(({ refusedBy, code }) => refusedBy === refuser && !strictCodes.has(code)),
    hasErrors: () => problems.some(({ severity }) => severity === 'error'),
    list: () => problems.toSorted((a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0)),
  };
}

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
  return {
    refuse: (by, code, path, message) => {
      const hint = placeholderHint(manifest, path);
      problems.push({
        code,
        severity: 'error',
        refusedBy: by,
        message: message + hint,
        path: joinPath(path),
        ...manifest.place(path),
      });
    },
    warn: (code, path, message) => {
      problems.push({ code, severity: 'warning', message, path: joinPath(path), ...manifest.place(path) });
    },
    isRefusedBy: (refuser) => problems.some(({ refusedBy, code }) => refusedBy === refuser && !strictCodes.has(code)),
    hasErrors: () => problems.some(({ severity }) => severity === 'error'),
    list: () => problems.toSorted((a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0)),
  };
}

/** A refused value is often one that a template engine should have filled in. */
function placeholderHint(manifest: Manifest, path: Path): string {
  const node = manifest.nodeAt(path);
  if (node?.kind !== 'scalar') return '';
  if (node.text.includes('{{'))
    return '. It looks like a Helm template that was not rendered: check the output of `helm template`';
  if (/\$[({]\w/.test(node.text))
    return '. It looks like a placeholder that was not filled in: check the file after substitution';
  return '';
}

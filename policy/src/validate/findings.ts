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

/** Nobody reads more of one object, and a hostile one could have a hundred thousand. */
const mostListed = 1000;

export function collectFindings(manifest: Manifest): Findings {
  const problems: Problem[] = manifest.duplicates.slice(0, mostListed);
  const omitted: Problem[] = [];
  let omittedCount = manifest.duplicates.length - problems.length;
  const add = (found: Pick<Problem, 'code' | 'severity' | 'refusedBy'>, path: Path, message: string): void => {
    if (problems.length < mostListed) {
      const hint = found.severity === 'error' ? placeholderHint(manifest, path) : '';
      problems.push({ ...found, message: message + hint, path: joinPath(path), ...manifest.place(path) });
      return;
    }
    omittedCount++;
    const isNew = !omitted.some((each) => each.severity === found.severity && each.refusedBy === found.refusedBy);
    if (isNew) omitted.push({ ...found, message, path: joinPath(path), ...manifest.place(path) });
  };
  const all = (): readonly Problem[] => [...problems, ...omitted];
  return {
    refuse: (by, code, path, message) => add({ code, severity: 'error', refusedBy: by }, path, message),
    warn: (code, path, message) => add({ code, severity: 'warning' }, path, message),
    isRefusedBy: (refuser) => all().some(({ refusedBy, code }) => refusedBy === refuser && !strictCodes.has(code)),
    hasErrors: () => all().some(({ severity }) => severity === 'error'),
    list: () => {
      const sorted = all().toSorted((a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0));
      return omittedCount === 0 ? sorted : withCount(sorted, omittedCount - omitted.length);
    },
  };
}

function withCount(problems: readonly Problem[], more: number): readonly Problem[] {
  const last = problems.at(-1);
  if (last === undefined || more <= 0) return problems;
  return [
    ...problems.slice(0, -1),
    { ...last, message: `${last.message}. ${more} more problems of this object are not listed` },
  ];
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

import type { PolicyProblem } from '@bartizan/api';

/** The part of CodeMirror's text that is needed. */
export interface Lines {
  readonly lines: number;
  line(number: number): { readonly from: number; readonly to: number; readonly text: string };
}

export interface Mark {
  readonly from: number;
  readonly to: number;
  readonly severity: 'error' | 'warning';
  readonly message: string;
  readonly source: string;
}

/** Problems at their places: from the column to the end of the line; what has no place stands at the first. */
export function diagnosticsOf(
  problems: readonly Pick<PolicyProblem, 'line' | 'column' | 'severity' | 'message' | 'refusedBy'>[],
  text: Lines,
): readonly Mark[] {
  return problems
    .map(({ line = 1, column = 1, severity, message, refusedBy }): Mark => {
      const found = text.line(Math.min(Math.max(1, line), text.lines));
      const from = Math.min(found.from + column - 1, found.to);
      const end = found.from + found.text.trimEnd().length;
      return { from, to: Math.max(from, end), severity, message, source: sourceOf(severity, refusedBy) };
    })
    .toSorted((a, b) => a.from - b.from);
}

function sourceOf(severity: 'error' | 'warning', refusedBy: PolicyProblem['refusedBy']): string {
  if (refusedBy === 'api-server') return 'the API server would refuse it';
  if (refusedBy === 'cilium') return 'Cilium would not apply it';
  return severity;
}

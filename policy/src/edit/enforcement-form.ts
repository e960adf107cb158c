import { disabledLabel } from './disabled-label.ts';
import { keyText, scalarTextOf } from './notation.ts';
import type { Notation } from './notation.ts';

/**
 * What disabling added. `{}` and `{matchLabels: {}}` look alike once the label is in, so the number of blanks behind
 * the brace of an added `matchLabels` says what stood there before (EDIT-5): comments would not survive in JSON.
 */
export type Added =
  | { readonly level: 'labels' }
  | { readonly level: 'selector' }
  | { readonly level: 'labels-value' | 'selector-value'; readonly was: NullForm };

/** The ways to write null; `no-colon` is a key alone in a flow map. */
export type NullForm = '' | '~' | 'null' | 'Null' | 'NULL' | 'no-colon';

const nullForms: readonly NullForm[] = ['', '~', 'null', 'Null', 'NULL', 'no-colon'];

export function isNullForm(text: string): text is NullForm {
  return text !== 'no-colon' && nullForms.some((form) => form === text);
}

function blanksFor(added: Added): number {
  switch (added.level) {
    case 'labels':
      return 1;
    case 'selector':
      return 2;
    case 'labels-value':
      return 3 + nullForms.indexOf(added.was);
    case 'selector-value':
      return 3 + nullForms.length + nullForms.indexOf(added.was);
    default:
      return added satisfies never;
  }
}

function addedFor(blanks: number): Added | undefined {
  if (blanks === 1) return { level: 'labels' };
  if (blanks === 2) return { level: 'selector' };
  const index = blanks - 3;
  const was = nullForms[index % nullForms.length];
  if (index < 0 || index >= 2 * nullForms.length || was === undefined) return undefined;
  return { level: index < nullForms.length ? 'labels-value' : 'selector-value', was };
}

/** `key: value` of the label. */
export function labelText(notation: Notation): string {
  return `${keyText(disabledLabel.key, notation)}: ${scalarTextOf(disabledLabel.value, notation)}`;
}

/** The text of an added `matchLabels`, from its brace; `others` are labels that it must repeat. */
export function labelsText(added: Added, notation: Notation, others: readonly string[] = []): string {
  return `{${' '.repeat(blanksFor(added))}${[labelText(notation), ...others].join(', ')} }`;
}

/** Reads back what `labelsText` wrote. */
export function readAdded(labels: string): Added | undefined {
  const blanks = /^\{( +)/.exec(labels)?.[1]?.length ?? 0;
  const added = addedFor(blanks);
  if (added === undefined) return undefined;
  const isOurs = (['yaml', 'json'] as const).some((notation) =>
    labels.startsWith(`{${' '.repeat(blanks)}${labelText(notation)}`),
  );
  return isOurs && labels.endsWith(' }') ? added : undefined;
}

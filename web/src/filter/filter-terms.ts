import { parseFilter, printFilter } from '@bartizan/api';
import type { FilterFields, FilterTerm } from '@bartizan/api';

/** The terms of a filter; none where it cannot be read (the page says so by `filterError`). */
export function termsOf(filter: string | undefined, fields: FilterFields): readonly FilterTerm[] {
  const result = parseFilter(filter ?? '', fields);
  return result.ok ? result.terms : [];
}

/** Why a filter cannot be read; null where it can. */
export function filterError(filter: string | undefined, fields: FilterFields): string | null {
  const result = parseFilter(filter ?? '', fields);
  return result.ok ? null : result.message;
}

interface Pick {
  readonly field: string;
  readonly value: string;
  readonly how: 'keep' | 'leave-out';
}

/** What a click on a value does: keep only it; a second click takes that back; the other way replaces it. */
export function pickValue(terms: readonly FilterTerm[], { field, value, how }: Pick): readonly FilterTerm[] {
  const negated = how === 'leave-out';
  const others = terms.filter((term) => !isPick(term, field, value));
  const wasSet = terms.some((term) => isPick(term, field, value) && term.negated === negated);
  if (wasSet) return others;
  return [...others, { field, negated, test: { kind: 'any-of', values: [value] } }];
}

function isPick({ field, test }: FilterTerm, wantedField: string, value: string): boolean {
  return field === wantedField && test.kind === 'any-of' && test.values.length === 1 && test.values[0] === value;
}

/** The values of a field that the filter keeps. */
export function keptValues(terms: readonly FilterTerm[], field: string): ReadonlySet<string> {
  return new Set(
    terms.flatMap((term) =>
      term.field === field && !term.negated && term.test.kind === 'any-of' ? term.test.values : [],
    ),
  );
}

/** Filter text that keeps one value, whatever is in it. */
export function onlyValue(field: string, value: string): string {
  return printFilter([{ field, negated: false, test: { kind: 'any-of', values: [value] } }]);
}

/** The field whose value is being typed behind the last blank; null where it is none. */
export function typedField(text: string, fields: FilterFields): string | null {
  const field = /(?:^|\s)-?(\w+):[^\s]*$/.exec(text)?.[1];
  return field !== undefined && Object.hasOwn(fields, field) ? field : null;
}

/** What stands before the term that is being typed, with its minus. */
export function prefixOf(text: string): string {
  return /^(.*?)\w*:[^\s]*$/.exec(text)?.[1] ?? '';
}

/** The same terms with one more, as filter text. */
export function withTerm(filter: string | undefined, term: string): string {
  return [filter, term].filter((part) => part !== undefined && part !== '').join(' ');
}

export function withoutTerm(terms: readonly FilterTerm[], index: number): string {
  return printFilter(terms.filter((_, at) => at !== index));
}

export function negateTerm(terms: readonly FilterTerm[], index: number): string {
  return printFilter(terms.map((term, at) => (at === index ? { ...term, negated: !term.negated } : term)));
}

export interface TermWords {
  readonly field: string;
  readonly operator: string;
  readonly value: string;
}

/** A term as a person says it: `path contains login`, `client is not 192.0.2.7`. */
export function termWords({ field, negated, test }: FilterTerm): TermWords {
  switch (test.kind) {
    case 'any-of': {
      const isOne = test.values.length === 1;
      const operator = negated ? (isOne ? 'is not' : 'is none of') : isOne ? 'is' : 'is one of';
      return { field, operator, value: test.values.map((value) => (value === '' ? '(empty)' : value)).join(', ') };
    }
    case 'contains':
      return { field, operator: negated ? 'contains no' : 'contains', value: test.text };
    case 'compare':
      return { field, operator: negated ? `is not ${test.operator}` : test.operator, value: String(test.number) };
    case 'present':
      return { field, operator: negated ? 'is absent' : 'exists', value: '' };
    default:
      return test satisfies never;
  }
}

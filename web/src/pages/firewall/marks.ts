import { spanOfVariable } from './request-spans.ts';
import type { Span, SpannedText } from './request-spans.ts';

export interface Needle {
  /** The number of the rule in the list below. */
  readonly ref: number;
  readonly text: string;
  /** The variable it was found in; null where the log does not say. */
  readonly variable: string | null;
  /** Where in the variable's value, if the log says. */
  readonly offset: number | null;
}

export interface MarkedPart {
  readonly text: string;
  /** The rules that matched this part; none for what nothing matched. */
  readonly refs: readonly number[];
  /** The rules whose match ends here. */
  readonly ends: readonly number[];
}

interface Range {
  readonly start: number;
  readonly end: number;
  readonly ref: number;
}

/** Cuts a text where matches begin and end. */
export function markParts({ text, spans }: SpannedText, needles: readonly Needle[]): readonly MarkedPart[] {
  const ranges = needles.flatMap((needle) => rangeOf(text, spans, needle));
  const edges = [...new Set([0, text.length, ...ranges.flatMap(({ start, end }) => [start, end])])].toSorted(
    (a, b) => a - b,
  );
  return edges.slice(0, -1).flatMap((start, at) => {
    const end = edges[at + 1] ?? text.length;
    const over = ranges.filter((range) => range.start <= start && range.end >= end);
    const refs = [...new Set(over.map(({ ref }) => ref))];
    const ends = [...new Set(over.filter((range) => range.end === end).map(({ ref }) => ref))];
    return start === end ? [] : [{ text: text.slice(start, end), refs, ends }];
  });
}

/**
 * Within its variable a match lies at its offset, or where its text is found; a rule that saw the value otherwise (decoded
 * further, or only its fingerprint) marks the whole of it. Where the variable is not part of this text, its text is looked for.
 */
function rangeOf(text: string, spans: readonly Span[], { ref, text: wanted, variable, offset }: Needle): Range[] {
  const span = variable === null ? null : spanOfVariable(spans, variable);
  const { start, end } = span ?? { start: 0, end: text.length };
  const value = text.slice(start, end);
  const at = wanted === '' ? -1 : placeIn(value, wanted, offset);
  if (at >= 0) return [{ start: start + at, end: start + at + wanted.length, ref }];
  return span && value !== '' ? [{ start, end, ref }] : [];
}

/** As it is, then without regard to case. */
function placeIn(value: string, wanted: string, offset: number | null): number {
  if (offset !== null && value.startsWith(wanted, offset)) return offset;
  const exact = value.indexOf(wanted);
  return exact === -1 ? value.toLowerCase().indexOf(wanted.toLowerCase()) : exact;
}

/** Where in the request a variable of a rule lies. */
export function placeOfVariable(
  variable: string | null,
): { kind: 'line' | 'body' | 'arguments' | 'anywhere' | 'answer' } | { kind: 'header'; name: string } {
  const [name = '', key = ''] = (variable ?? '').split(/:(.*)/s);
  if (/^REQUEST_(HEADERS|COOKIES)/.test(name))
    return { kind: 'header', name: name.startsWith('REQUEST_COOKIES') ? 'cookie' : key.toLowerCase() };
  if (/^(REQUEST_(URI|LINE|FILENAME|BASENAME|METHOD|PROTOCOL)|QUERY_STRING|ARGS_GET)/.test(name))
    return { kind: 'line' };
  if (/^(REQUEST_BODY|ARGS_POST|FILES|XML|JSON|MULTIPART)/.test(name)) return { kind: 'body' };
  if (name.startsWith('ARGS')) return { kind: 'arguments' };
  if (name.startsWith('RESPONSE_')) return { kind: 'answer' };
  return { kind: 'anywhere' };
}

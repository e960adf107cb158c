import type { Answer } from '@bartizan/api';
import { placeOfVariable } from './marks.ts';
import type { Needle } from './marks.ts';
import { spanOfVariable } from './request-spans.ts';
import type { SpannedText } from './request-spans.ts';

type Transaction = Answer<'transaction'>;

/** What the rules found, by the part of the transaction it is marked in. */
export interface Needles {
  readonly line: readonly Needle[];
  readonly body: readonly Needle[];
  readonly answer: readonly Needle[];
  /** Found in arguments or a body of which the log holds nothing. */
  readonly unseen: readonly Needle[];
  inHeader(name: string): readonly Needle[];
}

/** An argument may stand in the line or in the body: it is marked where one of its name is, else wherever its text is. */
export function needlesOf({ matches }: Transaction, parts: { line: SpannedText; body: SpannedText }): Needles {
  const placed = matches
    .filter(({ isEvaluation }) => !isEvaluation)
    .flatMap(({ found }, at) =>
      found.map(({ text, variable, offset }) => ({
        needle: { ref: at + 1, text, variable, offset },
        place: placeOfVariable(variable),
      })),
    );
  const isNamedIn = (part: SpannedText, { variable }: Needle): boolean =>
    variable !== null && spanOfVariable(part.spans, variable) !== null;
  const within = (kind: 'line' | 'body'): Needle[] => {
    const other = parts[kind === 'line' ? 'body' : 'line'];
    return placed.flatMap(({ needle, place }) => {
      if (place.kind === kind || place.kind === 'anywhere') return [needle];
      if (place.kind !== 'arguments') return [];
      return isNamedIn(parts[kind], needle) || !isNamedIn(other, needle) ? [needle] : [];
    });
  };
  return {
    line: within('line'),
    body: within('body'),
    answer: placed.flatMap(({ needle, place }) => (place.kind === 'answer' ? [needle] : [])),
    unseen: placed.flatMap(({ needle, place }) =>
      (place.kind === 'body' || place.kind === 'arguments') && parts.body.text === '' && !isNamedIn(parts.line, needle)
        ? [needle]
        : [],
    ),
    inHeader: (name) =>
      placed.flatMap(({ needle, place }) =>
        place.kind === 'header' && (place.name === '' || place.name === name.toLowerCase()) ? [needle] : [],
      ),
  };
}

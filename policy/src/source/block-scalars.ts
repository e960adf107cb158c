import { codeAt, column, fail, isBlank, isBreak, skipBlanks, skipBreak, TAB, tabMessage } from './cursor.ts';
import type { Cursor } from './cursor.ts';
import type { Scanned } from './plain-scalars.ts';

/** Reads `|` or `>` and the indented lines below; `parent` is the column of the enclosing collection. */
export function readBlockScalar(cursor: Cursor, parent: number): Scanned {
  const isLiteral = codeAt(cursor, cursor.at) === 124;
  const start = cursor.at++;
  const { chomp, indent } = readHeader(cursor, start);
  let width = indent === 0 ? 0 : Math.max(parent, 0) + indent;
  let text = '';
  let end = cursor.at;
  let lead = '';
  let wasIndented = false;
  let blanks: string;
  ({ width, blanks } = skipEmptyLines(cursor, width, parent));
  while (column(cursor) === width && cursor.at < cursor.end) {
    const isIndented = isBlank(codeAt(cursor, cursor.at));
    const folds = !isLiteral && !wasIndented && !isIndented && lead === '\n';
    text += (folds ? (blanks === '' ? ' ' : '') : lead) + blanks;
    wasIndented = isIndented;
    const from = cursor.at;
    while (cursor.at < cursor.end && !isBreak(codeAt(cursor, cursor.at))) cursor.at++;
    text += cursor.text.slice(from, cursor.at);
    end = cursor.at;
    lead = cursor.at < cursor.end ? skipBreak(cursor) : '';
    ({ blanks } = skipEmptyLines(cursor, width, parent));
  }
  cursor.freshAt = cursor.at;
  if (chomp !== 'strip') text += lead;
  if (chomp === 'keep') text += blanks;
  return { text, end };
}

interface Header {
  readonly chomp: 'clip' | 'strip' | 'keep';
  readonly indent: number;
}

function readHeader(cursor: Cursor, start: number): Header {
  const match = /^(?:([-+])([1-9])?|([1-9])([-+])?)?/.exec(cursor.text.slice(cursor.at, cursor.at + 2));
  cursor.at += match?.[0].length ?? 0;
  const sign = match?.[1] ?? match?.[4];
  const headerEnd = cursor.at;
  skipBlanks(cursor);
  const isComment = codeAt(cursor, cursor.at) === 35;
  while (isComment && cursor.at < cursor.end && !isBreak(codeAt(cursor, cursor.at))) cursor.at++;
  if (cursor.at < cursor.end && !isBreak(codeAt(cursor, cursor.at))) {
    fail(
      'bad-block-scalar',
      start,
      'Behind `|` or `>` only `+`, `-`, a digit or a comment may stand: begin the text on the next line',
    );
  }
  if (cursor.at < cursor.end) skipBreak(cursor);
  else cursor.at = Math.max(headerEnd, cursor.at);
  return {
    chomp: sign === '+' ? 'keep' : sign === '-' ? 'strip' : 'clip',
    indent: Number(match?.[2] ?? match?.[3] ?? 0),
  };
}

/** Steps over empty lines and the next line's indentation; finds the width when it is still 0. */
function skipEmptyLines(cursor: Cursor, width: number, parent: number): { width: number; blanks: string } {
  let blanks = '';
  let widest = 0;
  for (;;) {
    while ((width === 0 || column(cursor) < width) && codeAt(cursor, cursor.at) === 32) cursor.at++;
    widest = Math.max(widest, column(cursor));
    if ((width === 0 || column(cursor) < width) && codeAt(cursor, cursor.at) === TAB) {
      fail('tab-indent', cursor.at, tabMessage);
    }
    if (!isBreak(codeAt(cursor, cursor.at))) break;
    blanks += skipBreak(cursor);
  }
  return { width: width === 0 ? Math.max(widest, parent + 1, 1) : width, blanks };
}

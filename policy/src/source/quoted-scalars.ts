import { codeAt, fail, foldBreaks, isBlank, isBreak, isMarker, skipBlanks, skipBreak } from './cursor.ts';
import type { Cursor } from './cursor.ts';

/** Reads from the opening to behind the closing quote and gives the text without escapes and folds. */
export function readQuoted(cursor: Cursor): string {
  const start = cursor.at;
  const quote = codeAt(cursor, start);
  let text = '';
  let from = ++cursor.at;
  for (;;) {
    const code = codeAt(cursor, cursor.at);
    if (code === -1) fail('unclosed-quote', start, 'This quote is never closed: add the missing quote');
    if (code === quote) {
      text += cursor.text.slice(from, cursor.at++);
      if (quote === 34 || codeAt(cursor, cursor.at) !== quote) return text;
      from = cursor.at++;
    } else if (code === 92 && quote === 34) {
      text += cursor.text.slice(from, cursor.at);
      text += readEscape(cursor);
      from = cursor.at;
    } else if (isBreak(code) && !(cursor.mayBeJson && code > 0x7f)) {
      text += fold(cursor, from, start);
      from = cursor.at;
    } else {
      cursor.at++;
    }
  }
}

/** Folds line ends and drops the blanks around them. */
function fold(cursor: Cursor, from: number, quoteStart: number): string {
  let end = cursor.at;
  while (end > from && isBlank(cursor.text.charCodeAt(end - 1))) end--;
  return cursor.text.slice(from, end) + foldBreaks(skipLines(cursor, quoteStart));
}

/** Steps over line ends and indentation, and gives the line ends. */
function skipLines(cursor: Cursor, quoteStart: number): string {
  let breaks = '';
  while (isBreak(codeAt(cursor, cursor.at))) {
    breaks += skipBreak(cursor);
    if (isMarker(cursor)) fail('unclosed-quote', quoteStart, 'This quote is not closed before the document ends');
    skipBlanks(cursor);
  }
  return breaks;
}

const escapes: ReadonlyMap<string, string> = new Map(
  Object.entries({
    '0': '\0',
    a: '\x07',
    b: '\b',
    t: '\t',
    '\t': '\t',
    n: '\n',
    v: '\v',
    f: '\f',
    r: '\r',
    e: '\x1b',
    ' ': ' ',
    '"': '"',
    "'": "'",
    '\\': '\\',
    N: '\x85',
    _: '\xa0',
    L: '\u2028',
    P: '\u2029',
  }),
);

const hexDigits: ReadonlyMap<string, number> = new Map([
  ['x', 2],
  ['u', 4],
  ['U', 8],
]);

function readEscape(cursor: Cursor): string {
  const start = cursor.at++;
  if (isBreak(codeAt(cursor, cursor.at))) return skipLines(cursor, start).slice(1);
  const letter = cursor.text.charAt(cursor.at++);
  if (letter === '/' && cursor.mayBeJson) return '/';
  const simple = escapes.get(letter);
  if (simple !== undefined) return simple;
  const length = hexDigits.get(letter);
  if (length === undefined) {
    fail(
      'bad-escape',
      start,
      `\\${letter} is not an escape of double-quoted text: write \\\\ for a backslash, or use single quotes`,
    );
  }
  const digits = cursor.text.slice(cursor.at, cursor.at + length);
  const point = /^[0-9A-Fa-f]+$/.test(digits) && digits.length === length ? Number.parseInt(digits, 16) : -1;
  if (point < 0 || point > 0x10ffff) fail('bad-escape', start, `\\${letter}${digits} names no character`);
  cursor.at += length;
  return point >= 0xd800 && point <= 0xdfff ? readSurrogates(cursor, start, point) : String.fromCodePoint(point);
}

/** JSON writes characters beyond U+FFFF as two halves; half a character is none. */
function readSurrogates(cursor: Cursor, start: number, high: number): string {
  const rest = cursor.text.slice(cursor.at, cursor.at + 6);
  if (cursor.mayBeJson && high < 0xdc00 && /^\\u[dD][c-fC-F][0-9A-Fa-f]{2}$/.test(rest)) {
    cursor.at += 6;
    return String.fromCharCode(high, Number.parseInt(rest.slice(2), 16));
  }
  return fail(
    'lone-surrogate',
    start,
    'This escape is half of a character (a lone surrogate): write the whole character',
  );
}

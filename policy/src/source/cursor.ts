import type { SourceNode } from './nodes.ts';

/** Where the reader stands in the text. The only mutable thing of the reader; it lives as long as one document. */
export interface Cursor {
  readonly text: string;
  /** The document's end: nothing behind it is looked at. */
  readonly end: number;
  at: number;
  lineStart: number;
  /** Where content last began a line; equal to `at` while that content is unread. */
  freshAt: number;
  depth: number;
  /** The document begins with a bracket: `kubectl` then tries JSON first, which has escapes that YAML 1.1 lacks. */
  mayBeJson: boolean;
  readonly anchors: Map<string, SourceNode>;
  readonly openAnchors: Set<string>;
}

/** Thrown inside the reader only, and turned into a problem where a document ends. */
export class Unreadable extends Error {
  readonly code: string;
  readonly offset: number;
  constructor(code: string, offset: number, message: string) {
    super(message);
    this.code = code;
    this.offset = offset;
  }
}

export function fail(code: string, offset: number, message: string): never {
  throw new Unreadable(code, offset, message);
}

export const TAB = 9;
const endOfText = -1;

export function codeAt(cursor: Cursor, at: number): number {
  return at < cursor.end ? cursor.text.charCodeAt(at) : endOfText;
}

/** YAML 1.1 counts NEL, LS and PS as line ends too. */
export function isBreak(code: number): boolean {
  return code === 10 || code === 13 || code === 0x85 || code === 0x2028 || code === 0x2029;
}

export function isBlank(code: number): boolean {
  return code === 32 || code === TAB;
}

export function isGap(code: number): boolean {
  return code === 32 || code === endOfText || code === TAB || isBreak(code);
}

/** Steps over one line end and gives what it is in a value: LS and PS stay themselves, all others are `\n`. */
export function skipBreak(cursor: Cursor): string {
  const code = codeAt(cursor, cursor.at);
  const isPair = code === 13 && codeAt(cursor, cursor.at + 1) === 10;
  cursor.at += isPair ? 2 : 1;
  cursor.lineStart = cursor.at;
  return code > 0x2000 ? String.fromCharCode(code) : '\n';
}

/** Line ends inside a value: one is a space, of more the first goes. */
export function foldBreaks(breaks: string): string {
  if (!breaks.startsWith('\n')) return breaks;
  return breaks === '\n' ? ' ' : breaks.slice(1);
}

export function skipBlanks(cursor: Cursor): void {
  while (isBlank(codeAt(cursor, cursor.at))) cursor.at++;
}

/** Steps over blanks, comments and line ends. In block style a tab may not begin a line. */
export function skipToContent(cursor: Cursor, style: 'flow' | 'block', tabs: 'may-separate' | 'refused'): void {
  let crossed = false;
  for (;;) {
    let code = codeAt(cursor, cursor.at);
    while (code === 32 || (code === TAB && (style === 'flow' || (tabs === 'may-separate' && !crossed)))) {
      code = codeAt(cursor, ++cursor.at);
    }
    if (code === 0xfeff && cursor.at === cursor.lineStart) {
      cursor.at++;
      cursor.lineStart++;
      continue;
    }
    if (code === 35) {
      while (code !== endOfText && !isBreak(code)) code = codeAt(cursor, ++cursor.at);
    }
    if (!isBreak(code)) break;
    skipBreak(cursor);
    crossed = true;
  }
  if (crossed) cursor.freshAt = cursor.at;
  if (codeAt(cursor, cursor.at) === TAB) fail('tab-indent', cursor.at, tabMessage);
}

export const tabMessage = 'A tab stands where YAML wants spaces: indent with spaces';

export function column(cursor: Cursor): number {
  return cursor.at - cursor.lineStart;
}

/** `---` or `...` at the start of a line. */
export function isMarker(cursor: Cursor): boolean {
  if (cursor.at !== cursor.lineStart) return false;
  const code = codeAt(cursor, cursor.at);
  if (code !== 45 && code !== 46) return false;
  if (codeAt(cursor, cursor.at + 1) !== code || codeAt(cursor, cursor.at + 2) !== code) return false;
  return isGap(codeAt(cursor, cursor.at + 3));
}

export function isAtEnd(cursor: Cursor): boolean {
  return cursor.at >= cursor.end || isMarker(cursor);
}

const deepest = 1000;

/** No manifest is nested like this; a limit keeps recursion away from the end of the stack. */
export function enter(cursor: Cursor): void {
  cursor.depth++;
  if (cursor.depth > deepest) {
    fail(
      'too-deep',
      cursor.at,
      `The document is nested deeper than ${deepest} levels: no manifest needs that, so it is not read`,
    );
  }
}

export function leave(cursor: Cursor): void {
  cursor.depth--;
}

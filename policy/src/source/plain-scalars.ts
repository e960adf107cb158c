import {
  codeAt,
  column,
  fail,
  foldBreaks,
  isBlank,
  isBreak,
  isGap,
  isMarker,
  skipBreak,
  TAB,
  tabMessage,
} from './cursor.ts';
import type { Cursor } from './cursor.ts';

export interface Scanned {
  readonly text: string;
  readonly end: number;
}

/**
 * Reads unquoted text, over several lines as long as they are indented deeper than `parent`. Leaves the cursor behind
 * the blanks and line ends that follow.
 */
export function readPlain(cursor: Cursor, parent: number, style: 'flow' | 'block'): Scanned {
  let text = '';
  let end = cursor.at;
  let gap = '';
  for (;;) {
    if (isMarker(cursor) || codeAt(cursor, cursor.at) === 35) return { text, end };
    const from = cursor.at;
    skipWords(cursor, style);
    if (cursor.at > from) {
      const lineEnd = trimEnd(cursor, from);
      text += gap + cursor.text.slice(from, lineEnd);
      end = lineEnd;
    }
    if (!isBreak(codeAt(cursor, cursor.at))) return { text, end };
    gap = skipLines(cursor, parent);
    if (style === 'block' && column(cursor) <= parent) return { text, end };
    if (cursor.at >= cursor.end) return { text, end };
  }
}

function skipWords(cursor: Cursor, style: 'flow' | 'block'): void {
  for (let code = codeAt(cursor, cursor.at); code !== -1; code = codeAt(cursor, ++cursor.at)) {
    if (isBreak(code)) return;
    if (code === 58 && isGap(codeAt(cursor, cursor.at + 1))) return;
    if (code === 35 && isBlank(codeAt(cursor, cursor.at - 1))) return;
    if (style === 'flow' && isFlowIndicator(code)) return;
  }
}

/** `,` `[` `]` `{` `}`, and in go-yaml `?` too. */
function isFlowIndicator(code: number): boolean {
  return code === 44 || code === 91 || code === 93 || code === 123 || code === 125 || code === 63;
}

function trimEnd(cursor: Cursor, from: number): number {
  let end = cursor.at;
  while (end > from && isBlank(cursor.text.charCodeAt(end - 1))) end--;
  return end;
}

function skipLines(cursor: Cursor, parent: number): string {
  let breaks = '';
  while (isBreak(codeAt(cursor, cursor.at))) {
    breaks += skipBreak(cursor);
    for (let code = codeAt(cursor, cursor.at); isBlank(code); code = codeAt(cursor, ++cursor.at)) {
      if (code === TAB && column(cursor) <= parent) {
        fail('tab-indent', cursor.at, tabMessage);
      }
    }
  }
  cursor.freshAt = cursor.at;
  return foldBreaks(breaks);
}

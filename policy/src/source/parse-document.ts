import { readBlockNode, settle } from './block-nodes.ts';
import { codeAt, fail, isAtEnd, isBreak, isMarker, skipToContent, Unreadable } from './cursor.ts';
import type { Cursor } from './cursor.ts';
import type { SourceNode } from './nodes.ts';

export interface Parsed {
  readonly roots: readonly SourceNode[];
  /** Why reading stopped, if it did. */
  readonly failure?: { readonly code: string; readonly offset: number; readonly message: string };
}

/** Reads one document of `text`, or several that `...` or (as JSON streams do) nothing but their brackets part. */
export function parseDocument(text: string, start: number, end: number): Parsed {
  const roots: SourceNode[] = [];
  const cursor: Cursor = {
    text,
    end,
    at: start,
    lineStart: start,
    freshAt: start,
    depth: 0,
    mayBeJson: false,
    anchors: new Map(),
    openAnchors: new Set(),
  };
  try {
    refuseControlCharacters(cursor);
    while (skipPrologue(cursor)) roots.push(readRoot(cursor));
    return { roots };
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    return { roots, failure: { code: error.code, offset: error.offset, message: error.message } };
  }
}

/** Steps over directives and markers: whether content follows. */
function skipPrologue(cursor: Cursor): boolean {
  for (;;) {
    skipToContent(cursor, 'block', 'refused');
    if (cursor.at >= cursor.end) return false;
    if (isMarker(cursor)) {
      cursor.at += 3;
      cursor.freshAt = cursor.at;
      cursor.anchors.clear();
      skipToContent(cursor, 'block', 'refused');
      if (cursor.at >= cursor.end) return false;
      if (!isMarker(cursor)) return true;
    } else if (codeAt(cursor, cursor.at) === 37 && cursor.at === cursor.lineStart) {
      while (cursor.at < cursor.end && !isBreak(codeAt(cursor, cursor.at))) cursor.at++;
    } else {
      return true;
    }
  }
}

function readRoot(cursor: Cursor): SourceNode {
  const first = codeAt(cursor, cursor.at);
  cursor.mayBeJson = first === 123 || first === 91;
  const node = readBlockNode(cursor, -1, 'root');
  const isBracketed = node.kind !== 'alias' && node.kind !== 'scalar' && node.style === 'flow';
  if (isBracketed) skipToContent(cursor, 'block', 'may-separate');
  else settle(cursor);
  const next = codeAt(cursor, cursor.at);
  if (!isAtEnd(cursor) && !(isBracketed && (next === 123 || next === 91))) {
    fail(
      'unexpected-text',
      cursor.at,
      'Text behind the end of the document: separate documents by a line `---`, and align what belongs together',
    );
  }
  cursor.freshAt = cursor.at;
  return node;
}

const refused = /[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u;
/** JSON takes all but the first 32. */
const refusedInJson = /[^\t\n\r\x20-\ud7ff\ue000-\u{10ffff}]/u;

function refuseControlCharacters(cursor: Cursor): void {
  const part =
    cursor.at === 0 && cursor.end === cursor.text.length ? cursor.text : cursor.text.slice(cursor.at, cursor.end);
  const index = part.search(/^\s*[{[]/.test(part) ? refusedInJson : refused);
  if (index < 0) return;
  const code = part.codePointAt(index) ?? 0;
  const name = `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
  const kind = code >= 0xd800 && code <= 0xdfff ? 'half of a character (a lone surrogate)' : 'a control character';
  fail(
    'control-character',
    cursor.at + index,
    `${name} is ${kind}, which YAML does not allow: remove it, or is this not a text file?`,
  );
}

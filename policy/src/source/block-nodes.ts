import { readBlockScalar } from './block-scalars.ts';
import { codeAt, column, enter, fail, isAtEnd, isGap, leave, skipBlanks, skipToContent } from './cursor.ts';
import type { Cursor } from './cursor.ts';
import { emptyScalar, plainScalar, quotedScalar, readFlowCollection } from './flow-nodes.ts';
import { readAlias, readProperties, withProperties } from './node-properties.ts';
import type { ListItem, ListNode, MapEntry, MapNode, ScalarNode, SourceNode } from './nodes.ts';

/** What stands before a node: nothing, a dash (or `?`, or a colon of its own line), or a key on the same line. */
type Slot = 'root' | 'item' | 'value';

const DASH = 45;
const QUESTION = 63;
const COLON = 58;

/** Reads the node behind an indicator; it must be indented deeper than `parent`. */
export function readBlockNode(cursor: Cursor, parent: number, slot: Slot): SourceNode {
  const emptyAt = cursor.at;
  skipToContent(cursor, 'block', slot === 'value' ? 'may-separate' : 'refused');
  if (isAtEnd(cursor)) return emptyScalar(emptyAt);
  const isFresh = isAtFreshContent(cursor);
  const here = column(cursor);
  if (isFresh && slot === 'value' && here === parent && isIndicator(cursor, DASH)) return readBlockList(cursor, here);
  if (isFresh && (here < parent || (here === parent && !isBlockScalar(cursor, slot)))) return emptyScalar(emptyAt);
  return readContent(cursor, { parent, slot, mayBeginBlock: isFresh || slot !== 'value' });
}

/** The one value, beside a list, that go-yaml takes at the column of its key. */
function isBlockScalar(cursor: Cursor, slot: Slot): boolean {
  const code = codeAt(cursor, cursor.at);
  return slot === 'value' && (code === 124 || code === 62);
}

const missingColon =
  'A key stands here without `: ` behind it: add the colon, or indent the line if it belongs to the text above';

interface Context {
  readonly parent: number;
  readonly slot: Slot;
  readonly mayBeginBlock: boolean;
}

function readContent(cursor: Cursor, context: Context): SourceNode {
  const start = cursor.at;
  const here = column(cursor);
  const line = cursor.lineStart;
  if (isIndicator(cursor, DASH) || isIndicator(cursor, QUESTION) || isIndicator(cursor, COLON)) {
    if (!context.mayBeginBlock)
      fail('nested-mapping', start, 'A list or map cannot begin on the line of its key: begin it on the next line');
    return isIndicator(cursor, DASH) ? readBlockList(cursor, here) : readBlockMap(cursor, here);
  }
  const properties = readProperties(cursor);
  if (properties !== undefined && isLineDone(cursor)) {
    return withProperties(cursor, readBlockNode(cursor, context.parent, context.slot), properties);
  }
  const node = withProperties(cursor, readInline(cursor, context.parent), properties);
  const isInside = cursor.lineStart !== line && column(cursor) > context.parent;
  if (isInside && isIndicator(cursor, COLON)) fail('missing-colon', start, missingColon);
  if (cursor.lineStart !== line || !context.mayBeginBlock) return node;
  skipBlanks(cursor);
  return isIndicator(cursor, COLON) ? readBlockMap(cursor, here, { start, key: node }) : node;
}

function readInline(cursor: Cursor, parent: number): SourceNode {
  const code = codeAt(cursor, cursor.at);
  if (code === 124 || code === 62) return blockScalar(cursor, parent);
  return readKeyable(cursor, parent);
}

function readKeyable(cursor: Cursor, parent: number): SourceNode {
  const code = codeAt(cursor, cursor.at);
  if (code === 42) return readAlias(cursor);
  if (code === 34 || code === 39) return quotedScalar(cursor);
  if (code === 91 || code === 123) return readFlowCollection(cursor);
  return plainScalar(cursor, parent, 'block');
}

function blockScalar(cursor: Cursor, parent: number): ScalarNode {
  const start = cursor.at;
  const style = codeAt(cursor, start) === 124 ? 'literal' : 'folded';
  const { text, end } = readBlockScalar(cursor, parent);
  return { kind: 'scalar', style, text, start, end, outerStart: start };
}

function readBlockList(cursor: Cursor, here: number): ListNode {
  enter(cursor);
  const start = cursor.at;
  const items: ListItem[] = [];
  let end = start;
  do {
    const itemStart = cursor.at++;
    const value = readBlockNode(cursor, here, 'item');
    items.push({ start: itemStart, value });
    end = value.end;
  } while (continues(cursor, here) && isIndicator(cursor, DASH));
  leave(cursor);
  return { kind: 'list', style: 'block', items, start, end, outerStart: start };
}

function readBlockMap(cursor: Cursor, here: number, first?: { start: number; key: SourceNode }): MapNode {
  enter(cursor);
  const start = first?.start ?? cursor.at;
  const entries: MapEntry[] = [first === undefined ? readEntry(cursor, here) : readValue(cursor, here, first)];
  while (continues(cursor, here)) {
    if (isIndicator(cursor, DASH)) break;
    entries.push(readEntry(cursor, here));
  }
  leave(cursor);
  const last = entries.at(-1);
  const end = last === undefined ? start : Math.max(last.key.end, last.value.end);
  return { kind: 'map', style: 'block', entries, start, end, outerStart: start };
}

function readEntry(cursor: Cursor, here: number): MapEntry {
  const start = cursor.at;
  if (isIndicator(cursor, QUESTION)) return readExplicitEntry(cursor, here);
  if (isIndicator(cursor, COLON)) return readValue(cursor, here, { start, key: emptyScalar(start) });
  const line = cursor.lineStart;
  const properties = readProperties(cursor);
  const key = withProperties(cursor, readKeyable(cursor, here), properties);
  if (cursor.lineStart === line) skipBlanks(cursor);
  if (cursor.lineStart !== line || !isIndicator(cursor, COLON)) {
    fail('missing-colon', start, missingColon);
  }
  return readValue(cursor, here, { start, key });
}

function readValue(cursor: Cursor, here: number, { start, key }: { start: number; key: SourceNode }): MapEntry {
  cursor.at++;
  return { start, key, value: readBlockNode(cursor, here, 'value') };
}

function readExplicitEntry(cursor: Cursor, here: number): MapEntry {
  const start = cursor.at++;
  const key = readBlockNode(cursor, here, 'item');
  const hasValue = continues(cursor, here) && isIndicator(cursor, COLON);
  if (!hasValue) return { start, key, value: emptyScalar(key.end) };
  cursor.at++;
  return { start, key, value: readBlockNode(cursor, here, 'item') };
}

/** Steps to the next line's content: whether it belongs to the collection that begins at column `here`. */
function continues(cursor: Cursor, here: number): boolean {
  settle(cursor);
  if (isAtEnd(cursor) || column(cursor) < here) return false;
  if (column(cursor) > here) {
    fail(
      'bad-indent',
      cursor.at,
      `This line begins in column ${column(cursor) + 1}, where nothing above it begins: align it with what it belongs to`,
    );
  }
  return true;
}

/** Steps behind what is left of a line, where only a comment may stand. */
export function settle(cursor: Cursor): void {
  if (isAtFreshContent(cursor) && codeAt(cursor, cursor.at) !== 35) return;
  skipToContent(cursor, 'block', 'may-separate');
  if (isAtEnd(cursor)) return;
  if (!isAtFreshContent(cursor)) fail('unexpected-text', cursor.at, leftover(cursor));
}

function leftover(cursor: Cursor): string {
  if (isIndicator(cursor, COLON)) {
    return 'A second `: ` on one line: quote the text that contains it, or begin the inner map on its own line';
  }
  return 'Text behind a finished value: quote the whole value, or begin a new line';
}

function isAtFreshContent(cursor: Cursor): boolean {
  return cursor.at === cursor.freshAt;
}

function isIndicator(cursor: Cursor, indicator: number): boolean {
  return codeAt(cursor, cursor.at) === indicator && isGap(codeAt(cursor, cursor.at + 1));
}

function isLineDone(cursor: Cursor): boolean {
  const code = codeAt(cursor, cursor.at);
  return isGap(code) || code === 35;
}

import { codeAt, enter, fail, isBreak, isMarker, leave, skipToContent } from './cursor.ts';
import type { Cursor } from './cursor.ts';
import { readAlias, readProperties, withProperties } from './node-properties.ts';
import type { ListItem, MapEntry, ScalarNode, SourceNode } from './nodes.ts';
import { readPlain } from './plain-scalars.ts';
import { readQuoted } from './quoted-scalars.ts';

const COMMA = 44;
const COLON = 58;
const QUESTION = 63;

/** `[…]` or `{…}`, with the cursor on the bracket. */
export function readFlowCollection(cursor: Cursor): SourceNode {
  enter(cursor);
  const node = codeAt(cursor, cursor.at) === 91 ? readFlowList(cursor) : readFlowMap(cursor);
  leave(cursor);
  return node;
}

function readFlowList(cursor: Cursor): SourceNode {
  const start = cursor.at++;
  const items: ListItem[] = [];
  while (!isClosed(cursor, 93, start)) {
    const itemStart = cursor.at;
    const value = readListItem(cursor);
    items.push({ start: itemStart, value });
    skipComma(cursor, 93, start);
  }
  return { kind: 'list', style: 'flow', items, start, end: cursor.at, outerStart: start };
}

/** An item may be a single pair: `[a: b]` is a list of one map. */
function readListItem(cursor: Cursor): SourceNode {
  const isExplicit = codeAt(cursor, cursor.at) === QUESTION;
  const start = cursor.at;
  const key = isExplicit || codeAt(cursor, start) === COLON ? undefined : readFlowNode(cursor);
  if (key !== undefined) skipToContent(cursor, 'flow', 'may-separate');
  if (key !== undefined && codeAt(cursor, cursor.at) !== COLON) return key;
  const entry = key === undefined ? readEntry(cursor) : readPair(cursor, start, key);
  return { kind: 'map', style: 'flow', entries: [entry], start, end: entry.value.end, outerStart: start };
}

function readFlowMap(cursor: Cursor): SourceNode {
  const start = cursor.at++;
  const entries: MapEntry[] = [];
  while (!isClosed(cursor, 125, start)) {
    entries.push(readEntry(cursor));
    skipComma(cursor, 125, start);
  }
  return { kind: 'map', style: 'flow', entries, start, end: cursor.at, outerStart: start };
}

function readEntry(cursor: Cursor): MapEntry {
  const start = cursor.at;
  if (codeAt(cursor, cursor.at) === QUESTION) {
    cursor.at++;
    skipToContent(cursor, 'flow', 'may-separate');
  }
  const hasKey = !isEmptyHere(cursor);
  return readPair(cursor, start, hasKey ? readFlowNode(cursor) : emptyScalar(cursor.at));
}

function readPair(cursor: Cursor, start: number, key: SourceNode): MapEntry {
  skipToContent(cursor, 'flow', 'may-separate');
  if (codeAt(cursor, cursor.at) !== COLON) return { start, key, value: emptyScalar(key.end) };
  refuseLongKey(cursor, start);
  const colonEnd = ++cursor.at;
  skipToContent(cursor, 'flow', 'may-separate');
  return { start, key, value: isEmptyHere(cursor) ? emptyScalar(colonEnd) : readFlowNode(cursor) };
}

/** YAML wants a key and its colon on one line; JSON does not. */
function refuseLongKey(cursor: Cursor, start: number): void {
  if (
    cursor.mayBeJson ||
    start >= cursor.lineStart ||
    codeAt(cursor, start) === QUESTION ||
    codeAt(cursor, start) === COLON
  )
    return;
  fail('split-key', start, 'A key and its colon must stand on one line: join the lines');
}

function isEmptyHere(cursor: Cursor): boolean {
  const code = codeAt(cursor, cursor.at);
  return code === COMMA || code === COLON || code === 93 || code === 125 || code === -1;
}

function isClosed(cursor: Cursor, bracket: number, start: number): boolean {
  skipToContent(cursor, 'flow', 'may-separate');
  const code = codeAt(cursor, cursor.at);
  if (code === -1 || isMarker(cursor))
    fail('unclosed-bracket', start, 'This bracket is never closed: add the missing bracket');
  if (code !== bracket) return false;
  cursor.at++;
  return true;
}

function skipComma(cursor: Cursor, bracket: number, start: number): void {
  skipToContent(cursor, 'flow', 'may-separate');
  const code = codeAt(cursor, cursor.at);
  if (code === COMMA) cursor.at++;
  else if (code === -1 || isMarker(cursor))
    fail('unclosed-bracket', start, 'This bracket is never closed: add the missing bracket');
  else if (code !== bracket) fail('missing-comma', cursor.at, unexpected(cursor, bracket));
}

function unexpected(cursor: Cursor, bracket: number): string {
  const found = cursor.text.charAt(cursor.at);
  const hint = found === '?' || found === ':' ? '; text with it must be quoted here' : '';
  return `Inside brackets a comma or \`${String.fromCharCode(bracket)}\` must follow, but here stands \`${found}\`${hint}`;
}

function readFlowNode(cursor: Cursor): SourceNode {
  const properties = readProperties(cursor);
  if (properties !== undefined) skipToContent(cursor, 'flow', 'may-separate');
  const code = codeAt(cursor, cursor.at);
  const isEmpty = properties !== undefined && isEmptyHere(cursor);
  const node = isEmpty ? emptyScalar(cursor.at) : readBareFlowNode(cursor, code);
  return withProperties(cursor, node, properties);
}

function readBareFlowNode(cursor: Cursor, code: number): SourceNode {
  if (code === 91 || code === 123) return readFlowCollection(cursor);
  if (code === 42) return readAlias(cursor);
  if (code === 34 || code === 39) return quotedScalar(cursor);
  return plainScalar(cursor, -1, 'flow');
}

export function quotedScalar(cursor: Cursor): ScalarNode {
  const start = cursor.at;
  const style = codeAt(cursor, start) === 34 ? 'double-quoted' : 'single-quoted';
  const text = readQuoted(cursor);
  return { kind: 'scalar', style, text, start, end: cursor.at, outerStart: start };
}

/** Characters that cannot begin unquoted text; `-` `?` `:` can where no blank follows. */
const reserved = '#,[]{}&*!|>\'"%@`';

export function plainScalar(cursor: Cursor, parent: number, style: 'flow' | 'block'): ScalarNode {
  const start = cursor.at;
  const first = cursor.text.charAt(start);
  const next = codeAt(cursor, start + 1);
  const isDash = first === '-' && isSpace(next);
  if (reserved.includes(first) || isDash || (style === 'flow' && (first === '?' || first === ':'))) {
    fail(
      'unexpected-character',
      start,
      `\`${first}\` cannot begin a value here: quote the text if it is meant as text`,
    );
  }
  const { text, end } = readPlain(cursor, parent, style);
  return { kind: 'scalar', style: 'plain', text, start, end, outerStart: start };
}

function isSpace(code: number): boolean {
  return code === 32 || code === 9 || code === -1 || isBreak(code);
}

export function emptyScalar(at: number): ScalarNode {
  return { kind: 'scalar', style: 'plain', text: '', start: at, end: at, outerStart: at };
}

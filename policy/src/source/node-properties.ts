import { codeAt, fail, isGap, skipBlanks } from './cursor.ts';
import type { Cursor } from './cursor.ts';
import type { AliasNode, SourceNode } from './nodes.ts';

/** What may stand before a node: `&anchor` and `!tag`. */
export interface Properties {
  readonly start: number;
  readonly anchor?: string;
  readonly tag?: string;
}

export function readProperties(cursor: Cursor): Properties | undefined {
  const start = cursor.at;
  let properties: Properties | undefined;
  for (;;) {
    const code = codeAt(cursor, cursor.at);
    if (code !== 38 && code !== 33) return properties;
    const isAnchor = code === 38;
    if (isAnchor ? properties?.anchor !== undefined : properties?.tag !== undefined) {
      fail('bad-anchor', cursor.at, `A value can have only one ${isAnchor ? 'anchor' : 'tag'}`);
    }
    properties = { ...properties, start, ...(isAnchor ? { anchor: readAnchor(cursor) } : { tag: readTag(cursor) }) };
    skipBlanks(cursor);
  }
}

function readAnchor(cursor: Cursor): string {
  const name = readName(cursor);
  cursor.openAnchors.add(name);
  return name;
}

export function readAlias(cursor: Cursor): AliasNode {
  const start = cursor.at;
  const name = readName(cursor);
  if (cursor.openAnchors.has(name))
    fail('bad-alias', start, `*${name} stands inside &${name}: a value cannot contain itself`);
  const target = cursor.anchors.get(name);
  if (target === undefined)
    fail('bad-alias', start, `*${name} refers to an anchor that is not set before: write &${name} first`);
  return { kind: 'alias', name, target, start, end: cursor.at, outerStart: start };
}

function readName(cursor: Cursor): string {
  const start = cursor.at++;
  while (isNameCode(codeAt(cursor, cursor.at))) cursor.at++;
  const next = codeAt(cursor, cursor.at);
  const isEnd = isGap(next) || '?:,]}%@`'.includes(String.fromCharCode(next));
  if (!isEnd || cursor.at === start + 1) {
    fail('bad-anchor', start, 'The name of an anchor or alias consists of letters, digits, `-` and `_`');
  }
  return cursor.text.slice(start + 1, cursor.at);
}

function isNameCode(code: number): boolean {
  return (
    (code >= 48 && code <= 57) ||
    (code >= 65 && code <= 90) ||
    (code >= 97 && code <= 122) ||
    code === 95 ||
    code === 45
  );
}

const tagText =
  /!<(?:[-\w;/?:@&=+$,.!~*'()[\]]|%[0-9A-Fa-f]{2})*>|!(?:[-\w]*!)?(?:[-\w;/?:@&=+$,.!~*'()[\]]|%[0-9A-Fa-f]{2})*/y;

/** `!name`, `!!name` or `!<address>`; a blank must follow, so that `!a,` has the comma in its name as in go-yaml. */
function readTag(cursor: Cursor): string {
  const start = cursor.at;
  tagText.lastIndex = start;
  const tag = tagText.exec(cursor.text)?.[0] ?? '';
  cursor.at = start + tag.length;
  const handle = /^!([-\w]+)!/.exec(tag)?.[1];
  if (handle !== undefined)
    fail('bad-tag', start, `The tag handle \`!${handle}!\` is not declared: write the tag in full`);
  if (tag === '!!' || cursor.at > cursor.end || !isGap(codeAt(cursor, cursor.at))) {
    fail('bad-tag', start, 'This is not a tag: quote the text if it is meant as text');
  }
  return tag.startsWith('!<') ? tag.slice(2, -1) : tag;
}

/** Gives a node the anchor and tag that stand before it. */
export function withProperties(cursor: Cursor, node: SourceNode, properties: Properties | undefined): SourceNode {
  if (properties === undefined) return node;
  if (node.kind === 'alias') fail('bad-alias', node.start, 'An alias cannot have an anchor or a tag of its own');
  const { start, ...rest } = properties;
  const whole = { ...node, ...rest, outerStart: start };
  if (rest.anchor !== undefined) {
    cursor.openAnchors.delete(rest.anchor);
    cursor.anchors.set(rest.anchor, whole);
  }
  return whole;
}

import { isArray, isObject } from '../source/json.ts';
import type { JsonArray, JsonObject, JsonValue } from '../source/json.ts';
import { keyText } from './notation.ts';
import type { Notation } from './notation.ts';
import { scalarText } from './scalar-text.ts';

export interface BlockStyle {
  readonly eol: string;
  /** How far a list stands in from its key: 0 as kubectl writes, or 2. */
  readonly listIndent: number;
  /** The column of the value's own first character. */
  readonly column: number;
}

/** On one line. `json` quotes every key and text. */
export function flowText(value: JsonValue, notation: Notation = 'yaml'): string {
  if (isArray(value)) return `[${value.map((item) => flowText(item, notation)).join(', ')}]`;
  if (!isObject(value)) return scalarText(value, notation === 'json' ? 'double' : 'as-needed');
  return `{${entriesOf(value)
    .map(([key, entry]) => `${keyText(key, notation)}: ${flowText(entry, notation)}`)
    .join(', ')}}`;
}

function entriesOf(object: JsonObject): readonly (readonly [string, JsonValue])[] {
  return Object.entries(object).flatMap(([key, value]) => (value === undefined ? [] : [[key, value] as const]));
}

/** Over several lines, the first without indentation, the last without line end. Empty collections and scalars stay on one. */
export function blockText(value: JsonValue, style: BlockStyle): string {
  if (isArray(value) && value.length > 0) return listText(value, style);
  if (isObject(value) && entriesOf(value).length > 0) return mapText(value, style);
  return isArray(value) || isObject(value) ? flowText(value) : scalarText(value);
}

function listText(items: JsonArray, style: BlockStyle): string {
  return items
    .map((item) => `- ${blockText(item, { ...style, column: style.column + 2 })}`)
    .join(`${style.eol}${' '.repeat(style.column)}`);
}

function mapText(object: JsonObject, style: BlockStyle): string {
  return entriesOf(object)
    .map(([key, value]) => entryText(key, value, style))
    .join(`${style.eol}${' '.repeat(style.column)}`);
}

/** `key: value`, with the value below its key where it takes several lines. */
export function entryText(key: string, value: JsonValue, style: BlockStyle): string {
  return `${keyText(key, 'yaml')}:${valueBehindKey(value, style)}`;
}

/** What follows the colon of a key in column `style.column`. */
export function valueBehindKey(value: JsonValue, style: BlockStyle): string {
  if (typeof value === 'string' && isLiteralBetter(value)) return ` ${literalText(value, style)}`;
  const isCollection = (isArray(value) && value.length > 0) || (isObject(value) && entriesOf(value).length > 0);
  if (!isCollection) return ` ${blockText(value, style)}`;
  const column = style.column + (isArray(value) ? style.listIndent : 2);
  return `${style.eol}${' '.repeat(column)}${blockText(value, { ...style, column })}`;
}

/** Several lines read better as they are than in one line of escapes. */
function isLiteralBetter(text: string): boolean {
  return (
    text.includes('\n') &&
    /^[^\s].*[^\s]\n?$/s.test(text) &&
    /^[\n\u0020-\u007e\u00a0-\u2027\u202a-\ud7ff]*$/.test(text)
  );
}

function literalText(text: string, { eol, column }: BlockStyle): string {
  const chomp = text.endsWith('\n') ? '' : '-';
  const lines = (chomp === '' ? text.slice(0, -1) : text).split('\n');
  const indent = ' '.repeat(column + 2);
  return `|${chomp}${lines.map((line) => (line === '' ? eol : `${eol}${indent}${line}`)).join('')}`;
}

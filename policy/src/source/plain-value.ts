import { isObject } from './json.ts';
import type { JsonValue } from './json.ts';
import type { MapNode, ScalarNode, SourceNode } from './nodes.ts';
import { joinPath } from './path.ts';
import type { PathPart } from './path.ts';
import { resolvePlain, resolveTagged } from './scalars.ts';
import type { Resolved } from './scalars.ts';

/** Something wrong inside an object that could be read all the same. */
export interface Flaw {
  readonly code: string;
  readonly message: string;
  readonly path: string;
  readonly offset: number;
}

export interface PlainValue {
  readonly value: JsonValue;
  /** What makes the value unusable. */
  readonly failure?: Flaw;
  /** Keys set twice: the last one counts, as for `kubectl`. */
  readonly duplicates: readonly Flaw[];
}

class Unusable extends Error {
  readonly flaw: Flaw;
  constructor(flaw: Flaw) {
    super(flaw.message);
    this.flaw = flaw;
  }
}

interface Walk {
  readonly duplicates: Flaw[];
  readonly path: PathPart[];
  visitsByAlias: number;
  readonly mostByAlias: number;
  aliasDepth: number;
  depth: number;
}

/** The value that the API server gets from a written node. */
export function toPlainValue(node: SourceNode): PlainValue {
  const walk: Walk = {
    duplicates: [],
    path: [],
    visitsByAlias: 0,
    mostByAlias: 10_000 + node.end - node.start,
    aliasDepth: 0,
    depth: 0,
  };
  try {
    return { value: valueOf(node, walk), duplicates: walk.duplicates };
  } catch (error) {
    if (!(error instanceof Unusable)) throw error;
    return { value: null, failure: error.flaw, duplicates: walk.duplicates };
  }
}

function refuse(walk: Walk, offset: number, code: string, message: string): never {
  throw new Unusable({ code, message, offset, path: joinPath(walk.path) });
}

const deepest = 1000;

function valueOf(node: SourceNode, walk: Walk): JsonValue {
  countVisits(node, 1, walk);
  if (node.kind === 'scalar') return scalarOf(node, walk);
  if (++walk.depth > deepest)
    refuse(walk, node.start, 'too-deep', `Aliases nest this deeper than ${deepest} levels: write it out`);
  const value =
    node.kind === 'list'
      ? listOf(node.items, walk)
      : node.kind === 'map'
        ? mapOf(node, walk)
        : aliasOf(node.target, walk);
  walk.depth--;
  return value;
}

function aliasOf(target: SourceNode, walk: Walk): JsonValue {
  walk.aliasDepth++;
  const value = valueOf(target, walk);
  walk.aliasDepth--;
  return value;
}

/** Aliases may repeat as much as is written, and a little in any case: reading stays linear in the length of the text. */
function countVisits(node: SourceNode, count: number, walk: Walk): void {
  if (walk.aliasDepth === 0) return;
  walk.visitsByAlias += count;
  if (walk.visitsByAlias > walk.mostByAlias) {
    refuse(
      walk,
      node.start,
      'alias-bomb',
      'Aliases multiply this document far beyond what is written: write the values out',
    );
  }
}

function scalarOf(node: ScalarNode, walk: Walk): JsonValue {
  const resolved = resolveScalar(node);
  return resolved.ok ? resolved.value : refuse(walk, node.start, 'bad-scalar', resolved.reason);
}

/** A scalar by its style and tag. */
export function resolveScalar(node: ScalarNode): Resolved {
  if (node.tag !== undefined) return resolveTagged(node.text, node.tag);
  return node.style === 'plain' ? resolvePlain(node.text) : { ok: true, value: node.text };
}

function listOf(items: readonly { readonly value: SourceNode }[], walk: Walk): JsonValue {
  return items.map((item, index) => {
    walk.path.push(index);
    const value = valueOf(item.value, walk);
    walk.path.pop();
    return value;
  });
}

/** An object without prototype, so that `__proto__` is a key like any other. */
export function emptyObject(): Record<string, JsonValue> {
  return Object.create(null) as Record<string, JsonValue>;
}

function mapOf(node: MapNode, walk: Walk): JsonValue {
  const object = emptyObject();
  const seen = new Set<string>();
  for (const entry of node.entries) {
    if (isMergeKey(entry.key)) merge(entry.value, object, walk);
    else {
      const key = keyOf(entry.key, walk);
      walk.path.push(key);
      noteDuplicate(key, entry.start, seen, walk);
      object[key] = valueOf(entry.value, walk);
      walk.path.pop();
    }
  }
  return object;
}

function noteDuplicate(key: string, offset: number, seen: Set<string>, walk: Walk): void {
  if (!seen.has(key)) {
    seen.add(key);
  } else if (walk.aliasDepth === 0) {
    const message = `\`${key}\` is set twice in the same place: strict validation refuses it, and without it the last one counts. Keep one`;
    walk.duplicates.push({ code: 'duplicate-field', message, path: joinPath(walk.path), offset });
  }
}

/** `<<` alone, not quoted. */
export function isMergeKey(key: SourceNode): boolean {
  return key.kind === 'scalar' && key.text === '<<' && (key.style === 'plain' || key.tag === 'tag:yaml.org,2002:merge');
}

/** As in go-yaml v2 the merged keys count where they stand: they replace what is set before. */
function merge(source: SourceNode, into: Record<string, JsonValue>, walk: Walk): void {
  const parts = source.kind === 'list' ? source.items.map((item) => item.value).toReversed() : [source];
  for (const part of parts) {
    const value = isMapLike(part) ? valueOf(part, walk) : undefined;
    if (!isObject(value)) refuse(walk, part.start, 'bad-merge', 'Behind `<<:` a map must stand, or a list of maps');
    const entries = Object.entries(value);
    walk.aliasDepth++;
    countVisits(part, entries.length, walk);
    walk.aliasDepth--;
    for (const [key, merged] of entries) into[key] = merged ?? null;
  }
}

function isMapLike(node: SourceNode): boolean {
  return node.kind === 'map' || (node.kind === 'alias' && node.target.kind === 'map');
}

/** A key as JSON has it; numbers and booleans become their text. */
export function keyText(key: SourceNode): string | undefined {
  if (key.kind === 'alias') return keyText(key.target);
  if (key.kind !== 'scalar') return undefined;
  const resolved = resolveScalar(key);
  return resolved.ok && resolved.value !== null ? String(resolved.value) : undefined;
}

function keyOf(key: SourceNode, walk: Walk): string {
  const text = keyText(key);
  if (text !== undefined) return text;
  const what = key.kind === 'scalar' ? 'null' : `a ${key.kind}`;
  return refuse(walk, key.start, 'bad-key', `A key must be text, but this one is ${what}: quote it`);
}

import type { MapEntry, MapNode, SourceNode } from '../source/nodes.ts';
import { isMergeKey } from '../source/plain-value.ts';
import { breakBefore, columnOf, isFirstOnLine, isLastOnLine, lineBreakNear, lineEnd, lineStart } from './layout.ts';
import { insertion, removal } from './patch.ts';
import type { Patch } from './patch.ts';
import { entryEnd, insertBefore, insertBehind, piecesOf } from './pieces.ts';

/** A map in its text, and the key that it is the value of, if any. */
export interface MapPlace {
  readonly text: string;
  readonly map: MapNode;
  readonly parent?: MapEntry;
}

/** A literal's last line end belongs to its value, so nothing can be put directly behind it. */
function endsInBlockScalar(node: SourceNode): boolean {
  if (node.kind === 'scalar') return node.style === 'literal' || node.style === 'folded';
  if (node.kind === 'alias' || node.style === 'flow') return false;
  const last = node.kind === 'map' ? node.entries.at(-1)?.value : node.items.at(-1)?.value;
  return last !== undefined && endsInBlockScalar(last);
}

/** Adds an entry, `key: value` on one line, behind the others. `removeEntry` undoes it byte for byte. */
export function appendEntry({ text, map }: MapPlace, entry: string): Patch {
  const last = map.entries.at(-1);
  const hasEmptyValue = map.style === 'flow' && last !== undefined && last.value.end === last.value.start;
  if (last === undefined || hasEmptyValue || endsInBlockScalar(map)) return beforeFirst({ text, map }, entry);
  return insertBehind(piecesOf(text, map), map.entries.length - 1, [entry]);
}

/** Adds an entry before the others, but behind merged ones, which would replace it. */
export function prependEntry(place: MapPlace, entry: string): Patch {
  const { text, map, parent } = place;
  if (map.entries.some(({ key }) => isMergeKey(key))) return appendEntry(place, entry);
  const header = parent?.key.end;
  const isBelow = header !== undefined && lineEnd(text, header) < map.outerStart;
  if (map.style === 'flow' || !isBelow) return beforeFirst({ text, map }, entry);
  const indent = ' '.repeat(columnOf(text, map.entries[0]?.start ?? map.start));
  return insertion(lineEnd(text, header), `${lineBreakNear(text, map.start)}${indent}${entry}`);
}

function beforeFirst({ text, map }: MapPlace, entry: string): Patch {
  if (map.entries.length === 0) return insertion(map.start + 1, entry);
  return insertBefore(piecesOf(text, map), 0, [entry]);
}

/** Takes an entry out. The only entry of a block map cannot be taken out: its map must be replaced. */
export function removeEntry({ text, map }: MapPlace, entry: MapEntry): Patch {
  return map.style === 'block' ? removeLines({ text, map }, entry) : removeFromFlow({ text, map }, entry);
}

function removeLines({ text, map }: MapPlace, entry: MapEntry): Patch {
  const next = map.entries[map.entries.indexOf(entry) + 1];
  const end = isLastOnLine(text, entryEnd(entry)) ? lineEnd(text, entryEnd(entry)) : entryEnd(entry);
  const start = lineStart(text, entry.start);
  if (isFirstOnLine(text, entry.start) && start > 0) return removal(breakBefore(text, start), end);
  return removal(entry.start, next?.start ?? end);
}

function removeFromFlow({ text, map }: MapPlace, entry: MapEntry): Patch {
  const index = map.entries.indexOf(entry);
  const previous = map.entries[index - 1];
  const next = map.entries[index + 1];
  if (previous !== undefined && isSeparator(text.slice(entryEnd(previous), entry.start)))
    return removal(entryEnd(previous), entryEnd(entry));
  if (next !== undefined && isSeparator(text.slice(entryEnd(entry), next.start)))
    return removal(entry.start, next.start);
  const comma = /^\s*,/.exec(text.slice(entryEnd(entry)))?.[0].length ?? 0;
  return removal(entry.start, entryEnd(entry) + (previous === undefined || next !== undefined ? comma : 0));
}

function isSeparator(between: string): boolean {
  return /^\s*,\s*$/.test(between);
}

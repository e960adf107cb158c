import { isArray, isObject } from '../source/json.ts';
import type { JsonArray, JsonObject, JsonValue } from '../source/json.ts';
import type { ListNode, MapEntry, MapNode, ScalarNode, SourceNode } from '../source/nodes.ts';
import { isMergeKey, keyText as keyOf, toPlainValue } from '../source/plain-value.ts';
import { alignLists, canonical } from './align.ts';
import type { Alignment } from './align.ts';
import { columnOf, lineBreakNear, lineEnd } from './layout.ts';
import { keyText } from './notation.ts';
import type { Notation } from './notation.ts';
import type { Patch } from './patch.ts';
import { insertBefore, insertBehind, pieceText, piecesOf, removePieces } from './pieces.ts';
import type { Pieces } from './pieces.ts';
import { ownValue, sameJson } from './same-json.ts';
import { scalarText } from './scalar-text.ts';
import type { Quotes } from './scalar-text.ts';
import { blockText, entryText, flowText, valueBehindKey } from './value-text.ts';
import type { BlockStyle } from './value-text.ts';

/** How a text is written, for what is added to it. */
export interface Writing {
  readonly text: string;
  readonly notation: Notation;
  readonly listIndent: number;
}

/** Where a value stands: behind a key, behind a dash, or between the brackets of a flow list. */
type Slot =
  | { readonly kind: 'entry'; readonly entry: MapEntry; readonly style: 'block' | 'flow' }
  | { readonly kind: 'item'; readonly start: number; readonly style: 'block' | 'flow' }
  | { readonly kind: 'root' };

/** The changes of a text after which `node` says `wanted`; what says it already keeps its bytes. */
export function changeRoot(writing: Writing, node: SourceNode, wanted: JsonObject): readonly Patch[] {
  return changeValue(writing, node, { kind: 'root' }, { before: toPlainValue(node).value, wanted });
}

/** What a node says, and what it is to say. */
interface Change<Value extends JsonValue = JsonValue> {
  readonly before: JsonValue | undefined;
  readonly wanted: Value;
}

function changeValue(writing: Writing, node: SourceNode, slot: Slot, { before, wanted }: Change): readonly Patch[] {
  if (sameJson(before, wanted)) return [];
  if (node.kind === 'map' && isObject(wanted) && canChangeMap(node, wanted))
    return changeMap(writing, node, { before, wanted });
  if (node.kind === 'list' && isArray(wanted) && wanted.length > 0 && node.items.length > 0) {
    const patches = changeList(writing, node, { before, wanted });
    if (patches !== undefined) return patches;
  }
  return [replaceValue(writing, node, slot, wanted)];
}

/** At least one entry must stay, and merged keys cannot be taken out where they stand. */
function canChangeMap(map: MapNode, wanted: JsonObject): boolean {
  if (map.entries.some(({ key }) => isMergeKey(key))) return false;
  return map.entries.some(({ key }) => ownValue(wanted, keyOf(key) ?? '') !== undefined);
}

function changeMap(writing: Writing, map: MapNode, { before, wanted }: Change<JsonObject>): readonly Patch[] {
  const pieces = piecesOf(writing.text, map);
  const written = map.entries.map(({ key }) => keyOf(key) ?? '');
  const isGone = (key: string, index: number): boolean =>
    ownValue(wanted, key) === undefined || written.lastIndexOf(key) !== index;
  const gone = new Set(written.flatMap((key, index) => (isGone(key, index) ? [index] : [])));
  const changes = map.entries.flatMap((entry, index) => {
    const key = written[index] ?? '';
    const value = ownValue(wanted, key);
    if (gone.has(index) || value === undefined) return [];
    const said = isObject(before) ? ownValue(before, key) : undefined;
    const slot = { kind: 'entry', entry, style: map.style } as const;
    return changeValue(writing, entry.value, slot, { before: said, wanted: value });
  });
  const added = Object.entries(wanted).flatMap(([key, value]) =>
    value === undefined || written.includes(key) ? [] : [entryFor(writing, map, key, value)],
  );
  const last = written.findLastIndex((_, index) => !gone.has(index));
  return [...changes, ...removePieces(pieces, gone), ...(added.length > 0 ? [insertBehind(pieces, last, added)] : [])];
}

function entryFor(writing: Writing, map: MapNode, key: string, value: JsonValue): string {
  const { notation } = writing;
  if (map.style === 'flow' || notation === 'json') return `${keyText(key, notation)}: ${flowText(value, notation)}`;
  return entryText(key, value, blockStyle(writing, map.entries[0]?.start ?? map.start));
}

function blockStyle({ text, listIndent }: Writing, at: number): BlockStyle {
  return { eol: lineBreakNear(text, at), listIndent, column: columnOf(text, at) };
}

/** `undefined` where no item stays, so that the whole list is better written anew. */
function changeList(
  writing: Writing,
  list: ListNode,
  { before: said, wanted }: Change<JsonArray>,
): readonly Patch[] | undefined {
  const pieces = piecesOf(writing.text, list);
  const before = isArray(said) ? said : [];
  const aligned = alignLists(before, wanted);
  const used = new Set(aligned.flatMap((each) => (each.kind === 'added' ? [] : [each.from])));
  if (used.size === 0) return undefined;
  const gone = new Set(before.flatMap((_, index) => (used.has(index) ? [] : [index])));
  const changes = aligned.flatMap((each, index) => {
    const item = each.kind === 'changed' ? list.items[each.from] : undefined;
    if (each.kind !== 'changed' || item === undefined) return [];
    const slot = { kind: 'item', start: item.start, style: list.style } as const;
    return changeValue(writing, item.value, slot, { before: before[each.from], wanted: wanted[index] ?? null });
  });
  const textOf = itemTexts(writing, { list, pieces, before, gone });
  return [
    ...changes,
    ...removePieces(pieces, gone),
    ...insertions({ pieces, aligned, textAt: (index) => textOf(wanted[index] ?? null) }),
  ];
}

/** One insertion for each run of added items. */
function insertions(asked: {
  readonly pieces: Pieces;
  readonly aligned: readonly Alignment[];
  readonly textAt: (index: number) => string;
}): readonly Patch[] {
  const { pieces, aligned, textAt } = asked;
  const patches: Patch[] = [];
  let previous: number | undefined;
  let run: string[] = [];
  const flush = (next: number | undefined): void => {
    if (run.length > 0 && previous !== undefined) patches.push(insertBehind(pieces, previous, run));
    else if (run.length > 0 && next !== undefined) patches.push(insertBefore(pieces, next, run));
    run = [];
  };
  aligned.forEach((each, index) => {
    if (each.kind === 'added') run.push(textAt(index));
    else {
      flush(each.from);
      previous = each.from;
    }
  });
  flush(undefined);
  return patches;
}

/** Gives the text of an added item: one that was taken out elsewhere moves with its bytes and comments. */
function itemTexts(
  writing: Writing,
  source: { list: ListNode; pieces: Pieces; before: JsonArray; gone: ReadonlySet<number> },
): (value: JsonValue) => string {
  const { list, pieces, before, gone } = source;
  const moved = new Map<string, string[]>();
  for (const index of gone) {
    const piece = pieces.pieces[index];
    if (piece === undefined || list.items[index]?.value.anchor !== undefined) continue;
    const key = canonical(before[index] ?? null);
    moved.set(key, [...(moved.get(key) ?? []), pieceText(pieces, piece)]);
  }
  return (value) => moved.get(canonical(value))?.shift() ?? itemText(writing, list, value);
}

function itemText(writing: Writing, list: ListNode, value: JsonValue): string {
  const { notation } = writing;
  if (list.style === 'flow' || notation === 'json') return flowText(value, notation);
  const style = blockStyle(writing, list.start);
  return `- ${blockText(value, { ...style, column: style.column + 2 })}`;
}

function replaceValue(writing: Writing, node: SourceNode, slot: Slot, wanted: JsonValue): Patch {
  const { text, notation } = writing;
  const isScalar = !isArray(wanted) && !isObject(wanted);
  if (node.kind === 'scalar' && isScalar && node.end > node.start) {
    const isLong =
      typeof wanted === 'string' && wanted.includes('\n') && notation === 'yaml' && !hasTail(text, node.end);
    if (!isLong)
      return {
        start: node.outerStart,
        end: node.end,
        text: `${anchorOf(node)}${scalarText(wanted, quotesOf(node, notation))}`,
      };
  }
  switch (slot.kind) {
    case 'root':
      return { start: node.outerStart, end: node.end, text: flowText(wanted, notation) };
    case 'item':
      return slot.style === 'flow'
        ? { start: node.outerStart, end: node.end, text: flowText(wanted, notation) }
        : {
            start: slot.start + 1,
            end: Math.max(node.end, slot.start + 1),
            text: ` ${behindDash(writing, slot.start, wanted)}`,
          };
    case 'entry': {
      const colonEnd = colonEndOf(text, slot.entry);
      const colon = colonEnd === undefined ? ':' : '';
      const start = colonEnd ?? slot.entry.key.end;
      const inBlock = slot.style === 'block' && notation === 'yaml' && !hasTail(text, node.end);
      const value = inBlock
        ? valueBehindKey(wanted, blockStyle(writing, slot.entry.start))
        : ` ${flowText(wanted, notation)}`;
      return { start, end: Math.max(node.end, start), text: `${colon}${value}` };
    }
    default:
      return slot satisfies never;
  }
}

/** A comment or blanks behind the value would become part of a text over several lines. */
function hasTail(text: string, end: number): boolean {
  return end < lineEnd(text, end);
}

function behindDash(writing: Writing, dash: number, wanted: JsonValue): string {
  if (writing.notation === 'json') return flowText(wanted, 'json');
  const style = blockStyle(writing, dash);
  return blockText(wanted, { ...style, column: style.column + 2 });
}

function anchorOf(node: SourceNode): string {
  return node.anchor === undefined ? '' : `&${node.anchor} `;
}

function quotesOf(node: ScalarNode, notation: Notation): Quotes {
  if (notation === 'json' || node.style === 'double-quoted') return 'double';
  return node.style === 'single-quoted' ? 'single' : 'as-needed';
}

function colonEndOf(text: string, { key, value }: MapEntry): number | undefined {
  const colon = text.slice(key.end, Math.max(value.outerStart, key.end)).indexOf(':');
  return colon < 0 ? undefined : key.end + colon + 1;
}

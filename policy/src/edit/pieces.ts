import type { ListNode, MapEntry, MapNode } from '../source/nodes.ts';
import { breakBefore, columnOf, isFirstOnLine, isLastOnLine, lineBreakNear, lineEnd, lineStart } from './layout.ts';
import { insertion, removal } from './patch.ts';
import type { Patch } from './patch.ts';

/** An entry of a map or an item of a list as it is written, its dash included. */
export interface Piece {
  readonly start: number;
  readonly end: number;
}

/** The pieces of a collection in their text. */
export interface Pieces {
  readonly text: string;
  readonly style: 'block' | 'flow';
  readonly pieces: readonly Piece[];
}

/** Where an entry ends, without comments. */
export function entryEnd(entry: MapEntry): number {
  return Math.max(entry.key.end, entry.value.end);
}

export function piecesOf(text: string, node: MapNode | ListNode): Pieces {
  const pieces =
    node.kind === 'map'
      ? node.entries.map((entry) => ({ start: entry.start, end: entryEnd(entry) }))
      : node.items.map(({ start, value }) => ({
          start,
          end: Math.max(value.end, node.style === 'block' ? start + 1 : start),
        }));
  return { text, style: node.style, pieces };
}

/** Comments on the lines directly above, in the same column, belong to a piece: they go and move with it. */
export function startWithComments(text: string, piece: Piece): number {
  if (!isFirstOnLine(text, piece.start)) return piece.start;
  const column = columnOf(text, piece.start);
  let start = piece.start;
  for (;;) {
    const line = lineStart(text, start);
    const above = line === 0 ? undefined : lineStart(text, breakBefore(text, line));
    if (above === undefined || text.charAt(above + column) !== '#') return start;
    if (!/^[ \t]*$/.test(text.slice(above, above + column))) return start;
    start = above + column;
  }
}

/** Takes pieces out; at least one must stay. */
export function removePieces(source: Pieces, indices: ReadonlySet<number>): readonly Patch[] {
  const { pieces } = source;
  const first = pieces.findIndex((_, index) => !indices.has(index));
  const leading = first > 0 ? removeLeading(source, first) : [];
  const rest = [...indices].filter((index) => index > first).toSorted((a, b) => a - b);
  return [...leading, ...rest.map((index) => removeFollowing(source, index))];
}

function removeLeading(source: Pieces, firstKept: number): readonly Patch[] {
  const { text, style, pieces } = source;
  const from = pieces[0];
  const to = pieces[firstKept];
  if (from === undefined || to === undefined) return [];
  if (style === 'flow') return [removal(from.start, to.start)];
  const start = startWithComments(text, from);
  return [removal(start, isFirstOnLine(text, from.start) ? startWithComments(text, to) : to.start)];
}

function removeFollowing({ text, style, pieces }: Pieces, index: number): Patch {
  const piece = pieces[index] ?? { start: 0, end: 0 };
  const previous = pieces[index - 1];
  if (style === 'flow') return removal(previous?.end ?? piece.start, piece.end);
  const start = startWithComments(text, piece);
  const end = isLastOnLine(text, piece.end) ? lineEnd(text, piece.end) : piece.end;
  return removal(breakBefore(text, lineStart(text, start)), end);
}

/** Puts texts behind the piece at `index`; their further lines must be indented already. */
export function insertBehind(source: Pieces, index: number, texts: readonly string[]): Patch {
  const { text, style, pieces } = source;
  const piece = pieces[index] ?? { start: 0, end: 0 };
  const gap = gapOf(source);
  const added = texts.map((each) => `${gap}${each}`).join('');
  return insertion(style === 'flow' ? piece.end : lineEnd(text, piece.end), added);
}

/** Puts texts before the piece at `index`. */
export function insertBefore(source: Pieces, index: number, texts: readonly string[]): Patch {
  const { text, style, pieces } = source;
  const piece = pieces[index] ?? { start: 0, end: 0 };
  const gap = gapOf(source);
  const at = style === 'flow' ? piece.start : startWithComments(text, piece);
  return insertion(at, texts.map((each) => `${each}${gap}`).join(''));
}

/** What stands between two pieces: a line end and the indentation, or a comma and blanks. */
function gapOf({ text, style, pieces }: Pieces): string {
  const [first, second] = pieces;
  const at = first?.start ?? 0;
  if (style === 'block') return `${lineBreakNear(text, at)}${' '.repeat(columnOf(text, at))}`;
  const between = first && second ? text.slice(first.end, second.start) : lead(text, at);
  return /^\s*,\s*$/.test(between) ? between : ', ';
}

/** The only piece of a flow collection on a line of its own: the next one gets its own too. */
function lead(text: string, at: number): string {
  return isFirstOnLine(text, at) ? `,${lineBreakNear(text, at)}${text.slice(lineStart(text, at), at)}` : ', ';
}

/** The text of a piece with its comments, to be put elsewhere in the same collection. */
export function pieceText({ text, style }: Pieces, piece: Piece): string {
  if (style === 'flow') return text.slice(piece.start, piece.end);
  const end = isLastOnLine(text, piece.end) ? lineEnd(text, piece.end) : piece.end;
  return text.slice(startWithComments(text, piece), end);
}

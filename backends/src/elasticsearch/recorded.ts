import { createLineReader, readRecord } from './decode.ts';
import type { NotRead, ReadLine, ReadRecord } from './decode.ts';
import { readHistogram } from './answer.ts';
import type { Hit } from './answer.ts';
import { timeOfHit } from './document.ts';
import type { Profile } from './profile.ts';
import { countsBody, sourcesFor } from './query.ts';
import type { Side, TimeRange } from './query.ts';
import type { Search } from './search.ts';

/** Documents are read and kept in pieces of time: where it still grows, only a little is read again. */
const pieceMs = 600_000;
const longPieceMs = 3_600_000;
/** An engine gives no more than 65,535 intervals at once. */
const mostPieces = 15_000;
const pageSize = 5000;
/** More than so many of a side are not read for one answer. */
export const mostRead = 200_000;
const mostKept = 400_000;

export interface Read<T> {
  readonly items: readonly T[];
  /** When those were that could not be read. */
  readonly malformedMs: readonly number[];
}

interface Kept {
  /** How many documents it was read from: as long as the piece has so many, it is as it was. */
  readonly documents: number;
  readonly items: readonly (ReadRecord | ReadLine)[];
  readonly malformed: readonly number[];
}

interface Reading {
  documents: number;
  readonly items: (ReadRecord | ReadLine)[];
  readonly malformed: number[];
}

/** How many documents each piece of a side has, by its beginning. */
type Pieces = ReadonlyMap<number, number>;

/** A stretch of time to be read, with the number of its documents. */
interface Stretch {
  readonly fromMs: number;
  readonly toMs: number;
  readonly documents: number;
}

interface Work {
  readonly profile: Profile;
  readonly side: Side;
  readonly sizeMs: number;
  keyOf(start: number): string;
}

/** What was read of an index, so that it is not read again: a piece is read anew when its number of documents has changed. */
export interface Recorded {
  /** Null where there are too many. */
  records(profile: Profile, window: TimeRange): Promise<Read<ReadRecord> | null>;
  lines(profile: Profile, window: TimeRange): Promise<Read<ReadLine> | null>;
}

export function createRecorded(search: Search): Recorded {
  const kept = new Map<string, Kept>();
  let last: Promise<unknown> = Promise.resolve();
  let asked: { readonly key: string; readonly counted: Promise<Readonly<Record<Side, Pieces>>> } | null = null;

  /** Questions that come together are counted together. */
  async function pieces(profile: Profile, range: TimeRange, sizeMs: number): Promise<Readonly<Record<Side, Pieces>>> {
    const key = JSON.stringify([profile, range, sizeMs]);
    if (asked?.key === key) return asked.counted;
    const counted = search
      .ask(countsBody(profile, range, sizeMs), 'count its documents')
      .then(({ aggregations }) => ({
        audit: readHistogram(aggregations['audit']),
        access: readHistogram(aggregations['access']),
      }))
      .finally(() => (asked = null));
    asked = { key, counted };
    return counted;
  }

  async function readPieces(work: Work, { documents, ...range }: Stretch): Promise<void> {
    const { profile, side, sizeMs, keyOf } = work;
    const lines = createLineReader(profile);
    const read = (hit: Hit): ReadRecord | ReadLine | NotRead =>
      side === 'audit' ? readRecord(hit, profile) : lines(hit);
    const open = new Map<number, Reading>();
    const sources = sourcesFor(profile, side);
    const isFrozen = documents > pageSize;
    for await (const hits of search.pages(profile, { side, range, order: 'asc', size: pageSize, sources, isFrozen }))
      for (const hit of hits) {
        const timeMs = timeOfHit(hit, profile.timeField);
        const start = Math.floor(timeMs / sizeMs) * sizeMs;
        const piece = open.get(start) ?? { documents: 0, items: [], malformed: [] };
        open.set(start, piece);
        piece.documents += 1;
        const found = read(hit);
        if (found === 'malformed') piece.malformed.push(timeMs);
        else if (found !== 'passed-over') piece.items.push(found);
      }
    for (const [start, piece] of open) kept.set(keyOf(start), piece);
  }

  function forgetOldest(): void {
    let count = [...kept.values()].reduce((sum, { items }) => sum + items.length, 0);
    for (const [key, { items }] of kept) {
      if (count <= mostKept) return;
      kept.delete(key);
      count -= items.length;
    }
  }

  async function collect(profile: Profile, side: Side, window: TimeRange): Promise<readonly Kept[] | null> {
    const sizeMs = (window.toMs - window.fromMs) / pieceMs > mostPieces ? longPieceMs : pieceMs;
    const counts = (await pieces(profile, wholePieces(window, sizeMs), sizeMs))[side];
    if (sumOf(counts) > mostRead) return null;
    const like = JSON.stringify([side, sizeMs, profile]);
    const keyOf = (start: number): string => `${start} ${like}`;
    const isKept = (start: number): boolean => kept.get(keyOf(start))?.documents === counts.get(start);
    const work = { profile, side, sizeMs, keyOf };
    for (const stretch of stretchesOf(counts, sizeMs, isKept)) await readPieces(work, stretch);
    const found = [...counts.keys()]
      .toSorted((left, right) => left - right)
      .flatMap((start) => {
        const piece = kept.get(keyOf(start));
        if (!piece) return [];
        // What was used last is forgotten last.
        kept.delete(keyOf(start));
        kept.set(keyOf(start), piece);
        return [piece];
      });
    forgetOldest();
    return found;
  }

  /** One after the other, so that what one has read the next need not. */
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = last.then(work, work);
    last = turn.catch(() => undefined);
    return turn;
  }

  async function read<T extends ReadRecord | ReadLine>(
    profile: Profile,
    side: Side,
    window: TimeRange,
  ): Promise<Read<T> | null> {
    const found = await inTurn(() => collect(profile, side, window));
    const isWithin = (timeMs: number): boolean => timeMs >= window.fromMs && timeMs < window.toMs;
    return (
      found && {
        // The side says which of the two they are.
        items: found.flatMap(({ items }) => items as readonly T[]).filter(({ timeMs }) => isWithin(timeMs)),
        malformedMs: found.flatMap(({ malformed }) => malformed).filter(isWithin),
      }
    );
  }

  return {
    records: (profile, window) => read<ReadRecord>(profile, 'audit', window),
    lines: (profile, window) => read<ReadLine>(profile, 'access', window),
  };
}

function sumOf(pieces: Pieces): number {
  return [...pieces.values()].reduce((sum, count) => sum + count, 0);
}

function wholePieces({ fromMs, toMs }: TimeRange, sizeMs: number): TimeRange {
  return { fromMs: Math.floor(fromMs / sizeMs) * sizeMs, toMs: Math.ceil(toMs / sizeMs) * sizeMs };
}

/** Pieces to read, in as few goes as possible: between two of them there may be some without documents, but none that is kept. */
function stretchesOf(pieces: Pieces, sizeMs: number, isKept: (start: number) => boolean): readonly Stretch[] {
  const stretches: Stretch[] = [];
  let isOpen = false;
  for (const [start, count] of [...pieces].toSorted(([left], [right]) => left - right)) {
    const open = isOpen ? stretches.pop() : undefined;
    const { fromMs, documents } = open ?? { fromMs: start, documents: 0 };
    isOpen = !isKept(start);
    if (isOpen) stretches.push({ fromMs, toMs: start + sizeMs, documents: documents + count });
    else if (open) stretches.push(open);
  }
  return stretches;
}

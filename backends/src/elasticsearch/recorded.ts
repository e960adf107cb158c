import { createLineReader, readRecord } from './decode.ts';
import type { NotRead, ReadLine, ReadRecord } from './decode.ts';
import { readHistogram } from './answer.ts';
import type { Hit } from './answer.ts';
import { timeOfHit } from './document.ts';
import type { Profile } from './profile.ts';
import { countsBody, sourcesFor } from './query.ts';
import type { Side, TimeRange } from './query.ts';
import type { Search } from './search.ts';

/** Documents are read and kept by the hour. */
const hourMs = 3_600_000;
const pageSize = 5000;
/** More than so many of a side are not read for one answer. */
export const mostRead = 200_000;
const mostKept = 400_000;

export interface Read<T> {
  readonly items: readonly T[];
  /** When those were that could not be read. */
  readonly malformedMs: readonly number[];
  readonly passedOver: number;
}

interface Kept {
  /** How many documents it was read from: as long as the hour has so many, it is as it was. */
  readonly documents: number;
  readonly items: readonly (ReadRecord | ReadLine)[];
  readonly malformed: readonly number[];
  readonly passedOver: number;
}

interface Reading {
  documents: number;
  readonly items: (ReadRecord | ReadLine)[];
  readonly malformed: number[];
  passedOver: number;
}

/** How many documents each hour of a side has. */
export type Hours = ReadonlyMap<number, number>;

/** What was read of an index, so that it is not read again: an hour is read anew when its number of documents has changed. */
export interface Recorded {
  hours(profile: Profile, range: TimeRange): Promise<Readonly<Record<Side, Hours>>>;
  /** Null where there are too many. */
  records(profile: Profile, range: TimeRange): Promise<Read<ReadRecord> | null>;
  lines(profile: Profile, range: TimeRange): Promise<Read<ReadLine> | null>;
}

export function createRecorded(search: Search): Recorded {
  const kept = new Map<string, Kept>();
  let last: Promise<unknown> = Promise.resolve();
  let asked: { readonly key: string; readonly hours: ReturnType<Recorded['hours']> } | null = null;

  async function askHours(profile: Profile, range: TimeRange): Promise<Readonly<Record<Side, Hours>>> {
    const { aggregations } = await search.ask(countsBody(profile, range, hourMs), 'count its documents');
    const of = (side: Side): Hours => readHistogram(aggregations[side]);
    return { audit: of('audit'), access: of('access') };
  }

  /** Questions that come together are counted together. */
  async function hours(profile: Profile, window: TimeRange): Promise<Readonly<Record<Side, Hours>>> {
    const range = wholeHours(window);
    const key = JSON.stringify([profile, range]);
    if (asked?.key !== key) {
      const made = { key, hours: askHours(profile, range) };
      asked = made;
      void made.hours.finally(() => (asked === made ? (asked = null) : null)).catch(() => undefined);
    }
    return asked.hours;
  }

  async function readHours(profile: Profile, side: Side, range: TimeRange): Promise<void> {
    const keyOf = (start: number): string => JSON.stringify([side, start, profile]);
    const lines = createLineReader(profile);
    const read = (hit: Hit): ReadRecord | ReadLine | NotRead =>
      side === 'audit' ? readRecord(hit, profile) : lines(hit);
    const open = new Map<number, Reading>();
    const pages = search.pages(profile, {
      side,
      range,
      order: 'asc',
      size: pageSize,
      sources: sourcesFor(profile, side),
      isFrozen: true,
    });
    for await (const hits of pages)
      for (const hit of hits) {
        const timeMs = timeOfHit(hit, profile.timeField);
        const start = Math.floor(timeMs / hourMs) * hourMs;
        const hour = open.get(start) ?? { documents: 0, items: [], malformed: [], passedOver: 0 };
        open.set(start, hour);
        hour.documents += 1;
        const found = read(hit);
        if (found === 'malformed') hour.malformed.push(timeMs);
        else if (found === 'passed-over') hour.passedOver += 1;
        else hour.items.push(found);
      }
    for (const [start, hour] of open) kept.set(keyOf(start), hour);
    let size = [...kept.values()].reduce((sum, { items }) => sum + items.length, 0);
    for (const [key, { items }] of kept) {
      if (size <= mostKept) break;
      kept.delete(key);
      size -= items.length;
    }
  }

  async function collect<T extends ReadRecord | ReadLine>(
    profile: Profile,
    side: Side,
    window: TimeRange,
  ): Promise<Read<T> | null> {
    const counts = (await hours(profile, window))[side];
    if (sumOf(counts) > mostRead) return null;
    const keyOf = (start: number): string => JSON.stringify([side, start, profile]);
    const isKept = (start: number): boolean => kept.get(keyOf(start))?.documents === counts.get(start);
    for (const range of joined(counts, isKept)) await readHours(profile, side, range);
    const found = [...counts.keys()]
      .toSorted((left, right) => left - right)
      .flatMap((start) => {
        const key = keyOf(start);
        const hour = kept.get(key);
        if (!hour) return [];
        kept.delete(key);
        kept.set(key, hour);
        return [hour];
      });
    const isInside = (timeMs: number): boolean => timeMs >= window.fromMs && timeMs < window.toMs;
    return {
      // The side says which of the two they are.
      items: found.flatMap(({ items }) => items as readonly T[]).filter(({ timeMs }) => isInside(timeMs)),
      malformedMs: found.flatMap(({ malformed }) => malformed).filter(isInside),
      passedOver: found.reduce((sum, { passedOver }) => sum + passedOver, 0),
    };
  }

  /** One after the other, so that what one has read the next need not. */
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = last.then(work, work);
    last = turn.catch(() => undefined);
    return turn;
  }

  return {
    hours,
    records: (profile, range) => inTurn(() => collect<ReadRecord>(profile, 'audit', range)),
    lines: (profile, range) => inTurn(() => collect<ReadLine>(profile, 'access', range)),
  };
}

export function sumOf(hours: Hours): number {
  return [...hours.values()].reduce((sum, count) => sum + count, 0);
}

function wholeHours({ fromMs, toMs }: TimeRange): TimeRange {
  return { fromMs: Math.floor(fromMs / hourMs) * hourMs, toMs: Math.ceil(toMs / hourMs) * hourMs };
}

/** Hours to read, in as few goes as possible: between two of them there may be hours without documents, but none that is kept. */
function joined(hours: Hours, isKept: (start: number) => boolean): readonly TimeRange[] {
  const ranges: { fromMs: number; toMs: number }[] = [];
  let open: { fromMs: number; toMs: number } | null = null;
  for (const start of [...hours.keys()].toSorted((left, right) => left - right)) {
    if (isKept(start)) open = null;
    else if (open) open.toMs = start + hourMs;
    else ranges.push((open = { fromMs: start, toMs: start + hourMs }));
  }
  return ranges;
}

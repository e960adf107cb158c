import { readBoundary } from './audit/modsecurity-native.ts';
import { joinBytes, latinOf } from './byte-arrays.ts';
import type { SplitRecord } from './record-splitter.ts';

/** One line of a log: what it says, where it stands, and how many bytes of the file it takes. */
export interface Line {
  readonly words: Uint8Array;
  readonly offset: number;
  readonly size: number;
}

interface Open {
  readonly id: string;
  readonly lines: Line[];
  size: number;
  section: string;
  /** It has the section that tells which rules matched. */
  hasReport: boolean;
  /** The line in which another record seems to begin inside of a body. */
  foreign: number | null;
}

/** A body may hold whatever its sender likes; one that is longer is the rest of a record that was never ended. */
const longestBody = 1024 * 1024;
const bodySections = 'CEI';
const newline = new Uint8Array([10]);

/**
 * Puts the lines of native records together. What looks like another record inside of a body belongs to the body, as long as the
 * record itself goes on behind it: anybody can send such a body.
 */
export function createNativeRecords({ maxBytes }: { readonly maxBytes: number }) {
  let open: Open | null = null;

  function close(record: Open, lines: readonly Line[], isEarly: boolean): SplitRecord {
    const isWhole = record.size <= maxBytes && (!isEarly || record.hasReport);
    const parts = lines.flatMap(({ words }) => [words, newline]);
    return { bytes: joinBytes(parts), offset: lines[0]?.offset ?? 0, isCut: !isWhole };
  }

  function add(record: Open, line: Line): void {
    record.size += line.size;
    if (record.size <= maxBytes) record.lines.push(line);
  }

  /** The record ended inside of its body: what seemed to be others are others. */
  function giveUp(record: Open, from: number, out: SplitRecord[]): void {
    open = null;
    out.push(close(record, record.lines.slice(0, from), true));
    for (const line of record.lines.slice(from))
      if (!take(line, out) && line.words.length > 0) out.push({ bytes: line.words, offset: line.offset, isCut: false });
  }

  function take(line: Line, out: SplitRecord[]): boolean {
    const { words } = line;
    const boundary = words.length < 60 && words[0] === 45 && words[1] === 45 ? readBoundary(latinOf(words)) : null;
    const isOwn = boundary !== null && boundary.id === open?.id && boundary.section !== 'A';
    if (open && boundary?.section === 'A' && !bodySections.includes(open.section)) {
      out.push(close(open, open.lines, true));
      open = null;
    }
    if (!open && !boundary) return false;
    open ??= { id: boundary?.id ?? '', lines: [], size: 0, section: '', hasReport: false, foreign: null };
    if (isOwn || open.section === '') {
      open.section = boundary?.section ?? '';
      open.hasReport ||= open.section === 'H';
      open.foreign = null;
    } else if (boundary?.section === 'A') open.foreign ??= open.lines.length;
    add(open, line);
    if (open.section === 'Z') {
      out.push(close(open, open.lines, false));
      open = null;
    } else if (open.foreign !== null) {
      const { foreign, lines } = open;
      if (line.offset - (lines[foreign]?.offset ?? line.offset) > longestBody) giveUp(open, foreign, out);
    }
    return true;
  }

  return {
    /** Where the record begins that is not complete yet; null where there is none. */
    get offset() {
      return open?.lines[0]?.offset ?? null;
    },
    /** Whether the line belongs to a record; records that it completes are given. */
    take,
    end(out: SplitRecord[]): void {
      while (open) {
        if (open.foreign !== null) giveUp(open, open.foreign, out);
        else {
          out.push(close(open, open.lines, true));
          open = null;
        }
      }
    },
  };
}

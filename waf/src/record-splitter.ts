import { bytesOfLatin, joinBytes, latinOf } from './byte-arrays.ts';
import { readContainerMark, readDockerMark } from './container-line.ts';
import type { ContainerMark } from './container-line.ts';
import { createNativeRecords } from './native-records.ts';
import { createPrintedRecords } from './printed-records.ts';

/** A record as it stands in its file: a line without its newline, or all lines of a record that has several. */
export interface SplitRecord {
  readonly bytes: Uint8Array;
  readonly offset: number;
  /** Its end is missing: the file ends before it, the next record begins too early, or it is longer than we keep. */
  readonly isCut: boolean;
}

export interface RecordSplitter {
  /** Takes the next bytes of the file; gives the records that they complete. */
  push(chunk: Uint8Array): SplitRecord[];
  /** The file is at its end and will not grow: what is left. */
  end(): SplitRecord[];
  /** Where the first record begins that was not given yet. */
  readonly offset: number;
}

/** A line that a container runtime cut, as far as it is there. */
interface Begun {
  readonly offset: number;
  readonly parts: Uint8Array[];
  size: number;
  /** What stands behind the words of its newest part. */
  rest: Uint8Array;
}

const newline = 10;
const dash = 45;
const brace = 123;

/** Cuts the bytes of a log into records, wherever the chunks are cut; `maxBytes` bounds what one may take of memory. */
export function createRecordSplitter(
  options: { readonly offset?: number; readonly maxBytes?: number } = {},
): RecordSplitter {
  const { maxBytes = 64 * 1024 * 1024 } = options;
  let lineStart = options.offset ?? 0;
  let partial: Uint8Array[] = [];
  let partialSize = 0;
  let isTooLong = false;
  let skipped = 0;
  const native = createNativeRecords({ maxBytes });
  const printed = createPrintedRecords({ maxBytes });
  /** By stream. */
  const begun = new Map<string, Begun>();

  function takeLine(rest: Uint8Array, hasNewline: boolean): { line: Uint8Array; size: number; wasTooLong: boolean } {
    const line = partial.length === 0 ? rest : joinBytes([...partial, rest]);
    const size = partialSize + rest.length + (hasNewline ? 1 : 0) + skipped;
    const wasTooLong = isTooLong;
    partial = [];
    partialSize = 0;
    isTooLong = false;
    skipped = 0;
    return { line, size, wasTooLong };
  }

  function lineDone(rest: Uint8Array, hasNewline: boolean, out: SplitRecord[]): void {
    const { line, size, wasTooLong } = takeLine(rest, hasNewline);
    const offset = lineStart;
    lineStart += size;
    const mark = markOf(line);
    const words = mark === null ? line : wordsOf(line, mark, native.offset !== null);
    if (native.take({ words, offset, size }, out)) return;
    if (mark && takePart(line, mark, { offset, out })) return;
    if (!wasTooLong && printed.take({ words: line, offset, size }, out)) return;
    if (wasTooLong || line.length > 0) giveLine(withoutReturn(line), { offset, isCut: wasTooLong, out });
  }

  /** Whether the line is a part of one that was cut; with its last part that is given as the one line it was. */
  function takePart(line: Uint8Array, mark: ContainerMark, to: { offset: number; out: SplitRecord[] }): boolean {
    const before = begun.get(mark.stream);
    if (!mark.isPart && !before) return false;
    const whole = before ?? { offset: to.offset, parts: [], size: 0, rest: line };
    const part = line.subarray(before ? mark.from : 0, mark.to);
    whole.size += part.length;
    whole.rest = line.slice(mark.to);
    if (whole.size <= maxBytes) whole.parts.push(part.slice());
    if (mark.isPart) begun.set(mark.stream, whole);
    else giveWhole(mark.stream, whole, to.out);
    return true;
  }

  function giveWhole(stream: string, { parts, offset, size, rest }: Begun, out: SplitRecord[], isEarly = false): void {
    begun.delete(stream);
    // Docker does not mark the last line of a container that has stopped.
    const isCut = size > maxBytes || (isEarly && rest.length === 0);
    out.push({ bytes: withoutReturn(joinBytes([...parts, rest])), offset, isCut });
  }

  return {
    get offset() {
      const starts = [native.offset, printed.offset, ...[...begun.values()].map(({ offset }) => offset)];
      return Math.min(lineStart, ...starts.flatMap((start) => start ?? []));
    },
    push(chunk) {
      const out: SplitRecord[] = [];
      let from = 0;
      for (;;) {
        const end = chunk.indexOf(newline, from);
        if (end < 0) break;
        lineDone(chunk.subarray(from, end), true, out);
        from = end + 1;
      }
      const rest = chunk.subarray(from);
      if (rest.length === 0) return out;
      if (partialSize + rest.length > maxBytes) {
        isTooLong = true;
        skipped += rest.length;
      } else {
        // The chunk's memory may be used again by the caller.
        partial.push(rest.slice());
        partialSize += rest.length;
      }
      return out;
    },
    end() {
      const out: SplitRecord[] = [];
      if (partialSize > 0 || skipped > 0) lineDone(new Uint8Array(0), false, out);
      native.end(out);
      printed.end(out);
      for (const [stream, whole] of begun) giveWhole(stream, whole, out, true);
      return out;
    },
  };
}

function markOf(line: Uint8Array): ContainerMark | null {
  if (line[4] === dash) {
    const mark = readContainerMark(latinOf(line.subarray(0, 80)));
    return mark && { ...mark, to: line.length };
  }
  return line[0] === brace && line[2] === 0x6c && line[3] === 0x6f ? readDockerMark(latinOf(line)) : null;
}

/** What the container itself wrote, where that may be part of a record of several lines. */
function wordsOf(line: Uint8Array, mark: ContainerMark, isOpen: boolean): Uint8Array {
  const words = line.subarray(mark.from, mark.to);
  if (!isOpen && !(words[0] === dash && words[1] === dash)) return line;
  if (line[0] !== brace) return words;
  try {
    return bytesOfLatin(String(JSON.parse(`"${latinOf(words)}"`)).replace(/\n$/, ''));
  } catch {
    return line;
  }
}

const recordHead = [...'{"transaction":{'].map((char) => char.charCodeAt(0));

/** A line may hold several JSON records: an array, or records without a newline between them, the first perhaps cut. */
function giveLine(
  line: Uint8Array,
  { offset, isCut, out }: { offset: number; isCut: boolean; out: SplitRecord[] },
): void {
  let from = 0;
  const isJson = startsAt(line, line[0] === 91 ? 1 : 0);
  for (let at = isJson ? nextHead(line, recordHead.length) : -1; at > 0; at = nextHead(line, at + 1)) {
    out.push({ bytes: line.subarray(from, at), offset: offset + from, isCut: false });
    from = at;
  }
  out.push({ bytes: from === 0 ? line : line.subarray(from), offset: offset + from, isCut });
}

function nextHead(line: Uint8Array, from: number): number {
  // A quote is escaped inside of JSON's strings, so this stands only where a record begins.
  for (let at = line.indexOf(brace, from); at >= 0; at = line.indexOf(brace, at + 1))
    if (line[at + 2] === 0x74 && startsAt(line, at)) return at;
  return -1;
}

function startsAt(line: Uint8Array, at: number): boolean {
  return recordHead.every((byte, index) => line[at + index] === byte);
}

function withoutReturn(line: Uint8Array): Uint8Array {
  return line.at(-1) === 13 ? line.subarray(0, -1) : line;
}

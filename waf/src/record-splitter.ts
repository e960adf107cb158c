import { readBoundary } from './audit/modsecurity-native.ts';
import { readContainerMark } from './container-line.ts';

/** A record as it stands in its file: a line without its newline, or all lines of a native record. */
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

/** What of a record that takes several lines is there already. */
interface Begun {
  readonly offset: number;
  parts: Uint8Array[];
  size: number;
}

interface Open extends Begun {
  readonly id: string;
}

const newline = 10;
const dash = 45;

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
  let native: Open | null = null;
  /** By stream: lines that a container runtime cut. */
  const begun = new Map<string, Begun>();

  function takeLine(rest: Uint8Array, hasNewline: boolean): { line: Uint8Array; size: number; wasTooLong: boolean } {
    const line = partial.length === 0 ? rest : joinBytes([...partial, rest], partialSize + rest.length);
    const size = partialSize + rest.length + (hasNewline ? 1 : 0) + skipped;
    const wasTooLong = isTooLong;
    partial = [];
    partialSize = 0;
    isTooLong = false;
    skipped = 0;
    return { line, size, wasTooLong };
  }
  function lineDone(rest: Uint8Array, out: SplitRecord[]): void {
    const { line, size, wasTooLong } = takeLine(rest, true);
    const offset = lineStart;
    lineStart += size;
    const boundary = line.length < 60 && line[0] === dash && line[1] === dash ? readBoundary(asciiOf(line)) : null;
    if (boundary && (native === null || boundary.section === 'A' || boundary.id === native.id)) {
      if (native && boundary.section === 'A') closeNative(out, true);
      native ??= { id: boundary.id, offset, parts: [], size: 0 };
      addToNative(line, size);
      if (boundary.section === 'Z') closeNative(out, false);
    } else if (native) {
      addToNative(line, size);
    } else if (takePart(line, offset, out)) {
      return;
    } else if (wasTooLong || line.length > 0) {
      out.push({ bytes: withoutReturn(line), offset, isCut: wasTooLong });
    }
  }

  /** Whether the line is a part of one that was cut; with its last part that is given as the one line it was. */
  function takePart(line: Uint8Array, offset: number, out: SplitRecord[]): boolean {
    const mark = line[4] === dash ? readContainerMark(asciiOf(line.subarray(0, 80))) : null;
    const before = mark && begun.get(mark.stream);
    if (!mark || !(mark.isPart || before)) return false;
    const whole = before ?? { offset, parts: [], size: 0 };
    const part = before ? line.subarray(mark.length) : line;
    whole.size += part.length;
    if (whole.size <= maxBytes) whole.parts.push(part.slice());
    if (mark.isPart) begun.set(mark.stream, whole);
    else giveWhole(mark.stream, whole, out);
    return true;
  }

  function giveWhole(stream: string, { parts, offset, size }: Begun, out: SplitRecord[], isEarly = false): void {
    begun.delete(stream);
    const bytes = joinBytes(
      parts,
      parts.reduce((sum, part) => sum + part.length, 0),
    );
    out.push({ bytes: withoutReturn(bytes), offset, isCut: isEarly || size > maxBytes });
  }

  function addToNative(line: Uint8Array, size: number): void {
    if (!native) return;
    native.size += size;
    if (native.size <= maxBytes) native.parts.push(line, newlineBytes);
  }

  function closeNative(out: SplitRecord[], isEarly: boolean): void {
    if (!native) return;
    const { parts, offset, size } = native;
    const bytes = joinBytes(
      parts,
      parts.reduce((sum, part) => sum + part.length, 0),
    );
    out.push({ bytes, offset, isCut: isEarly || size > maxBytes });
    native = null;
  }

  return {
    get offset() {
      return Math.min(native?.offset ?? lineStart, ...[...begun.values()].map(({ offset }) => offset));
    },
    push(chunk) {
      const out: SplitRecord[] = [];
      let from = 0;
      for (;;) {
        const end = chunk.indexOf(newline, from);
        if (end < 0) break;
        lineDone(chunk.subarray(from, end), out);
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
      if (partialSize > 0 || skipped > 0) {
        const offset = lineStart;
        const { line, size, wasTooLong } = takeLine(new Uint8Array(0), false);
        lineStart += size;
        if (native) {
          addToNative(line, size);
          const isWhole = line.length < 60 && readBoundary(asciiOf(line))?.section === 'Z';
          closeNative(out, !isWhole);
        } else if (!takePart(line, offset, out)) out.push({ bytes: withoutReturn(line), offset, isCut: wasTooLong });
      }
      closeNative(out, true);
      for (const [stream, whole] of begun) giveWhole(stream, whole, out, true);
      return out;
    },
  };
}

const newlineBytes = new Uint8Array([newline]);

function asciiOf(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}

function withoutReturn(line: Uint8Array): Uint8Array {
  return line.at(-1) === 13 ? line.subarray(0, -1) : line;
}

function joinBytes(parts: readonly Uint8Array[], size: number): Uint8Array {
  const whole = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

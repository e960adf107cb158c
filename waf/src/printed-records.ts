import { joinBytes, latinOf } from './byte-arrays.ts';
import type { Line } from './native-records.ts';
import type { SplitRecord } from './record-splitter.ts';

const newline = new Uint8Array([10]);
const space = 32;

/** JSON that a tool printed over several lines, as `jq . audit.log` does: from `{` alone in a line to `}` under it. */
export function createPrintedRecords({ maxBytes }: { readonly maxBytes: number }) {
  let lines: Line[] = [];
  let size = 0;
  let indent = 0;

  function give(out: SplitRecord[], isCut: boolean): void {
    const bytes = joinBytes(lines.flatMap(({ words }) => [words, newline]));
    out.push({ bytes, offset: lines[0]?.offset ?? 0, isCut });
    lines = [];
    size = 0;
  }

  return {
    /** Where the record begins that is not complete yet; null where there is none. */
    get offset() {
      return lines[0]?.offset ?? null;
    },
    /** Whether the line belongs to a record; one that it completes is given. */
    take(line: Line, out: SplitRecord[]): boolean {
      const { words } = line;
      if (lines.length === 0) {
        const text = words.length < 20 ? latinOf(words).trimEnd() : '';
        if (!/^ *\{$/.test(text)) return false;
        indent = text.length - 1;
      } else if (words.length > 0 && indentOf(words) <= indent) {
        const isEnd = /^ *\},?\s*$/.test(latinOf(words.subarray(0, 20))) && words.length < 20;
        if (!isEnd) {
          give(out, true);
          return this.take(line, out);
        }
        lines.push(line);
        give(out, size > maxBytes);
        return true;
      }
      size += line.size;
      if (size <= maxBytes) lines.push(line);
      return true;
    },
    end(out: SplitRecord[]): void {
      if (lines.length > 0) give(out, true);
    },
  };
}

function indentOf(words: Uint8Array): number {
  let at = 0;
  while (words[at] === space || words[at] === 9) at += 1;
  return at;
}

import { readEnd } from './wire.ts';
import type { WireCursor } from './wire.ts';

/** Bytes as text, one character a byte; the quickest way to it is the program's. */
export type TextOf = (bytes: Uint8Array, from: number, to: number) => string;

const mostKept = 8000;

/** Makes something of what comes at the cursor; of the same bytes it is the same object. */
export function createKnownBytes<T>(textOf: TextOf, make: (bytes: Uint8Array) => T): (cursor: WireCursor) => T {
  let recent = new Map<string, T>();
  /** What was not asked for since `recent` was begun goes with it. */
  let older = new Map<string, T>();

  return (cursor) => {
    const end = readEnd(cursor);
    const key = textOf(cursor.bytes, cursor.at, end);
    let known = recent.get(key);
    if (known === undefined) {
      known = older.get(key) ?? make(cursor.bytes.subarray(cursor.at, end));
      if (recent.size >= mostKept) [recent, older] = [new Map(), recent];
      recent.set(key, known);
    }
    cursor.at = end;
    return known;
  };
}

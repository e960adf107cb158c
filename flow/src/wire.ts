/** Where a message is being read. */
export interface WireCursor {
  readonly bytes: Uint8Array;
  at: number;
  readonly end: number;
}

/** What a quick reader does not know: the generated one decides what it means. */
export class UnusualWire extends Error {}

/** What is not negative and has 31 bits. https://protobuf.dev/programming-guides/encoding/ */
export function readVarint(cursor: WireCursor): number {
  const { bytes } = cursor;
  let value = 0;
  for (let shift = 0; shift < 35; shift += 7) {
    const byte = bytes[cursor.at] ?? 0;
    cursor.at += 1;
    if (shift === 28 && byte > 0x07) break;
    value |= (byte & 0x7f) << shift;
    if (byte < 0x80) {
      if (cursor.at > cursor.end) break;
      return value;
    }
  }
  throw new UnusualWire();
}

/** Where what follows ends, which has its length before it. */
export function readEnd(cursor: WireCursor): number {
  const length = readVarint(cursor);
  const end = cursor.at + length;
  if (end > cursor.end) throw new UnusualWire();
  return end;
}

/** Passes over a field that nobody asks for. */
export function skipField(cursor: WireCursor, tag: number): void {
  switch (tag & 7) {
    case 0:
      skipVarint(cursor);
      break;
    case 1:
      cursor.at += 8;
      break;
    case 2:
      cursor.at = readEnd(cursor);
      break;
    case 5:
      cursor.at += 4;
      break;
    default:
      throw new UnusualWire();
  }
  if (cursor.at > cursor.end) throw new UnusualWire();
}

function skipVarint(cursor: WireCursor): void {
  for (let count = 0; count < 10; count += 1) {
    const byte = cursor.bytes[cursor.at] ?? 0;
    cursor.at += 1;
    if (byte < 0x80) return;
  }
  throw new UnusualWire();
}

import { isAscii } from 'node:buffer';

/** A record's bytes and what they say. */
export interface RecordText {
  readonly bytes: Uint8Array;
  readonly text: string;
  /** Offsets in the text are offsets in the bytes. */
  readonly isAscii: boolean;
}

/** A text of which the beginning, up to `rest`, is to be replaced by `head`. */
export interface Masked {
  readonly head: string;
  readonly rest: number;
}

const sheetBytes = 256 * 1024;

export function readText(bytes: Uint8Array): RecordText {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  return isAscii(bytes)
    ? { bytes, text: buffer.toString('latin1'), isAscii: true }
    : { bytes, text: buffer.toString('utf8'), isAscii: false };
}

/**
 * Gives masked texts as bytes: those that were there where nothing was masked, else one text behind the other in large buffers,
 * for one buffer each costs the collector more than the text itself.
 */
export function createEncoder(): (read: RecordText, masked: Masked) => Uint8Array {
  let sheet = Buffer.alloc(0);
  let used = 0;
  return ({ bytes, text, ...read }, { head, rest }) => {
    if (head === text.slice(0, rest)) return bytes;
    // A character takes three bytes at most.
    const most = read.isAscii ? head.length + bytes.length - rest : (head.length + text.length - rest) * 3;
    if (most > sheetBytes) return Buffer.from(head + text.slice(rest), 'utf8');
    if (most > sheet.length - used) {
      sheet = Buffer.allocUnsafeSlow(sheetBytes);
      used = 0;
    }
    const from = used;
    used += read.isAscii ? sheet.write(head, used, 'latin1') : sheet.write(head + text.slice(rest), used, 'utf8');
    if (read.isAscii) {
      sheet.set(bytes.subarray(rest), used);
      used += bytes.length - rest;
    }
    return sheet.subarray(from, used);
  };
}

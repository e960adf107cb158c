import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { createGunzip } from 'node:zlib';

/** One file that is open for reading: it stays the same file when it is renamed or removed. */
export interface OpenLog {
  readonly path: string;
  readonly device: string;
  readonly inode: string;
  readonly isPacked: boolean;
  /** Bytes in it now; of a gzip'd file, as they lie on disk. */
  size(): Promise<number>;
  /** Hash of its first bytes as they are now; null where there are fewer. */
  head(length: number): Promise<string | null>;
  /** The next bytes; empty at the end, for now. */
  read(): Promise<Uint8Array>;
  close(): Promise<void>;
}

const chunkBytes = 512 * 1024;
/** A log that is followed gives little at a time, one that is caught up with much. */
const shortestChunk = 64 * 1024;
const longestChunk = 256 * 1024;

/** Opens a log for reading from an offset; of a gzip'd one the offset counts unpacked bytes. */
export async function openLog(path: string, offset: number): Promise<OpenLog> {
  const handle = await open(path, 'r');
  try {
    const stat = await handle.stat({ bigint: true });
    const isPacked = await isGzip(handle);
    const own = { path, device: String(stat.dev), inode: String(stat.ino), isPacked };
    const { read, stop } = isPacked ? packedReader(handle, offset) : plainReader(handle, offset);
    return {
      ...own,
      size: async () => (await handle.stat()).size,
      async head(length) {
        const { bytesRead, buffer } = await handle.read(Buffer.alloc(length), 0, length, 0);
        return bytesRead < length ? null : hashOf(buffer);
      },
      read,
      async close() {
        stop();
        await handle.close();
      },
    };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

async function isGzip(handle: FileHandle): Promise<boolean> {
  const { bytesRead, buffer } = await handle.read(Buffer.alloc(2), 0, 2, 0);
  return bytesRead === 2 && buffer[0] === 0x1f && buffer[1] === 0x8b;
}

interface Reader {
  readonly read: () => Promise<Uint8Array>;
  readonly stop: () => void;
}

function plainReader(handle: FileHandle, offset: number): Reader {
  let at = offset;
  let size = shortestChunk;
  let ahead: Promise<Uint8Array> | null = null;
  const readAt = async (position: number): Promise<Uint8Array> => {
    const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafeSlow(size), 0, size, position);
    return buffer.subarray(0, bytesRead);
  };
  const read = async (): Promise<Uint8Array> => {
    const early = await ahead;
    // What was at its end some time ago may have grown since: only a reading that begins now can tell.
    const chunk = early === null || early.length === 0 ? await readAt(at) : early;
    at += chunk.length;
    const isBehind = chunk.length === size;
    size = isBehind ? Math.min(size * 4, longestChunk) : shortestChunk;
    ahead = isBehind ? readAt(at) : null;
    ahead?.catch(() => undefined);
    return chunk;
  };
  return { read, stop: () => undefined };
}

function packedReader(handle: FileHandle, offset: number): Reader {
  const stream = handle.createReadStream({ autoClose: false, start: 0, highWaterMark: 64 * 1024 });
  const unpacked = stream.pipe(createGunzip({ chunkSize: chunkBytes }));
  stream.on('error', (error) => unpacked.destroy(error));
  const chunks: AsyncIterator<Buffer> = unpacked[Symbol.asyncIterator]();
  let skip = offset;
  const read = async (): Promise<Uint8Array> => {
    for (;;) {
      const next = await chunks.next();
      if (next.done) return new Uint8Array(0);
      if (skip >= next.value.length) {
        skip -= next.value.length;
        continue;
      }
      const rest = next.value.subarray(skip);
      skip = 0;
      return rest;
    }
  };
  const stop = (): void => {
    stream.destroy();
    unpacked.destroy();
  };
  return { read, stop };
}

function hashOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex').slice(0, 32);
}

/** What a log is known by: a hash of its first bytes. */
export interface Fingerprint {
  readonly length: number;
  readonly hash: string;
}

const longest = 1024;

/** Of the first 1,024 bytes, or of a first line and what follows, or of a given number of bytes; null where there are fewer. */
export async function readFingerprint(path: string, length?: number): Promise<Fingerprint | null> {
  const log = await openLog(path, 0);
  try {
    const wanted = length ?? longest;
    const parts: Uint8Array[] = [];
    let size = 0;
    while (size < wanted) {
      const chunk = await log.read();
      if (chunk.length === 0) break;
      parts.push(chunk);
      size += chunk.length;
    }
    const start = Buffer.concat(parts).subarray(0, wanted);
    const isEnough = length === undefined ? start.length === longest || start.includes(10) : start.length === length;
    if (!isEnough) return null;
    return { length: start.length, hash: hashOf(start) };
  } finally {
    await log.close();
  }
}

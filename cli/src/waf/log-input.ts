import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { createGunzip } from 'node:zlib';
import { CommandError } from '../command.ts';
import type { Io } from '../command.ts';

/** The bytes of one log, unpacked. */
export interface LogInput {
  readonly name: string;
  /** The next bytes; null where there are none. */
  next(): Promise<Uint8Array | null>;
  /** Known with the last bytes already, so that a folder of many small files is never open at the same time. */
  readonly isAtEnd: boolean;
  close(): void;
}

/** The files that the arguments name: a directory stands for all files in it, `-` for standard input. */
export async function listLogs(paths: readonly string[]): Promise<string[]> {
  if (paths.filter((path) => path === '-').length > 1) throw new CommandError('Standard input can be read only once.');
  return (await Promise.all(paths.map(filesOf))).flat();
}

async function filesOf(path: string): Promise<string[]> {
  if (path === '-') return [path];
  const found = await stat(path).catch((error: unknown) => {
    throw unreadable(path, error);
  });
  if (!found.isDirectory()) return [path];
  const entries = await readdir(path, { withFileTypes: true }).catch((error: unknown) => {
    throw unreadable(path, error);
  });
  const names = entries.toSorted((left, right) => (left.name < right.name ? -1 : 1));
  const nested = names.map((entry) => {
    const inside = join(path, entry.name);
    if (entry.isDirectory()) return filesOf(inside);
    return entry.isFile() ? [inside] : [];
  });
  return (await Promise.all(nested)).flat();
}

/** Opens a log; gzip is recognised by its first bytes. */
export function openLogInput(path: string, io: Io): LogInput {
  const name = path === '-' ? 'standard input' : path;
  const open = (): NodeJS.ReadableStream =>
    path === '-' ? io.stdin : createReadStream(path, { highWaterMark: 512 * 1024, signal: io.signal });
  const chunks = unpacked(open);
  let ahead: Uint8Array | null = null;
  let isAtEnd = false;
  const read = async (): Promise<Uint8Array | null> => {
    const { done, value } = await chunks.next();
    isAtEnd = done === true;
    return done ? null : value;
  };
  return {
    name,
    get isAtEnd() {
      return isAtEnd;
    },
    async next() {
      try {
        const chunk = ahead ?? (await read());
        ahead = isAtEnd ? null : await read();
        return chunk;
      } catch (error) {
        io.signal.throwIfAborted();
        throw unreadable(name, error);
      }
    },
    close: () => void chunks.return(undefined),
  };
}

/** Opened with the first reading. */
async function* unpacked(open: () => NodeJS.ReadableStream): AsyncGenerator<Uint8Array, void, undefined> {
  const chunks: AsyncIterator<string | Buffer> = open()[Symbol.asyncIterator]();
  const first = await chunks.next();
  if (first.done) return;
  const start = Buffer.from(first.value);
  const rest = concatenated(start, chunks);
  if (start[0] !== 0x1f || start[1] !== 0x8b) return yield* rest;
  const unzip = createGunzip({ chunkSize: 512 * 1024 });
  const feeding = feed(rest, unzip);
  yield* unzip;
  await feeding;
}

async function* concatenated(
  first: Buffer,
  chunks: AsyncIterator<string | Buffer>,
): AsyncGenerator<Uint8Array, void, undefined> {
  yield first;
  for (let next = await chunks.next(); !next.done; next = await chunks.next()) yield Buffer.from(next.value);
}

async function feed(
  chunks: AsyncIterable<Uint8Array>,
  into: NodeJS.WritableStream & { destroy(error?: Error): unknown },
) {
  try {
    for await (const chunk of chunks) if (!into.write(chunk)) await new Promise((resume) => into.once('drain', resume));
    into.end();
  } catch (error) {
    into.destroy(error instanceof Error ? error : new Error(String(error)));
  }
}

function unreadable(name: string, error: unknown): CommandError {
  const { code, message } = error as NodeJS.ErrnoException;
  const reasons: Record<string, string> = {
    ENOENT: 'there is no such file',
    EACCES: 'it may not be read',
    Z_BUF_ERROR: 'the compressed data ends too early',
    Z_DATA_ERROR: 'the compressed data is damaged',
  };
  return new CommandError(`${name}: ${reasons[code ?? ''] ?? message}`);
}

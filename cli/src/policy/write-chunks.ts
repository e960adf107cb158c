import type { Io } from '../command.ts';

const chunkLength = 1 << 16;

/** Writes many small texts as few large ones, and waits for the reader. */
export async function writeChunks(texts: Iterable<string>, io: Pick<Io, 'out' | 'signal'>): Promise<void> {
  let chunk = '';
  for (const text of texts) {
    chunk += text;
    if (chunk.length < chunkLength) continue;
    io.signal.throwIfAborted();
    await io.out(chunk);
    chunk = '';
  }
  if (chunk !== '') await io.out(chunk);
}

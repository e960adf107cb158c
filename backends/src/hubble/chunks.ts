import type { Readable } from 'node:stream';

const mostHeld = 250;

/**
 * What a stream of objects has given until it is asked: a promise for each of them would cost more than to read it. A stream that is
 * not asked is held back.
 */
export async function* inChunks<T>(stream: Readable): AsyncGenerator<readonly T[]> {
  let held: T[] = [];
  let end: { readonly error?: unknown } | undefined;
  let wake = (): void => undefined;
  stream.on('data', (one: T) => {
    // What comes with it, in the same turn of the event loop, is one chunk.
    if (held.length === 0) setImmediate(() => wake());
    if (held.push(one) >= mostHeld) stream.pause();
  });
  stream.once('end', () => stopped({}));
  stream.on('error', (error) => stopped({ error }));

  function stopped(how: { readonly error?: unknown }): void {
    end ??= how;
    wake();
  }

  for (;;) {
    if (held.length === 0 && end === undefined)
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    const chunk = held;
    held = [];
    if (chunk.length > 0) {
      stream.resume();
      yield chunk;
    } else if (end !== undefined) {
      if ('error' in end) throw end.error;
      return;
    }
  }
}

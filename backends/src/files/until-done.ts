import { setTimeout as sleep } from 'node:timers/promises';

const longestWaitMs = 30_000;

/** Tries again for as long as it fails: a disk that is full may have room again. Only an abort ends it. */
export async function untilDone(
  work: () => Promise<void>,
  { signal, onFailure }: { readonly signal: AbortSignal; readonly onFailure: (error: unknown) => void },
): Promise<void> {
  for (let wait = 500; ; wait = Math.min(wait * 2, longestWaitMs)) {
    try {
      return await work();
    } catch (error) {
      if (signal.aborted) throw error;
      onFailure(error);
      await sleep(wait, undefined, { signal });
    }
  }
}

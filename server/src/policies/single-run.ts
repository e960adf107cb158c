/** Work that several may wait for: done once at a time for each key, and stopped when nobody waits any more. */
export type SingleRuns<T> = (key: string, signal: AbortSignal, work: (stop: AbortSignal) => Promise<T>) => Promise<T>;

interface Running<T> {
  readonly result: Promise<T>;
  readonly stop: AbortController;
  waiting: number;
}

export function createSingleRuns<T>(): SingleRuns<T> {
  const running = new Map<string, Running<T>>();

  function start(key: string, work: (stop: AbortSignal) => Promise<T>): Running<T> {
    const stop = new AbortController();
    const result = work(stop.signal).finally(() => {
      if (running.get(key)?.stop === stop) running.delete(key);
    });
    result.catch(() => undefined);
    const started = { result, stop, waiting: 0 };
    running.set(key, started);
    return started;
  }

  return async (key, signal, work) => {
    signal.throwIfAborted();
    const one = running.get(key) ?? start(key, work);
    one.waiting += 1;
    let leave = (): void => undefined;
    const left = new Promise<never>((_, reject) => {
      leave = () => {
        one.waiting -= 1;
        if (one.waiting === 0) {
          running.delete(key);
          one.stop.abort(signal.reason);
        }
        reject(signal.reason);
      };
    });
    left.catch(() => undefined);
    signal.addEventListener('abort', leave, { once: true });
    try {
      return await Promise.race([one.result, left]);
    } finally {
      signal.removeEventListener('abort', leave);
    }
  };
}

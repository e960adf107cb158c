import { Worker } from 'node:worker_threads';
import { attributePacked } from '../packed-transactions.ts';
import type { LogWriter } from '../transaction-store.ts';
import type { Tail, TailOptions, TailProgress, TailStatus } from './tail.ts';
import type { FromReader, ReadingOrder, StoreCall, ToReader } from './tail-messages.ts';

export type ThreadOptions = Omit<TailOptions, 'pattern' | 'onProgress'> & {
  readonly onProgress?: (progress: TailProgress) => void;
  /** The built `tail-worker.ts`; it stands beside the built program. */
  readonly worker?: URL;
};

/**
 * Of a thread's heap. The first is as fast as more. The second is far more than it needs, and keeps what is not needed any more
 * from being kept for long: without a limit the heap grows to four times what is in use before it is swept.
 */
const heapMb = { young: 16, old: 512 };
const againMs = 2000;
const graceMs = 15_000;

/**
 * As `tailWafLogs`, on a thread of its own. Should that end of itself, another goes on from what is stored, and the status says
 * why.
 */
export function tailWafLogsInThread(options: ThreadOptions): Tail {
  const { source, auditFiles, accessFiles, pollMs, store, signal } = options;
  const order: ReadingOrder = {
    source,
    auditFiles,
    accessFiles,
    ...(pollMs === undefined ? {} : { pollMs }),
    timeZone: options.timeZone?.name ?? null,
  };
  let status: TailStatus = { state: 'ok', reason: null, newestMs: null, stored: 0, malformed: 0, zone: 'UTC' };
  /** By threads that are gone. */
  let before = { stored: 0, malformed: 0 };
  let failure: string | null = null;
  let isClosing = false;
  let running: Running | null = null;
  let timer: NodeJS.Timeout | undefined;
  let settled: { resolve: () => void; reject: (error: unknown) => void } = { resolve: noop, reject: noop };
  const caughtUp = new Promise<void>((resolve, reject) => (settled = { resolve, reject }));
  caughtUp.catch(noop);

  function hear(message: Exclude<FromReader, { type: 'call' }>): void {
    switch (message.type) {
      case 'status':
        status = message.status;
        failure = null;
        return;
      case 'progress':
        return options.onProgress?.(message.progress);
      case 'caught-up':
        return settled.resolve();
      case 'failed':
        return settled.reject(new Error(message.message));
    }
  }

  function start(): void {
    running = startThread({
      url: options.worker ?? new URL('./tail-worker.mjs', import.meta.url),
      order,
      hear,
      answer: (call) => callStore(store, call, options),
    });
    void running.ended.then((reason) => {
      before = { stored: before.stored + status.stored, malformed: before.malformed + status.malformed };
      status = { ...status, stored: 0, malformed: 0 };
      if (isClosing) return;
      failure = `its logs are not read for now: ${reason}`;
      timer = setTimeout(start, againMs);
    });
  }

  async function close(): Promise<void> {
    isClosing = true;
    clearTimeout(timer);
    await running?.close();
    settled.resolve();
  }

  start();
  signal.addEventListener('abort', () => void close(), { once: true });

  return {
    caughtUp,
    status: () => ({
      ...status,
      ...(failure === null ? {} : { state: 'missing', reason: failure }),
      stored: before.stored + status.stored,
      malformed: before.malformed + status.malformed,
    }),
    close,
  };
}

interface Running {
  /** Why it ended; what it had asked of the store is done by then. */
  readonly ended: Promise<string>;
  close(): Promise<void>;
}

function startThread(options: {
  readonly url: URL;
  readonly order: ReadingOrder;
  readonly hear: (message: Exclude<FromReader, { type: 'call' }>) => void;
  readonly answer: (call: StoreCall) => Promise<unknown>;
}): Running {
  const worker = new Worker(options.url, {
    workerData: options.order,
    resourceLimits: { maxYoungGenerationSizeMb: heapMb.young, maxOldGenerationSizeMb: heapMb.old },
  });
  const asked = new Set<Promise<void>>();
  const send = (message: ToReader): void => worker.postMessage(message);
  let reason = 'the thread that reads them has ended';

  async function answer(id: number, call: StoreCall): Promise<void> {
    try {
      send({ type: 'answer', id, value: await options.answer(call) });
    } catch (error) {
      send({ type: 'refusal', id, message: messageOf(error) });
    }
  }

  worker.on('message', (message: FromReader) => {
    if (message.type !== 'call') return options.hear(message);
    const done = answer(message.id, message.call).finally(() => asked.delete(done));
    asked.add(done);
  });
  worker.on('error', (error) => (reason = messageOf(error)));
  // Else the next thread would store once more what is being stored.
  const ended = new Promise<void>((resolve) => worker.once('exit', () => resolve()))
    .then(() => Promise.all(asked))
    .then(() => reason);
  return {
    ended,
    async close() {
      send({ type: 'close' });
      const late = setTimeout(() => void worker.terminate(), graceMs);
      await ended;
      clearTimeout(late);
    },
  };
}

function callStore(store: LogWriter, call: StoreCall, { source, attribute }: ThreadOptions): Promise<unknown> {
  switch (call.name) {
    case 'append':
      return store.append({ ...call.batch, transactions: attributePacked(call.batch.transactions, attribute) });
    case 'unjoined':
      return store.unjoined(source, call.wanted);
    case 'files':
      return store.files(source);
    case 'newFileId':
      return store.newFileId();
    case 'storedPlaces':
      return store.storedPlaces(source);
    case 'openGaps':
      return store.openGaps(source);
    case 'clientsOfUnjoinedRecords':
      return store.clientsOfUnjoinedRecords(source);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function noop(): void {}

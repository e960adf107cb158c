import { parentPort, workerData } from 'node:worker_threads';
import { readTimeZone } from '@bartizan/waf';
import { createRemoteStore } from './remote-store.ts';
import { tailWafLogs } from './tail.ts';
import type { FromReader, ReadingOrder, ToReader } from './tail-messages.ts';

const statusEveryMs = 200;

/** Follows a firewall's logs on a thread of its own: reading and masking them takes no time from those who ask. */
function run({ timeZone, ...order }: ReadingOrder): void {
  const tell = (message: FromReader): void => parentPort?.postMessage(message);
  const store = createRemoteStore((id, call) => tell({ type: 'call', id, call }));
  const tail = tailWafLogs({
    ...order,
    timeZone: timeZone === null ? null : readTimeZone(timeZone),
    store,
    // Where a request went is told where the transactions are stored.
    attribute: () => null,
    clock: () => new Date(),
    signal: new AbortController().signal,
    onProgress: (progress) => tell({ type: 'progress', progress }),
  });
  const tellStatus = (): void => tell({ type: 'status', status: tail.status() });
  const timer = setInterval(tellStatus, statusEveryMs);
  tail.caughtUp.then(
    () => {
      tellStatus();
      tell({ type: 'caught-up' });
    },
    (error: unknown) => tell({ type: 'failed', message: error instanceof Error ? error.message : String(error) }),
  );
  parentPort?.on('message', (message: ToReader) => {
    switch (message.type) {
      case 'answer':
        return store.answer(message.id, message.value);
      case 'refusal':
        return store.refuse(message.id, message.message);
      case 'close':
        return void tail.close().finally(() => {
          clearInterval(timer);
          tellStatus();
          parentPort?.close();
        });
    }
  });
}

run(workerData as ReadingOrder);

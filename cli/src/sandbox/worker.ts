import { parentPort, workerData } from 'node:worker_threads';
import { startSandbox } from '@bartizan/sandbox';
import type { FromSandbox, Story, ToSandbox } from './messages.ts';

/** The sandbox on a thread of its own, so that making its history and storing it do not wait for each other. */
async function run(story: Story): Promise<void> {
  const stop = new AbortController();
  const tell = (message: FromSandbox): void => parentPort?.postMessage(message);
  const { ready, close, ...places } = await startSandbox({ ...story, now: () => new Date(), signal: stop.signal });
  parentPort?.once('message', (_message: ToSandbox) => {
    stop.abort(new Error('closing'));
    void close().then(() => process.exit(0));
  });
  tell({ type: 'started', places });
  await ready;
  tell({ type: 'ready' });
}

run(workerData as Story).catch((error: unknown) => {
  const message: FromSandbox = {
    type: 'failed',
    message: error instanceof Error ? (error.stack ?? error.message) : String(error),
  };
  parentPort?.postMessage(message);
});

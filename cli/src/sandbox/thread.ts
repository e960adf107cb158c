import { Worker } from 'node:worker_threads';
import type { FromSandbox, SandboxPlaces, Story, ToSandbox } from './messages.ts';

export interface SandboxThread {
  readonly places: SandboxPlaces;
  /** All its history is there to be read. */
  readonly ready: Promise<void>;
  close(): Promise<void>;
}

const graceMs = 3000;
/** Making the history leaves much short-lived behind: with the usual 16 MB a third of the time goes into sweeping it. */
const youngMb = 64;

/** Starts a sandbox on a thread of its own. The file stands beside the built program. */
export async function startSandboxThread(story: Story): Promise<SandboxThread> {
  const worker = new Worker(new URL('./sandbox-worker.mjs', import.meta.url), {
    workerData: story,
    resourceLimits: { maxYoungGenerationSizeMb: youngMb },
  });
  const exited = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
  let isReady = (): void => {};
  const ready = new Promise<void>((resolve) => {
    isReady = resolve;
  });
  const places = await new Promise<SandboxPlaces>((resolve, reject) => {
    worker.on('error', reject);
    worker.on('message', (message: FromSandbox) => {
      if (message.type === 'started') resolve(message.places);
      else if (message.type === 'ready') isReady();
      else reject(new Error(message.message));
    });
  });
  return {
    places,
    ready,
    async close() {
      const message: ToSandbox = { type: 'close' };
      worker.postMessage(message);
      const timer = setTimeout(() => void worker.terminate(), graceMs);
      await exited;
      clearTimeout(timer);
    },
  };
}

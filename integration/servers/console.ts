import { fileURLToPath } from 'node:url';
import { startProgram, until } from './process.ts';
import type { Running } from './process.ts';

export const launcher = fileURLToPath(new URL('../../cli/bin/bartizan.mjs', import.meta.url));

export interface RunningConsole {
  readonly url: string;
  /** Milliseconds from the start of the program until it printed its address. */
  readonly startedInMs: number;
  readonly program: Running;
  json<T>(path: string): Promise<T>;
  stop(): Promise<number | null>;
}

/** Starts `bartizan` with these arguments and waits for the address that it prints. */
export async function startConsole(args: readonly string[]): Promise<RunningConsole> {
  const started = performance.now();
  const program = startProgram(process.execPath, [launcher, ...args]);
  const url = await program.firstLine();
  if (!url.startsWith('http')) throw new Error(`the console did not start: ${program.output()}`);
  return {
    url,
    startedInMs: performance.now() - started,
    program,
    async json<T>(path: string) {
      const answer = await fetch(`${url}${path}`);
      if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
      return (await answer.json()) as T;
    },
    async stop() {
      await program.stop();
      return program.exited;
    },
  };
}

export async function untilReady({ url }: RunningConsole, withinMs = 60_000): Promise<void> {
  await until('ready', async () => ((await fetch(`${url}/readyz`)).status === 200 ? true : undefined), { withinMs });
}

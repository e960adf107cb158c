import { setFlagsFromString } from 'node:v8';
import { pino } from 'pino';
import type { ExitCode, Io } from '../command.ts';
import type { Config } from '../config/config.ts';
import { startConsole } from './start-console.ts';

/**
 * By how much of what is in use the heap may grow before it is swept whole; unless said it is up to four times as much, which a
 * console that follows 20,000 flows a second takes and keeps.
 */
const heapGrowth = '--heap-growing-percent=40';

/** Runs the console until the signal; its address is the only thing on standard output. */
export async function runConsole(options: {
  readonly config: Config;
  readonly configName: string;
  readonly io: Io;
  readonly historyMade?: Promise<void>;
}): Promise<ExitCode> {
  const { config, configName, io, historyMade } = options;
  setFlagsFromString(heapGrowth);
  const log = pino({ level: io.env['LOG_LEVEL'] ?? 'warn', base: null }, { write: (line: string) => io.err(line) });
  const running = await startConsole({
    config,
    configName,
    env: io.env,
    clock: () => new Date(),
    log,
    signal: io.signal,
    ...(historyMade ? { historyMade } : {}),
  });
  try {
    if (running.newToken !== null) io.err(`Access token, shown this once: ${running.newToken}\n`);
    await io.out(`${running.url}\n`);
    await aborted(io.signal);
  } finally {
    await running.close();
  }
  return 0;
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

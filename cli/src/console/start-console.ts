import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createApp } from '@bartizan/server';
import type { Deps, SourceHandle } from '@bartizan/server';
import type { Logger } from 'pino';
import { CommandError } from '../command.ts';
import type { Config } from '../config/config.ts';
import { allowedNames, readExposure } from '../config/exposure.ts';
import { version } from '../version.ts';
import { prepareSignIn } from './access-token.ts';
import { environmentsOf } from './environments.ts';
import { openSources } from './open-sources.ts';
import { pagesFolder } from './pages-folder.ts';

export interface ConsoleOptions {
  readonly config: Config;
  /** What errors call the configuration. */
  readonly configName: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly clock: () => Date;
  readonly log: Logger;
  readonly signal: AbortSignal;
  /** Ready only when this has come and what the sources have is stored, as the sandbox wants it; else as soon as it can answer. */
  readonly historyMade?: Promise<void>;
}

export interface RunningConsole {
  /** Its origin, as a browser opens it. */
  readonly url: string;
  /** Printed once, at the first start that needs one. */
  readonly newToken: string | null;
  close(): Promise<void>;
}

/** Opens the sources, starts the console on them and listens. */
export async function startConsole(options: ConsoleOptions): Promise<RunningConsole> {
  const { config, configName, clock, log } = options;
  const exposure = readExposure(config, configName);
  const tls = config.tls ? await readTls(config.tls) : undefined;
  const pages = await pagesFolder();
  const sources = await openSources(options);
  try {
    const { signIn, newToken } = await prepareSignIn(sources.state, exposure);
    const isReady = readiness(options.historyMade, sources.handles);
    const allowed: { hosts: string[]; origins: string[] } = { hosts: [], origins: [] };
    const deps: Deps = {
      environments: () => environmentsOf(config, sources.clusters),
      ...sources.ports,
      clusters: sources.clusters,
      state: sources.state,
      sources: sources.handles,
      thresholds: config.thresholds,
      allowed,
      signIn,
      pages,
      version,
      isReady,
      clock,
      log,
    };
    const app = await createApp(deps, tls ? { tls } : {});
    const port = await listen(app, exposure, configName);
    const names = allowedNames({ host: exposure.host, port, publicUrl: config.publicUrl, tls: tls !== undefined });
    allowed.hosts.push(...names.hosts);
    allowed.origins.push(...names.origins);
    const shownHost = exposure.host.includes(':') ? `[${exposure.host}]` : exposure.host;
    return {
      url: config.publicUrl ?? `${tls ? 'https' : 'http'}://${shownHost}:${port}`,
      newToken,
      async close() {
        await app.close();
        await sources.close();
      },
    };
  } catch (error) {
    await sources.close();
    throw error;
  }
}

/** Once ready, always ready: a source that falls behind later is named, and does not hold the console back. */
function readiness(historyMade: Promise<void> | undefined, handles: readonly SourceHandle[]): () => boolean {
  let isMade = historyMade === undefined;
  let isReady = isMade;
  void historyMade?.then(() => {
    isMade = true;
  });
  return () => (isReady ||= isMade && !handles.some((handle) => handle.isCatchingUp?.()));
}

async function listen(
  app: Awaited<ReturnType<typeof createApp>>,
  at: { host: string; port: number },
  configName: string,
): Promise<number> {
  try {
    await app.listen(at);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'EADDRINUSE')
      throw new CommandError(`Port ${at.port} of ${at.host} is in use. Take another with --port, or 0 for a free one.`);
    if (code === 'EACCES' || code === 'EADDRNOTAVAIL')
      throw new CommandError(`${configName}: listen: ${at.host}:${at.port} cannot be listened on (${code}).`);
    throw error;
  }
  const address = app.server.address();
  return typeof address === 'object' && address !== null ? address.port : at.port;
}

async function readTls(files: { certificate: string; key: string }): Promise<{ cert: string; key: string }> {
  const read = (file: string): Promise<string> =>
    readFile(file, 'utf8').catch((error: unknown) => {
      throw new CommandError(`tls: ${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
    });
  return { cert: await read(files.certificate), key: await read(files.key) };
}

/** Where state and history are kept. */
export function dataFile(config: Config, name: string): string {
  return join(config.dataFolder, name);
}

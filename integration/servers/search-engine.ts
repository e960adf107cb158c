import { existsSync, readdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { installedProgram, missing } from './installed.ts';
import type { Running } from './process.ts';
import { freePorts, startProgram, until } from './process.ts';

export type EngineName = 'opensearch' | 'elasticsearch';

const mains = { opensearch: 'OpenSearchNode', elasticsearch: 'ElasticsearchNode' } as const;

function builtFolder(name: EngineName): string | null {
  const cache = join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'bartizan', 'servers');
  const found = existsSync(cache) ? readdirSync(cache).find((one) => new RegExp(`^${name}-[0-9.]+$`).test(one)) : null;
  return found ? join(cache, found) : null;
}

export function searchEngineMissing(name: EngineName): string | null {
  return missing({ java: installedProgram('java'), [name]: builtFolder(name) });
}

export interface SearchEngine {
  readonly name: EngineName;
  readonly url: string;
  ask(method: string, path: string, body?: unknown): Promise<unknown>;
  /** Adds documents, each with its index, and makes them visible. */
  load(documents: readonly Loaded[]): Promise<void>;
  pause(): void;
  resume(): void;
  start(): Promise<void>;
  stop(): Promise<void>;
  remove(): Promise<void>;
}

export interface Loaded {
  readonly index: string;
  readonly source: unknown;
}

const batch = 5000;

/** A real node on the loopback address, with a small heap and a folder of its own. */
export async function startSearchEngine(name: EngineName): Promise<SearchEngine> {
  const folder = await mkdtemp(join(tmpdir(), `bartizan-${name}-`));
  const [port] = await freePorts(1);
  const url = `http://127.0.0.1:${port}`;
  const built = builtFolder(name) ?? '';
  let running: Running | null = null;

  async function send(method: string, path: string, body?: string): Promise<unknown> {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: { 'content-type': path.includes('_bulk') ? 'application/x-ndjson' : 'application/json' },
      ...(body === undefined ? {} : { body }),
    });
    const answer: unknown = await response.json();
    if (!response.ok) throw new Error(`${method} ${path}: ${JSON.stringify(answer).slice(0, 500)}`);
    return answer;
  }

  async function start(): Promise<void> {
    running = startProgram(
      installedProgram('java') ?? '',
      [
        '-Xms512m',
        '-Xmx512m',
        '-XX:+UseSerialGC',
        '-XX:TieredStopAtLevel=1',
        '-Dlog4j2.disable.jmx=true',
        '-Dlog4j.shutdownHookEnabled=false',
        '-cp',
        `${join(built, 'classes')}:${join(built, 'lib', '*')}`,
        mains[name],
        String(port),
        folder,
      ],
      { cwd: folder },
    );
    const program = running;
    const isUp = async () => ((await fetch(url, { signal: AbortSignal.timeout(5000) })).ok ? true : undefined);
    const hasEnded = program.exited.then((code) => Promise.reject(new Error(`it ended with ${code}`)));
    await Promise.race([until(`${name} answers`, isUp, { withinMs: 120_000 }), hasEnded]).catch((error: unknown) => {
      throw new Error(`${name} did not start: ${program.output()}`, { cause: error });
    });
    hasEnded.catch(() => undefined);
  }

  await start();
  return {
    name,
    url,
    ask: (method, path, body) => send(method, path, body === undefined ? undefined : JSON.stringify(body)),
    async load(documents) {
      for (let from = 0; from < documents.length; from += batch) {
        const lines = documents
          .slice(from, from + batch)
          .map(({ index, source }) => `${JSON.stringify({ create: { _index: index } })}\n${JSON.stringify(source)}\n`);
        const answer = await send('POST', '/_bulk', lines.join(''));
        if (JSON.stringify(answer).includes('"error"'))
          throw new Error(`not loaded: ${/"error":.{0,400}/.exec(JSON.stringify(answer))?.[0]}`);
      }
      await send('POST', '/_refresh');
    },
    pause: () => void process.kill(running?.pid ?? 0, 'SIGSTOP'),
    resume: () => void process.kill(running?.pid ?? 0, 'SIGCONT'),
    start,
    stop: async () => running?.stop(15_000),
    async remove() {
      await running?.stop(15_000);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

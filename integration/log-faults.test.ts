import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  chownSync,
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { WafStatistics } from '@bartizan/api';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { launcher, startConsole } from './servers/console.ts';
import type { RunningConsole } from './servers/console.ts';
import { accessLineOf, auditRecordOf, statisticsPath, writeFirewallConfig } from './servers/followed-logs.ts';
import { startProgram, until } from './servers/process.ts';

const isRoot = process.getuid?.() === 0;
const nobody = 65_534;
/** Whatever is wrong with the logs, a page is there within so long. */
const longestMs = 3000;

let folder: string;
let config: string;
let running: RunningConsole | null = null;
let isMounted = false;
const at = (name: string): string => join(folder, name);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bartizan-log-faults-'));
  chmodSync(folder, 0o755);
  config = writeFirewallConfig(folder);
  mkdirSync(at('data'));
  write(0, 100);
});

afterEach(async () => {
  await running?.stop();
  running = null;
  if (isMounted) execFileSync('umount', [at('data')]);
  isMounted = false;
  rmSync(folder, { recursive: true, force: true });
});

function write(from: number, to: number): void {
  for (let n = from; n < to; n += 1) {
    appendFileSync(at('access.log'), accessLineOf(n));
    if (n % 2 === 0) appendFileSync(at('audit.log'), auditRecordOf(n));
  }
}

async function serve(): Promise<RunningConsole> {
  running = await startConsole(['serve', '--config', config, '--port', '0']);
  return running;
}

/** The figures and what is missing from them, and that a page came in time. */
async function ask(console: RunningConsole) {
  const started = performance.now();
  const { total, anomalous, coverage } = await console.json<WafStatistics>(statisticsPath);
  expect((await fetch(console.url)).status).toBe(200);
  expect(performance.now() - started).toBeLessThan(longestMs);
  return { total, anomalous, gaps: coverage.gaps.filter(({ source }) => source === 'edge') };
}

async function untilCounted(console: RunningConsole, total: number): Promise<void> {
  const wanted = JSON.stringify([total, Math.ceil(total / 2)]);
  await until(
    `${total} are counted`,
    async () => {
      const found = await ask(console);
      return JSON.stringify([found.total, found.anomalous]) === wanted || undefined;
    },
    { withinMs: 90_000, everyMs: 300 },
  );
}

/** Until a gap that is still open names it. */
async function untilNamed(console: RunningConsole, words: RegExp): Promise<void> {
  await until(
    `a gap names ${words}`,
    async () => (await ask(console)).gaps.some(({ reason, to }) => words.test(reason) && !to) || undefined,
    { withinMs: 60_000, everyMs: 300 },
  );
}

/** The figures, as soon as no such gap is open. */
function mended(console: RunningConsole, words: RegExp) {
  return until(
    'the gap ends',
    async () => {
      const found = await ask(console);
      return found.gaps.every(({ reason, to }) => !words.test(reason) || to) ? found : undefined;
    },
    { withinMs: 60_000, everyMs: 300 },
  );
}

describe('logs and disk in trouble', () => {
  test('a log that is deleted is named, and followed again when it comes back', { timeout: 240_000 }, async () => {
    const console = await serve();
    await untilCounted(console, 100);
    for (const name of ['access.log', 'audit.log']) rmSync(at(name));
    await untilNamed(console, /there is no file .*audit\.log/);
    write(100, 160);
    await untilCounted(console, 160);
    expect(await mended(console, /there is no file/)).toMatchObject({ total: 160, anomalous: 80 });
  });

  test.skipIf(!isRoot)(
    'a log that may not be read any more is named, and read when it may (needs root)',
    { timeout: 240_000 },
    async () => {
      // Once as root, so that the program is built.
      execFileSync(process.execPath, [launcher, 'waf', 'report', '--help'], { stdio: 'ignore' });
      chownSync(at('data'), nobody, nobody);
      const program = startProgram('setpriv', [
        `--reuid=${nobody}`,
        `--regid=${nobody}`,
        '--clear-groups',
        process.execPath,
        launcher,
        'serve',
        '--config',
        config,
        '--port',
        '0',
      ]);
      const url = await program.firstLine();
      running = {
        url,
        startedInMs: 0,
        program,
        json: async (path) => (await fetch(`${url}${path}`)).json(),
        stop: async () => (await program.stop(), program.exited),
      };
      await untilCounted(running, 100);
      renameSync(at('audit.log'), at('old'));
      writeFileSync(at('audit.log'), '');
      chmodSync(at('audit.log'), 0o600);
      write(100, 160);
      await untilNamed(running, /audit\.log may not be read/);
      chmodSync(at('audit.log'), 0o644);
      await untilCounted(running, 160);
      expect(await mended(running, /may not be read/)).toMatchObject({ total: 160, anomalous: 80 });
    },
  );

  test.skipIf(!isRoot)(
    'a full disk loses nothing: what could not be stored is stored when there is room again (needs root)',
    { timeout: 300_000 },
    async () => {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=48m', 'tmpfs', at('data')]);
      isMounted = true;
      const console = await serve();
      await untilCounted(console, 100);
      fillUp(at('data/rest'));
      write(100, 12_000);
      await untilNamed(console, /records cannot be stored/);
      rmSync(at('data/rest'));
      await untilCounted(console, 12_000);
      expect(await mended(console, /cannot be stored/)).toMatchObject({ total: 12_000, anomalous: 6000 });
    },
  );
});

function fillUp(path: string): void {
  const file = openSync(path, 'w');
  try {
    for (let size = 1024 * 1024; size >= 512;)
      try {
        writeSync(file, Buffer.alloc(size));
      } catch {
        size /= 2;
      }
  } finally {
    closeSync(file);
  }
}

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import type { Command } from '../command.ts';

/** Runs a command with standard input, and catches what it prints and throws. */
export async function runCommand(command: Command, args: readonly string[], input = '') {
  const stdin = new PassThrough();
  stdin.end(input);
  const written = { out: '', err: '' };
  const io = {
    out: async (text: string) => void (written.out += text),
    err: (text: string) => void (written.err += text),
    stdin,
    env: {},
    signal: new AbortController().signal,
  };
  try {
    return { code: await command.run(args, io), ...written };
  } catch (error) {
    return { code: 2, ...written, err: `${written.err}${error instanceof Error ? error.message : String(error)}` };
  }
}

/** A folder of its own for one test, gone afterwards. */
export async function withFiles<T>(
  files: Readonly<Record<string, string | Buffer>>,
  body: (path: (name: string) => string) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'bartizan-'));
  try {
    for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
    return await body((name) => join(folder, name));
  } finally {
    await rm(folder, { recursive: true });
  }
}

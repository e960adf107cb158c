import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import type { Command } from '../command.ts';

export interface CommandRun {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs a command with files of its own in a folder that goes again. */
export async function runWithFiles(
  command: Command,
  args: readonly string[],
  files: Readonly<Record<string, string | Buffer>>,
  input: string | Buffer = '',
): Promise<CommandRun> {
  const folder = await mkdtemp(join(tmpdir(), 'bartizan-policy-'));
  try {
    for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
    const stdin = new PassThrough();
    stdin.end(input);
    const written = { out: '', err: '' };
    const code = await command.run(
      args.map((arg) => (arg in files ? join(folder, arg) : arg)),
      {
        out: async (text) => void (written.out += text),
        err: (text) => void (written.err += text),
        stdin,
        env: {},
        signal: new AbortController().signal,
      },
    );
    return { code, ...written };
  } finally {
    await rm(folder, { recursive: true });
  }
}

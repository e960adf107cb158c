import { isUtf8 } from 'node:buffer';
import { readFile } from 'node:fs/promises';
import { CommandError } from '../command.ts';
import type { Io } from '../command.ts';

/** The text of one file, or of standard input for `-`, so that writing it as UTF-8 gives the same bytes. */
export async function readText(path: string, io: Pick<Io, 'stdin'>): Promise<string> {
  const name = path === '-' ? '<stdin>' : path;
  const bytes = path === '-' ? await readAll(io.stdin) : await readBytes(path);
  if (!isUtf8(bytes)) throw new CommandError(`${name}: this is not UTF-8 text: save it as UTF-8`);
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
}

async function readBytes(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    const reason = error instanceof Error ? error.message.replace(/, \w+( '.*')?$/, '') : String(error);
    throw new CommandError(`${path}: cannot be read (${reason}): check the path and its permissions`);
  }
}

async function readAll(stdin: NodeJS.ReadableStream): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stdin) chunks.push(typeof chunk === 'string' ? Buffer.from(chunk) : chunk);
  return Buffer.concat(chunks);
}

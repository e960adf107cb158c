import { open } from 'node:fs/promises';
import { createGunzip } from 'node:zlib';
import type { SourceStatus } from '@bartizan/api';
import { findFiles } from '@bartizan/backends/files';

const sampleBytes = 256 * 1024;

export type Found = Pick<SourceStatus, 'state' | 'reason'>;

interface Expected {
  /** `audit log` */
  readonly name: string;
  /** `start` is some of the file, and not empty. */
  judge(file: string, start: string): Found;
}

/** Whether files are there, may be read and begin with what is judged well. Reads the beginning of each alone. */
export async function probeFiles(patterns: readonly string[], expected: Expected): Promise<Found> {
  const files = (await Promise.all(patterns.map(findFiles))).flat();
  if (files.length === 0) return { state: 'missing', reason: `no ${expected.name} fits ${patterns.join(', ')}` };
  for (const file of files) {
    const found = await probeFile(file, expected);
    if (found.state !== 'ok') return found;
  }
  return { state: 'ok' };
}

async function probeFile(file: string, expected: Expected): Promise<Found> {
  try {
    const start = await readStart(file);
    return start.trim() === '' ? { state: 'ok', reason: `${file} is empty so far` } : expected.judge(file, start);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return { state: 'missing', reason: `there is no ${file}` };
    if (code === 'EACCES') return { state: 'forbidden', reason: `${file} may not be read` };
    return { state: 'misconfigured', reason: `${file}: ${message}` };
  }
}

async function readStart(file: string): Promise<string> {
  const handle = await open(file, 'r');
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(sampleBytes), 0, sampleBytes, 0);
    const bytes = buffer.subarray(0, bytesRead);
    return (file.endsWith('.gz') ? await gunzipStart(bytes) : bytes).toString('utf8');
  } finally {
    await handle.close();
  }
}

/** What comes out of the beginning of a gzip'd file, which ends in the middle. */
function gunzipStart(bytes: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const unzip = createGunzip();
    unzip.on('data', (chunk: Buffer) => chunks.push(chunk));
    unzip.once('end', () => resolve(Buffer.concat(chunks)));
    unzip.once('error', (error) => (chunks.length > 0 ? resolve(Buffer.concat(chunks)) : reject(error)));
    unzip.end(bytes);
  });
}

import { isUtf8 } from 'node:buffer';
import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { readManifests } from '@bartizan/policy';
import type { ManifestSet, Problem } from '@bartizan/policy';
import type { Io } from '../command.ts';
import type { Gap } from './flow-gaps.ts';
import type { ManifestSource } from './manifest-source.ts';

/** Said beside an answer that is fine because nothing was there: a path may have been mistyped. */
export const noPolicy = 'There is no network policy in what was read.\n';

/** One file of the arguments, read; `-` is standard input. */
export interface ManifestFile extends ManifestSet {
  readonly file: string;
  /** The file could not be had at all: the command's work is not complete. */
  readonly isUnreadable?: true;
  /** What a cluster did not let us read. */
  readonly gaps?: readonly Gap[];
}

const manifestName = /\.(ya?ml|json)$/i;
const largestFile = 512 * 1024 * 1024;

export type ReadingIo = Pick<Io, 'stdin' | 'signal' | 'env' | 'err'>;

/** Reads files, folders (with everything below), standard input and clusters, one file at a time; what fails is a problem. */
export async function* readManifestFiles(
  sources: readonly ManifestSource[],
  io: ReadingIo,
): AsyncGenerator<ManifestFile> {
  const visited = new Set<string>();
  for (const path of sources) {
    if (typeof path !== 'string') yield* (await import('./read-cluster.ts')).readCluster(path, io);
    else if (path === '-') yield fromBytes('<stdin>', await readStdin(io.stdin));
    else yield* readPath(path, visited, io.signal);
  }
}

/** The same, all at once. */
export async function readAllManifestFiles(
  sources: readonly ManifestSource[],
  io: ReadingIo,
): Promise<readonly ManifestFile[]> {
  const files: ManifestFile[] = [];
  for await (const file of readManifestFiles(sources, io)) files.push(file);
  return files;
}

async function* readPath(path: string, visited: Set<string>, signal: AbortSignal): AsyncGenerator<ManifestFile> {
  signal.throwIfAborted();
  try {
    const found = await stat(path);
    if (!found.isDirectory()) {
      yield await readOne(path, found.size);
      return;
    }
    const real = await realpath(path);
    if (visited.has(real)) return;
    visited.add(real);
  } catch (error) {
    yield unreadable(path, error);
    return;
  }
  yield* readFolder(path, visited, signal);
}

/** In the order of the names, without what is hidden (`.git`) and without `node_modules`. */
async function* readFolder(folder: string, visited: Set<string>, signal: AbortSignal): AsyncGenerator<ManifestFile> {
  let entries;
  try {
    entries = await readdir(folder, { withFileTypes: true });
  } catch (error) {
    yield unreadable(folder, error);
    return;
  }
  for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    if (entry.name.startsWith('.') || entry.name === 'node_modules') continue;
    const mayBeFolder = entry.isDirectory() || (entry.isSymbolicLink() && !manifestName.test(entry.name));
    const isManifest = manifestName.test(entry.name) && (entry.isFile() || entry.isSymbolicLink());
    const path = join(folder, entry.name);
    if (isManifest) yield* readPath(path, visited, signal);
    else if (mayBeFolder && (await isFolder(path))) yield* readPath(path, visited, signal);
  }
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

async function readOne(file: string, size: number): Promise<ManifestFile> {
  if (size > largestFile)
    return failed(file, 'too-large', `This file has ${Math.round(size / 1e6)} MB and is not read: split it`);
  try {
    return fromBytes(file, await readFile(file));
  } catch (error) {
    return unreadable(file, error);
  }
}

function fromBytes(file: string, bytes: Buffer): ManifestFile {
  const encoding =
    bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : 'utf-8';
  if (encoding === 'utf-8' && !isUtf8(bytes)) {
    return failed(file, 'not-utf8', 'This file is not UTF-8 text: save it as UTF-8');
  }
  const text = new TextDecoder(encoding, { ignoreBOM: true }).decode(bytes);
  return { ...readManifests(text, { file }), file };
}

async function readStdin(stdin: NodeJS.ReadableStream): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stdin) chunks.push(typeof chunk === 'string' ? Buffer.from(chunk) : chunk);
  return Buffer.concat(chunks);
}

function unreadable(file: string, error: unknown): ManifestFile {
  const reason = error instanceof Error ? error.message.replace(/, \w+ '.*'$/, '') : String(error);
  return failed(file, 'unreadable-file', `This cannot be read (${reason}): check the path and its permissions`);
}

function failed(file: string, code: string, message: string): ManifestFile {
  const problem: Problem = { code, severity: 'error', message, path: '' };
  return {
    file,
    text: '',
    manifests: [],
    problems: [problem],
    ...(code === 'unreadable-file' ? { isUnreadable: true } : {}),
  };
}

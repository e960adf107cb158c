import { createReadStream } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';
import { createGunzip } from 'node:zlib';
import { createConnectionReader, createExportReader } from '@bartizan/flow';
import type { ConnectionCoverage, ConnectionEdge, ExportEntry } from '@bartizan/flow';
import { CommandError } from '../command.ts';
import type { Io } from '../command.ts';
import { reportProgress } from './progress.ts';

/** What a file of flows holds besides flows, and what could not be read of it. */
export interface FlowNotes {
  readonly lost: ReadonlyMap<string, number>;
  readonly nodes: ReadonlyMap<string, string>;
  readonly broken: readonly { readonly file: string; readonly line: number; readonly reason: string }[];
  readonly brokenCount: number;
  readonly others: number;
}

export interface FlowsRead {
  readonly edges: readonly ConnectionEdge[];
  readonly coverage: ConnectionCoverage;
  readonly notes: FlowNotes;
}

export interface ReadFlowsOptions {
  /** Read one after the other as if they were one; `-` is standard input. */
  readonly files: readonly string[];
  readonly podAddresses: boolean;
  readonly io: Io;
}

const maxBrokenShown = 20;

/** Reads files of flows, gzip or not, line by line. */
export async function readFlows({ files, podAddresses, io }: ReadFlowsOptions): Promise<FlowsRead> {
  const connections = createConnectionReader({ podAddresses });
  const lost = new Map<string, number>();
  const nodes = new Map<string, string>();
  const broken: { file: string; line: number; reason: string }[] = [];
  const count = { file: '', line: 0, broken: 0, others: 0 };

  const take = (entry: ExportEntry): void => {
    switch (entry.kind) {
      case 'flow':
        progress.step();
        return connections.add(entry.record);
      case 'lost-events': {
        const source = `${entry.source} on ${entry.node ?? 'a node without a name'}`;
        return void lost.set(source, (lost.get(source) ?? 0) + entry.count);
      }
      case 'node-status':
        return entry.nodes.forEach((node) => nodes.set(node, entry.state));
      case 'other':
        count.others += 1;
        return;
      case 'broken':
        count.broken += 1;
        if (broken.length < maxBrokenShown) broken.push({ file: count.file, line: count.line, reason: entry.reason });
        return;
      default:
        return entry satisfies never;
    }
  };

  const progress = reportProgress(io, 'events read');
  for (const file of files) {
    count.file = file;
    count.line = 0;
    const reader = createExportReader();
    try {
      for await (const lines of linesOf(file, io)) {
        for (const line of lines) {
          count.line += 1;
          for (const entry of reader.line(line)) take(entry);
        }
      }
    } catch (error) {
      if (isCutGzip(error)) take({ kind: 'broken', reason: 'cut: the gzip file does not end' });
      else throw new CommandError(`cannot read the flows of ${nameOf(file)}: ${reasonOf(error)}`);
    }
    for (const entry of reader.end()) take(entry);
  }
  progress.end();
  const { edges, coverage } = connections.finish();
  const notes = { lost, nodes, broken, brokenCount: count.broken, others: count.others };
  return { edges, coverage, notes };
}

export function nameOf(file: string): string {
  return file === '-' ? 'standard input' : file;
}

async function* linesOf(file: string, io: Io): AsyncGenerator<string[]> {
  let decoder: StringDecoder | undefined;
  let rest = '';
  for await (const chunk of unzipped(file === '-' ? io.stdin : createReadStream(file, { signal: io.signal }))) {
    io.signal.throwIfAborted();
    // What `>` of Windows PowerShell writes.
    decoder ??= new StringDecoder(chunk[0] === 0xff && chunk[1] === 0xfe ? 'utf16le' : 'utf8');
    const text = decoder.write(chunk);
    const end = text.lastIndexOf('\n');
    if (end < 0) {
      rest += text;
      continue;
    }
    const lines = (rest + text.slice(0, end)).split('\n');
    rest = text.slice(end + 1);
    yield lines;
  }
  rest += decoder?.end() ?? '';
  if (rest !== '') yield [rest];
}

async function* unzipped(source: NodeJS.ReadableStream): AsyncGenerator<Buffer> {
  const chunks = source[Symbol.asyncIterator]();
  const first = await nextChunk(chunks);
  if (first === undefined) return;
  const all = prepend(first, chunks);
  if (first[0] !== 0x1f || first[1] !== 0x8b) return yield* all;
  const gunzip = createGunzip();
  const feeding = feed(all, gunzip);
  for await (const chunk of gunzip) yield bufferOf(chunk);
  await feeding;
}

async function feed(chunks: AsyncIterable<Buffer>, gunzip: ReturnType<typeof createGunzip>): Promise<void> {
  try {
    for await (const chunk of chunks) {
      if (!gunzip.write(chunk)) await new Promise((resolve) => gunzip.once('drain', resolve));
    }
    gunzip.end();
  } catch (error) {
    gunzip.destroy(error instanceof Error ? error : new Error(String(error)));
  }
}

async function* prepend(first: Buffer, rest: AsyncIterator<unknown>): AsyncGenerator<Buffer> {
  yield first;
  for (let next = await nextChunk(rest); next !== undefined; next = await nextChunk(rest)) yield next;
}

async function nextChunk(chunks: AsyncIterator<unknown>): Promise<Buffer | undefined> {
  const { done, value } = await chunks.next();
  return done === true ? undefined : bufferOf(value);
}

function bufferOf(chunk: unknown): Buffer {
  return Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk));
}

/** A file that is still being written, or was copied in the middle. */
function isCutGzip(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'Z_BUF_ERROR';
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

import { promisify } from 'node:util';
import { deflateRaw, inflateRaw } from 'node:zlib';
import type { StoredTransaction } from '../transaction-store.ts';

const deflate = promisify(deflateRaw);
const inflate = promisify(inflateRaw);

/** Raw records are packed so many bytes at a time: small enough to unpack for one of them, large enough to pack well. */
const blockBytes = 128 * 1024;

/** Where the raw records of a transaction lie. */
export interface RawPlace {
  readonly block: number;
  readonly start: number;
  readonly auditSize: number;
  readonly accessSize: number;
}

export interface PackedBlock {
  readonly block: number;
  readonly newestMs: number;
  readonly bytes: Buffer;
}

/** Packs the raw records of a batch, in the order of its transactions; the first block gets the given number. */
export async function packBlocks(
  transactions: readonly StoredTransaction[],
  first: number,
): Promise<{ readonly places: readonly RawPlace[]; readonly blocks: readonly PackedBlock[] }> {
  const places: RawPlace[] = [];
  const packing: Promise<PackedBlock>[] = [];
  let parts: Buffer[] = [];
  let size = 0;
  let newestMs = 0;
  const flush = (): void => {
    if (parts.length === 0) return;
    const block = first + packing.length;
    const newest = newestMs;
    packing.push(deflate(Buffer.concat(parts), { level: 1 }).then((bytes) => ({ block, newestMs: newest, bytes })));
    parts = [];
    size = 0;
    newestMs = 0;
  };
  for (const { audit, access, summary } of transactions) {
    const texts = [audit?.text ?? '', access?.text ?? ''].map((text) => Buffer.from(text, 'utf8'));
    const [auditSize = 0, accessSize = 0] = texts.map((text) => text.length);
    places.push({ block: first + packing.length, start: size, auditSize, accessSize });
    parts.push(...texts);
    size += auditSize + accessSize;
    newestMs = Math.max(newestMs, summary.timeMs);
    if (size >= blockBytes) flush();
  }
  flush();
  return { places, blocks: await Promise.all(packing) };
}

export function unpackBlock(bytes: Uint8Array): Promise<Buffer> {
  return inflate(bytes);
}

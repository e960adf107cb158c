import { promisify } from 'node:util';
import { brotliCompressSync, brotliDecompress, constants } from 'node:zlib';
import type { Attribute, StoredTransaction } from './transaction-store.ts';

const decompress = promisify(brotliDecompress);

/** Measured on audit records: smaller than deflate and two to three times as fast. A block takes a millisecond at most. */
const packing = {
  params: { [constants.BROTLI_PARAM_QUALITY]: 1, [constants.BROTLI_PARAM_LGWIN]: 18 },
};

/** Raw records are packed so many bytes at a time: small enough to unpack for one of them, large enough to pack well. */
const blockBytes = 256 * 1024;

/** Between the rules, and the categories, of one transaction. */
export const separator = '|';

/** Bytes of raw records; `newestMs` of the transactions that they belong to. */
export interface PackedBlock {
  readonly newestMs: number;
  readonly bytes: Uint8Array;
}

/** NaN where there is none. `block` counts the blocks of these transactions from 0; `start` and the sizes are bytes in it, unpacked. */
const numberColumns = [
  'timeMs',
  'file',
  'position',
  'auditFile',
  'auditPosition',
  'hasAccess',
  'status',
  'score',
  'block',
  'start',
  'auditSize',
  'accessSize',
] as const;

const textColumns = ['source', 'class', 'reason', 'client', 'method', 'host', 'path', 'rules', 'categories'] as const;

const optionalColumns = ['namespace', 'upstream'] as const;

type Columns<Name extends string, Column> = Readonly<Record<Name, Column>>;

/** Transactions ready to be stored, in columns: as few pieces as can be, for they may come from another thread. */
export interface PackedTransactions {
  readonly count: number;
  readonly numbers: Columns<(typeof numberColumns)[number], Float64Array>;
  readonly texts: Columns<(typeof textColumns)[number], string[]>;
  readonly optional: Columns<(typeof optionalColumns)[number], (string | null)[]>;
  readonly blocks: readonly PackedBlock[];
  /** Messages of all rules in them, by id. */
  readonly ruleNames: ReadonlyMap<string, string>;
}

export interface Packer {
  readonly count: number;
  /** Of raw records, before they are packed. */
  readonly bytes: number;
  add(transaction: StoredTransaction): void;
  finish(): PackedTransactions;
}

/** Packs transactions as they come: none of them is held on to. */
export function createPacker(): Packer {
  const blocks = createBlocks();
  const numbers = columnsOf(numberColumns, (): number[] => []);
  const texts = columnsOf(textColumns, (): string[] => []);
  const optional = columnsOf(optionalColumns, (): (string | null)[] => []);
  const ruleNames = new Map<string, string>();
  let bytes = 0;

  function addTexts({ source, summary, namespace }: StoredTransaction): void {
    texts.source.push(source);
    texts.class.push(summary.class);
    texts.reason.push(summary.reason);
    texts.client.push(summary.client);
    texts.method.push(summary.method);
    texts.host.push(summary.host);
    texts.path.push(summary.path);
    texts.rules.push(joined(summary.rules.map(({ id }) => id)));
    texts.categories.push(joined(summary.categories));
    optional.namespace.push(namespace);
    optional.upstream.push(summary.upstream);
    for (const { id, message } of summary.rules) if (ruleNames.get(id) !== message) ruleNames.set(id, message);
  }

  return {
    get count() {
      return numbers.timeMs.length;
    },
    get bytes() {
      return bytes;
    },
    add(transaction) {
      const { summary, access, audit } = transaction;
      const place = access ?? audit;
      if (!place) throw new Error('a transaction without a place in a log');
      const { block, start } = blocks.add(transaction);
      numbers.timeMs.push(summary.timeMs);
      numbers.file.push(place.file);
      numbers.position.push(place.offset);
      numbers.auditFile.push(audit?.file ?? Number.NaN);
      numbers.auditPosition.push(audit?.offset ?? Number.NaN);
      numbers.hasAccess.push(access === null ? 0 : 1);
      numbers.status.push(summary.status ?? Number.NaN);
      numbers.score.push(summary.score ?? Number.NaN);
      numbers.block.push(block);
      numbers.start.push(start);
      numbers.auditSize.push(audit?.bytes.length ?? 0);
      numbers.accessSize.push(access?.bytes.length ?? 0);
      bytes += (audit?.bytes.length ?? 0) + (access?.bytes.length ?? 0);
      addTexts(transaction);
    },
    finish() {
      const typed = columnsOf(numberColumns, (name) => Float64Array.from(numbers[name]));
      return { count: numbers.timeMs.length, numbers: typed, texts, optional, blocks: blocks.finish(), ruleNames };
    },
  };
}

export function packTransactions(transactions: readonly StoredTransaction[]): PackedTransactions {
  const packer = createPacker();
  for (const transaction of transactions) packer.add(transaction);
  return packer.finish();
}

/** Tells the namespaces of transactions that were packed where nobody could. */
export function attributePacked(packed: PackedTransactions, attribute: Attribute): PackedTransactions {
  const { host } = packed.texts;
  const namespace = packed.optional.upstream.map((upstream, row) => attribute({ host: host[row] ?? '', upstream }));
  return { ...packed, optional: { ...packed.optional, namespace } };
}

/** Packs raw records in the order in which they come. */
function createBlocks() {
  const blocks: PackedBlock[] = [];
  let buffer = Buffer.allocUnsafeSlow(blockBytes);
  let size = 0;
  let newestMs = 0;

  function put(bytes: Uint8Array): void {
    if (size + bytes.length > buffer.length) {
      const larger = Buffer.allocUnsafeSlow(size + bytes.length);
      buffer.copy(larger, 0, 0, size);
      buffer = larger;
    }
    buffer.set(bytes, size);
    size += bytes.length;
  }

  function close(): void {
    if (size > 0) blocks.push({ newestMs, bytes: brotliCompressSync(buffer.subarray(0, size), packing) });
    size = 0;
    newestMs = 0;
  }

  return {
    /** Which block it lies in, and where in it. */
    add({ audit, access, summary }: StoredTransaction): { readonly block: number; readonly start: number } {
      const own = (audit?.bytes.length ?? 0) + (access?.bytes.length ?? 0);
      if (size > 0 && size + own > blockBytes) close();
      const place = { block: blocks.length, start: size };
      if (audit) put(audit.bytes);
      if (access) put(access.bytes);
      newestMs = Math.max(newestMs, summary.timeMs);
      return place;
    },
    finish(): readonly PackedBlock[] {
      close();
      return blocks;
    },
  };
}

export function unpackBlock(bytes: Uint8Array): Promise<Buffer> {
  return decompress(bytes);
}

function joined(values: readonly string[]): string {
  if (values.length === 0) return '';
  return values.map((value) => value.replaceAll(separator, '_')).join(separator);
}

function columnsOf<Name extends string, Column>(
  names: readonly Name[],
  make: (name: Name) => Column,
): Columns<Name, Column> {
  // Object.fromEntries forgets the names.
  return Object.fromEntries(names.map((name) => [name, make(name)])) as Columns<Name, Column>;
}

import type { Coverage, FilterTerm, Gap, RankedValue, WafDimension, WafTotals, Window } from '@bartizan/api';
import type { TransactionDetail, TransactionRow, TransactionSummary } from '@bartizan/waf';
import type { PackedTransactions } from './packed-transactions.ts';
import type { Scope } from './scope.ts';

export interface TransactionQuery {
  readonly window: Window;
  readonly scope: Scope;
  readonly filter: readonly FilterTerm[];
}

export interface Page {
  readonly limit: number;
  readonly cursor?: string | undefined;
}

export interface Paged<T> {
  readonly items: readonly T[];
  readonly nextCursor?: string;
}

export interface WafBucket {
  readonly startMs: number;
  readonly total: number | null;
  readonly anomalous: number | null;
  readonly blocked: number | null;
}

/**
 * Transactions that can be asked about. For one query, statistics, breakdown, list and export count the same records. Buckets
 * are aligned to multiples of the interval since 1970 and cut at the window; there is one for every interval of the window.
 */
export interface TransactionReader {
  readonly kind: 'files' | 'elasticsearch' | 'opensearch';
  readonly supports: { readonly join: boolean };
  statistics(query: TransactionQuery): Promise<WafTotals>;
  buckets(query: TransactionQuery, intervalMs: number): Promise<readonly WafBucket[]>;
  breakdown(query: TransactionQuery, by: WafDimension, page: Page): Promise<Paged<RankedValue>>;
  list(query: TransactionQuery, page: Page): Promise<Paged<TransactionRow>>;
  find(id: string): Promise<TransactionDetail | null>;
  /** The transactions of the list with everything their logs say, newest first; read only as far as they are asked for. */
  details(query: TransactionQuery): AsyncIterable<TransactionDetail>;
  /** What the store knows of the window: newest record of each source, and what is missing. */
  coverage(window: Window, scope: Scope): Promise<Coverage>;
  close(): Promise<void>;
}

/** One log file, known by its beginning, so that it stays the same when it is renamed, compressed or copied away. */
export interface LogFile {
  /** Of all files in one place; never used again for another file. */
  readonly id: number;
  /** The firewall, or the cluster, whose log it is. */
  readonly source: string;
  readonly kind: 'access' | 'audit' | 'flows';
  readonly path: string;
  readonly device: string;
  readonly inode: string;
  /** Hash of its first bytes, and how many they are. */
  readonly fingerprint: string;
  readonly fingerprintLength: number;
  /** Every record that begins before it is stored; later ones may be, too. */
  readonly offset: number;
  /** The user's pattern that its lines are read with; null where the format is recognised. */
  readonly pattern: string | null;
  readonly firstMs: number | null;
  readonly lastMs: number | null;
  /** All of it was read at that time: no record up to it means that there was none. */
  readonly caughtUpMs: number | null;
  readonly malformed: number;
}

/** Where a record stands: its file and the offset of its first byte. It is what makes a record one and the same. */
export interface RecordPlace {
  readonly file: number;
  readonly offset: number;
}

/** A record as it was written, but for what is masked. */
export interface RawRecord extends RecordPlace {
  readonly bytes: Uint8Array;
}

/** One transaction to keep: what statistics need, and what its logs say, masked. At least one of the places is there. */
export interface StoredTransaction {
  readonly source: string;
  readonly summary: TransactionSummary;
  readonly namespace: string | null;
  readonly access: RawRecord | null;
  readonly audit: RawRecord | null;
}

export type Attribute = (transaction: { readonly host: string; readonly upstream: string | null }) => string | null;

export interface GapNote extends Gap {
  /** What the gap is about, so that a later note on the same replaces it. */
  readonly key: string;
}

export interface TransactionBatch {
  readonly transactions: readonly StoredTransaction[] | PackedTransactions;
  readonly files: readonly LogFile[];
  readonly gaps: readonly GapNote[];
  /** Stored before, and now part of one of the transactions. */
  readonly replaces?: readonly RecordPlace[];
}

export interface UnjoinedRecord extends RawRecord {
  readonly timeMs: number;
}

export interface UnjoinedQuery {
  readonly kind: 'access' | 'audit';
  readonly spans: readonly {
    readonly client: string;
    readonly path: string;
    readonly fromMs: number;
    readonly toMs: number;
  }[];
}

/** What a reader of logs needs. Rows and how far their logs were read become durable together, or not at all. */
export interface LogWriter {
  files(source: string): Promise<readonly LogFile[]>;
  /** For a file that no source has yet: logs of several firewalls lie in one store. */
  newFileId(): Promise<number>;
  /** Places at or after the files' offsets whose records are stored already. */
  storedPlaces(source: string): Promise<readonly RecordPlace[]>;
  /** Gaps that have begun, and of which no end is known. */
  openGaps(source: string): Promise<readonly GapNote[]>;
  append(batch: TransactionBatch): Promise<void>;
  /** Lines without a record, or records without a line, of these clients and paths around these times: what comes late may belong to one. */
  unjoined(source: string, wanted: UnjoinedQuery): Promise<readonly UnjoinedRecord[]>;
  /** Clients that have records without a line. */
  clientsOfUnjoinedRecords(source: string): Promise<readonly string[]>;
}

export interface TransactionWriter extends LogWriter {
  /** Tells the namespaces of transactions that none was known for, and how many those were. */
  reattribute(attribute: Attribute): Promise<number>;
}

import type { Coverage, FilterTerm, Gap, RankedValue, WafDimension, WafTotals, Window } from '@bartizan/api';
import type { TransactionDetail, TransactionRow } from '@bartizan/waf';
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
  /** What the store knows of the window: newest record of each source, and what is missing. */
  coverage(window: Window, scope: Scope): Promise<Coverage>;
  close(): Promise<void>;
}

/** How far a log was read. A file is known by device and inode as long as it keeps them, whatever its name. */
export interface Checkpoint {
  readonly source: string;
  readonly file: string;
  readonly offset: number;
}

/** One transaction to keep, with the place in its log that makes it unique, so that nothing is counted twice. */
export interface StoredTransaction {
  readonly detail: TransactionDetail;
  readonly origin: {
    readonly source: string;
    readonly file: string;
    readonly offset: number;
    readonly kind: 'access' | 'audit';
  };
}

/** Rows and how far their logs were read become durable together, or not at all. */
export interface TransactionWriter {
  checkpoints(source: string): Promise<readonly Checkpoint[]>;
  append(batch: {
    readonly transactions: readonly StoredTransaction[];
    readonly checkpoints: readonly Checkpoint[];
    readonly gaps: readonly Gap[];
  }): Promise<void>;
}

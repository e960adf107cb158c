import type { PackedTransactions } from '../packed-transactions.ts';
import type { LogWriter, TransactionBatch } from '../transaction-store.ts';
import type { TailOptions, TailProgress, TailStatus } from './tail.ts';

/** What a thread that reads logs is started with. */
export type ReadingOrder = Pick<TailOptions, 'source' | 'auditFiles' | 'accessFiles' | 'pollMs'> & {
  /** Of times that the audit log writes without one. */
  readonly timeZone: string | null;
};

type PackedBatch = TransactionBatch & { readonly transactions: PackedTransactions };

/** What it asks of the store, which stays with the thread that answers questions. */
export type StoreCall =
  | { readonly name: 'append'; readonly batch: PackedBatch }
  | { readonly name: 'unjoined'; readonly wanted: Parameters<LogWriter['unjoined']>[1] }
  | { readonly name: 'files' | 'newFileId' | 'storedPlaces' | 'openGaps' | 'clientsOfUnjoinedRecords' };

export type FromReader =
  | { readonly type: 'call'; readonly id: number; readonly call: StoreCall }
  | { readonly type: 'status'; readonly status: TailStatus }
  | { readonly type: 'progress'; readonly progress: TailProgress }
  | { readonly type: 'caught-up' }
  | { readonly type: 'failed'; readonly message: string };

export type ToReader =
  | { readonly type: 'answer'; readonly id: number; readonly value: unknown }
  | { readonly type: 'refusal'; readonly id: number; readonly message: string }
  | { readonly type: 'close' };

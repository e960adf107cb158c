import { packTransactions } from '../packed-transactions.ts';
import type { LogWriter } from '../transaction-store.ts';
import type { StoreCall } from './tail-messages.ts';

/** The store of another thread: what is asked of it is sent there, and its answers come back. */
export interface RemoteStore extends LogWriter {
  answer(id: number, value: unknown): void;
  refuse(id: number, message: string): void;
}

export function createRemoteStore(send: (id: number, call: StoreCall) => void): RemoteStore {
  const waiting = new Map<
    number,
    { readonly resolve: (value: never) => void; readonly reject: (error: Error) => void }
  >();
  let lastId = 0;

  /** The other thread answers each call with what the same call of its store returns. */
  function ask<T>(call: StoreCall): Promise<T> {
    return new Promise((resolve, reject) => {
      lastId += 1;
      waiting.set(lastId, { resolve, reject });
      send(lastId, call);
    });
  }

  function take(id: number) {
    const found = waiting.get(id);
    waiting.delete(id);
    return found;
  }

  return {
    files: () => ask({ name: 'files' }),
    newFileId: () => ask({ name: 'newFileId' }),
    storedPlaces: () => ask({ name: 'storedPlaces' }),
    openGaps: () => ask({ name: 'openGaps' }),
    clientsOfUnjoinedRecords: () => ask({ name: 'clientsOfUnjoinedRecords' }),
    unjoined: (_source, wanted) => ask({ name: 'unjoined', wanted }),
    append({ transactions, ...batch }) {
      const packed = 'blocks' in transactions ? transactions : packTransactions(transactions);
      return ask({ name: 'append', batch: { ...batch, transactions: packed } });
    },
    answer: (id, value) => take(id)?.resolve(value as never),
    refuse: (id, message) => take(id)?.reject(new Error(message)),
  };
}

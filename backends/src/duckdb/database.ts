import { DuckDBInstance } from '@duckdb/node-api';
import type { DuckDBConnection, DuckDBValue } from '@duckdb/node-api';

export type Row = Readonly<Record<string, DuckDBValue>>;

export interface Statement {
  readonly sql: string;
  readonly values: readonly DuckDBValue[];
}

/** One DuckDB file, shared by flow events and transactions. */
export interface Database {
  rows(sql: string, values: readonly DuckDBValue[]): Promise<readonly Row[]>;
  /** Questions that must see the same state, on a connection of their own; the signal stops the one that is being answered. */
  read<T>(work: (connection: DuckDBConnection) => Promise<T>, signal?: AbortSignal): Promise<T>;
  /** One at a time, on one connection, in a transaction. */
  write<T>(work: (connection: DuckDBConnection) => Promise<T>): Promise<T>;
  /** Gives space back that deleted rows took, as far as nobody reads them. */
  compact(): Promise<void>;
  /** Waits for what is being written. */
  close(): Promise<void>;
}

export interface DatabaseOptions {
  /** `:memory:` keeps nothing. */
  readonly file: string;
  readonly memoryLimitMb?: number;
  readonly threads?: number;
}

/** Opens the file, made where it is missing. What `write` has returned from is on disk. */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  const instance = await DuckDBInstance.create(options.file, {
    memory_limit: `${options.memoryLimitMb ?? 128}MB`,
    threads: String(options.threads ?? 2),
    // Without these, what a large question needed stays with the process long after its answer.
    allocator_background_threads: 'true',
    allocator_flush_threshold: '16MB',
    allocator_bulk_deallocation_flush_threshold: '64MB',
    preserve_insertion_order: 'false',
    // Rows are in memory as they came until then.
    checkpoint_threshold: '32MB',
    // With dictionaries that are compressed, and asked once for all rows that have the same text; files of before keep theirs.
    storage_compatibility_version: 'v1.5.0',
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
  });
  const writer = await instance.connect();
  const readers = [await instance.connect(), await instance.connect()];
  let turn = 0;
  let last: Promise<unknown> = Promise.resolve();

  async function inTransaction<T>(work: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
    await writer.run('BEGIN');
    try {
      const result = await work(writer);
      await writer.run('COMMIT');
      return result;
    } catch (error) {
      await writer.run('ROLLBACK').catch(() => undefined);
      throw error;
    }
  }

  return {
    async rows(sql, values) {
      turn += 1;
      const reader = readers[turn % readers.length] ?? writer;
      return (await reader.runAndReadAll(sql, [...values])).getRowObjects();
    },
    async read(work, signal) {
      const reader = await instance.connect();
      const stop = (): void => reader.interrupt();
      signal?.addEventListener('abort', stop);
      try {
        signal?.throwIfAborted();
        await reader.run('BEGIN TRANSACTION READ ONLY');
        return await work(reader);
      } catch (error) {
        signal?.throwIfAborted();
        throw error;
      } finally {
        signal?.removeEventListener('abort', stop);
        reader.closeSync();
      }
    },
    write(work) {
      const done = last.then(() => inTransaction(work));
      last = done.catch(() => undefined);
      return done;
    },
    compact() {
      // Refused while somebody reads from before; the next time it is done.
      last = last.then(() => writer.run('CHECKPOINT')).catch(() => undefined);
      return last.then(() => undefined);
    },
    async close() {
      await last;
      for (const connection of [writer, ...readers]) connection.closeSync();
      instance.closeSync();
    },
  };
}

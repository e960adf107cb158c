import { compileAccessPattern, createAccessReader } from '@bartizan/waf';
import type { AccessReader, TransactionDetail } from '@bartizan/waf';
import type { TransactionQuery } from '../transaction-store.ts';
import type { Database, Row } from './database.ts';
import { numberOf, placeOf, readDetail, readRow } from './transactions-decode.ts';
import { readList } from './transactions-list.ts';
import { detailColumns } from './transactions-query.ts';
import type { ListPlace } from './transactions-query.ts';
import { readBlocks } from './transactions-segments.ts';

const pageSize = 1000;

/** So many are read again at once: each may lie in a block of its own. */
const chunkSize = 200;

export interface DetailsOptions {
  readonly database: Database;
  namesOf(rows: readonly Row[]): Promise<ReadonlyMap<string, string>>;
  /** The user's pattern that the lines of a file are read with; null where the format is recognised. */
  patternOf(file: number): string | null;
}

export interface Details {
  /** Rows with their `detailColumns`, each read again from its raw records. */
  read(rows: readonly Row[]): Promise<readonly TransactionDetail[]>;
  /** Some at a time, each block of those unpacked once; in between others get their turn. */
  all(query: TransactionQuery): AsyncGenerator<TransactionDetail>;
}

export function createDetails({ database, namesOf, patternOf }: DetailsOptions): Details {
  const readers = new Map<string | null, AccessReader>();

  function readerOf(file: number): AccessReader {
    const pattern = patternOf(file);
    const known = readers.get(pattern);
    if (known) return known;
    const compiled = pattern === null ? null : compileAccessPattern(pattern, { rest: 'ignored' });
    const reader = createAccessReader(compiled?.ok ? compiled.value : null);
    readers.set(pattern, reader);
    return reader;
  }

  async function read(rows: readonly Row[]): Promise<readonly TransactionDetail[]> {
    const numbers = [...new Set(rows.map((row) => numberOf(row, 'block')))];
    const [names, blocks] = await Promise.all([namesOf(rows), readBlocks(database, numbers)]);
    return rows.map((row) => {
      const block = blocks.get(numberOf(row, 'block')) ?? Buffer.alloc(0);
      return readDetail(row, { block, reader: readerOf(numberOf(row, 'file')) }, readRow(row, names));
    });
  }

  return {
    read,
    async *all(query) {
      let after: ListPlace | null = null;
      for (;;) {
        const rows: readonly Row[] = await readList(database, query, {
          limit: pageSize,
          after,
          columns: detailColumns,
        });
        for (let from = 0; from < rows.length; from += chunkSize) yield* await read(rows.slice(from, from + chunkSize));
        const last = rows.at(-1);
        if (rows.length < pageSize || !last) return;
        after = placeOf(last);
      }
    },
  };
}

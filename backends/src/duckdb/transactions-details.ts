import type { TransactionDetail } from '@bartizan/waf';
import type { TransactionQuery } from '../transaction-store.ts';
import type { Database, Row } from './database.ts';
import { numberOf, placeOf, readDetail, readRow } from './transactions-decode.ts';
import { detailColumns, listStatement } from './transactions-query.ts';
import type { ListPlace } from './transactions-query.ts';
import { readBlocks } from './transactions-segments.ts';

const pageSize = 200;

type NamesOf = (rows: readonly Row[]) => Promise<ReadonlyMap<string, string>>;

/** Page by page, each block of a page unpacked once; between pages others get their turn. */
export async function* readDetails(
  database: Database,
  query: TransactionQuery,
  namesOf: NamesOf,
): AsyncGenerator<TransactionDetail> {
  let after: ListPlace | null = null;
  for (;;) {
    const { sql, values } = listStatement(query, { limit: pageSize, after, columns: detailColumns });
    const rows = await database.rows(sql, values);
    const names = await namesOf(rows);
    const blocks = await readBlocks(database, [...new Set(rows.map((row) => numberOf(row, 'block')))]);
    for (const row of rows)
      yield readDetail(row, blocks.get(numberOf(row, 'block')) ?? Buffer.alloc(0), readRow(row, names));
    const last = rows.at(-1);
    if (rows.length < pageSize || !last) return;
    after = placeOf(last);
  }
}

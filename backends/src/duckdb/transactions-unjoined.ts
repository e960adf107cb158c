import type { UnjoinedRecord, UnjoinedQuery } from '../transaction-store.ts';
import type { Database } from './database.ts';
import { createValues } from './transactions-filter.ts';
import { readBlocks } from './transactions-segments.ts';

const mostFound = 5000;
const mostSpans = 1000;

/** What has only one of the two logs, with its raw record. */
export async function readUnjoined(
  database: Database,
  source: string,
  { kind, spans }: UnjoinedQuery,
): Promise<UnjoinedRecord[]> {
  const found: UnjoinedRecord[] = [];
  for (let from = 0; from < spans.length; from += mostSpans)
    found.push(...(await readSome(database, source, { kind, spans: spans.slice(from, from + mostSpans) })));
  return found;
}

async function readSome(database: Database, source: string, { kind, spans }: UnjoinedQuery): Promise<UnjoinedRecord[]> {
  const { values, bind } = createValues();
  const times = spans.flatMap(({ fromMs, toMs }) => [fromMs, toMs]);
  const list = spans
    .map(
      ({ client, path, fromMs, toMs }) =>
        `(${bind(client)}, ${bind(path)}, ${bind(BigInt(fromMs))}, ${bind(BigInt(toMs))})`,
    )
    .join(', ');
  const alone = kind === 'access' ? 'has_access AND audit_file IS NULL' : 'NOT has_access';
  const rows = await database.rows(
    `SELECT DISTINCT time_ms, file, position, block, block_start, audit_size, access_size
    FROM transactions JOIN (VALUES ${list}) AS wanted(asked, place, low, high)
    ON client = asked AND path = place AND time_ms BETWEEN low AND high
    WHERE source = ${bind(source)} AND ${alone}
    AND time_ms BETWEEN ${bind(BigInt(Math.min(...times)))} AND ${bind(BigInt(Math.max(...times)))}
    ORDER BY file, position LIMIT ${bind(mostFound)}`,
    values,
  );
  const blocks = await readBlocks(database, [...new Set(rows.map((row) => Number(row['block'])))]);
  const found: UnjoinedRecord[] = [];
  for (const row of rows) {
    const block = blocks.get(Number(row['block'])) ?? Buffer.alloc(0);
    const start = Number(row['block_start']);
    const size = Number(row['audit_size']) + Number(row['access_size']);
    found.push({
      timeMs: Number(row['time_ms']),
      file: Number(row['file']),
      offset: Number(row['position']),
      bytes: block.subarray(start, start + size),
    });
  }
  return found;
}

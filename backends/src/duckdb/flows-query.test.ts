import type { FilterTerm } from '@bartizan/api';
import { expect, test } from 'vitest';
import {
  breakdownStatement,
  bucketsStatement,
  listStatement,
  printPlace,
  readPlace,
  totalsStatement,
} from './flows-query.ts';

const window = { fromMs: 1000, toMs: 2000 };
const scope = { kind: 'namespaces', sources: ['prod'], namespaces: ['shop', 'pay'], hosts: [] } as const;
const dropped: FilterTerm = { field: 'verdict', negated: false, test: { kind: 'any-of', values: ['DROPPED'] } };

test('totals are counted by verdict and by which ends lie inside', () => {
  expect(totalsStatement({ window, scope: { kind: 'all' }, filter: [] })).toEqual({
    sql:
      'SELECT verdict, ' +
      '(source_namespace IS NOT NULL OR (source_namespace IS NULL AND destination_namespace IS NULL)) AS is_out, ' +
      '(destination_namespace IS NOT NULL OR (source_namespace IS NULL AND destination_namespace IS NULL)) AS is_in, ' +
      'count(*) AS events FROM flows WHERE nanos >= $1::BIGINT AND nanos < $2::BIGINT GROUP BY ALL',
    values: [1_000_000_000n, 2_000_000_000n],
  });
});

test('a set of namespaces is looked for at both ends, and only in its own sources', () => {
  const { sql, values } = totalsStatement({ window, scope, filter: [dropped] });
  expect(sql).toBe(
    'SELECT verdict, coalesce(source_namespace IN ($7, $8), false) AS is_out, ' +
      'coalesce(destination_namespace IN ($7, $8), false) AS is_in, count(*) AS events FROM flows ' +
      'WHERE nanos >= $1::BIGINT AND nanos < $2::BIGINT AND source IN ($5) AND ' +
      '(coalesce(source_namespace IN ($3, $4), false) OR coalesce(destination_namespace IN ($3, $4), false)) AND ' +
      'coalesce((coalesce(verdict IN ($6), false)), false) GROUP BY ALL',
  );
  expect(values.slice(2)).toEqual(['shop', 'pay', 'prod', 'DROPPED', 'shop', 'pay']);
});

test('buckets are aligned to multiples of the interval', () => {
  const { sql, values } = bucketsStatement({ window, scope: { kind: 'all' }, filter: [] }, 60_000);
  expect(sql).toContain('SELECT nanos // 1000000 // $3::BIGINT * $3::BIGINT AS start_ms');
  expect(values[2]).toBe(60_000n);
});

test('ranked values come by dropped, count and value; events without a value are in no row', () => {
  const { sql } = breakdownStatement(
    { window, scope: { kind: 'all' }, filter: [] },
    { by: 'name', limit: 21, offset: 20 },
  );
  expect(sql).toBe(
    "SELECT value, count(*) AS events, count(*) FILTER (verdict = 'DROPPED') AS dropped " +
      'FROM (SELECT unnest(names) AS value, verdict FROM flows WHERE nanos >= $1::BIGINT AND nanos < $2::BIGINT) ' +
      'WHERE value IS NOT NULL GROUP BY value ORDER BY dropped DESC, events DESC, value LIMIT $3 OFFSET $4',
  );
});

test('a page goes on behind the last record of the one before', () => {
  const after = { at: 1_500_000_001n, id: 'a:b' };
  const { sql, values } = listStatement({ window, scope: { kind: 'all' }, filter: [] }, { limit: 3, after });
  expect(sql).toBe(
    'SELECT nanos, id, detail FROM flows WHERE rowid IN (SELECT rowid FROM flows ' +
      'WHERE nanos >= $1::BIGINT AND nanos < $2::BIGINT AND (nanos, id) < ($3::BIGINT, $4) ' +
      'ORDER BY nanos DESC, id DESC LIMIT $5) ORDER BY nanos DESC, id DESC',
  );
  expect(values.slice(2)).toEqual([1_500_000_001n, 'a:b', 3]);
  expect(readPlace(printPlace(after))).toEqual(after);
  for (const nonsense of ['', 'x', '12', Buffer.from('1e9:a').toString('base64url')])
    expect(readPlace(nonsense)).toBeNull();
});

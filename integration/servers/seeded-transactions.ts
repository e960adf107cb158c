import type { WafDimension } from '@bartizan/api';
import type { StoredTransaction, TransactionReader } from '@bartizan/backends';
import { openDatabase, openTransactionStore } from '@bartizan/backends/duckdb';
import { logFile, transaction } from '../../backends/src/transaction-store.suite.ts';
import type { Given } from '../../backends/src/transaction-store.suite.ts';

export const seededFromMs = Date.parse('2026-06-15T12:00:00Z');
const secondMs = 1000;

/** Four requests a second, of which some are attacks; the same each time. */
export function seededTransactions(count: number): readonly StoredTransaction[] {
  return Array.from({ length: count }, (_, index) => transaction(given(index), index));
}

function given(index: number): Given {
  const at = seededFromMs + Math.floor(index / 4) * secondMs;
  const client = index % 7 === 0 ? '2001:db8::7' : `203.0.113.${index % 11}`;
  const path = ['/', '/a b', '/login', '/ä/"x"', '/api/v1/items'][index % 5] ?? '/';
  const common = { at, client, path, upstream: 'shop-web-8080', namespace: 'shop' };
  if (index % 3 === 0) return { ...common, attack: index % 2 === 0 ? 'sqli' : 'xss', status: 403 };
  if (index % 10 === 1) return { ...common, attack: 'sqli', engine: 'DetectionOnly' };
  if (index % 10 === 4) return { ...common, attack: 'own' };
  return { ...common, ...(index % 2 === 0 ? { upstream: 'blog-web-8080', namespace: 'blog' } : {}) };
}

export async function inDuckDb(transactions: readonly StoredTransaction[]) {
  const database = await openDatabase({ file: ':memory:', threads: 1 });
  const reader = await openTransactionStore(database);
  const files = (['access', 'audit'] as const).map((kind, index) => {
    const times = transactions.flatMap((each) => (each[kind] ? [each.summary.timeMs] : []));
    return logFile({ id: index + 1, kind, firstMs: Math.min(...times), lastMs: Math.max(...times) });
  });
  await reader.append({ transactions, files, gaps: [] });
  return { reader, close: () => database.close() };
}

const dimensions: readonly WafDimension[] = ['category', 'rule', 'client', 'path', 'host', 'method', 'status'];

/** Every figure that does not need both logs of a request joined. */
export async function answersOf(reader: TransactionReader, count: number): Promise<object> {
  const window = { fromMs: seededFromMs, toMs: seededFromMs + Math.ceil(count / 4) * secondMs };
  const query = { window, scope: { kind: 'all' }, filter: [] } as const;
  const of = (...values: string[]) => [{ field: 'class', negated: false, test: { kind: 'any-of' as const, values } }];
  const judged = { ...query, filter: of('anomalous', 'matched') };
  const breakdowns = [];
  for (const by of dimensions) {
    const { items } = await reader.breakdown(judged, by, { limit: 1000 });
    breakdowns.push([by, items]);
  }
  const rows: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await reader.list(judged, { limit: 200, cursor });
    for (const { id: _id, namespace: _namespace, upstream: _upstream, rules, ...row } of page.items)
      rows.push(JSON.stringify({ rules, row: Object.entries(row).toSorted() }));
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  const hosts = ['shop.example'];
  const scope = { kind: 'namespaces', sources: ['edge'], namespaces: ['shop'], hosts } as const;
  return {
    totals: await reader.statistics(query),
    ofEnvironment: await reader.statistics({ ...query, scope }),
    buckets: await reader.buckets(query, 60_000),
    breakdowns,
    rows: rows.toSorted(),
    gaps: (await reader.coverage(window, query.scope)).gaps,
  };
}

/** Where the engine's mode was lost on the way, what was blocked counts as detected. */
export function withoutEngineMode(answers: object): object {
  const text = JSON.stringify(answers, (key, value) => {
    if (key === 'detected' && typeof value === 'number') return undefined;
    return key === 'blocked' ? undefined : value;
  });
  const told = JSON.parse(text.replaceAll('blocked', 'detected'));
  return { ...told, rows: told.rows.toSorted() };
}

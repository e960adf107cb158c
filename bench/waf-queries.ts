// Statistics, lists and memory with 1M transactions stored, 95 % of them clean.
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase, openTransactionStore } from '../backends/src/duckdb/index.ts';
import { fillTransactions } from './fill-transactions.ts';

const rows = Number(process.env['ROWS'] ?? 1_000_000);
const days = 30;
const endMs = Date.parse('2026-06-30T00:00:00Z');
const startMs = endMs - days * 86_400_000;
const folder = mkdtempSync(join(tmpdir(), 'bench-queries-'));
const file = join(folder, 'events.duckdb');

async function timed(name: string, work: () => Promise<unknown>): Promise<void> {
  const times: number[] = [];
  for (let round = 0; round < 7; round += 1) {
    const started = performance.now();
    await work();
    times.push(performance.now() - started);
  }
  times.sort((left, right) => left - right);
  console.log(`${name.padEnd(34)} first or worst ${times.at(-1)?.toFixed(1)} ms, median ${times[3]?.toFixed(1)} ms`);
}

try {
  const began = performance.now();
  await fillTransactions({ file, rows, startMs, endMs });
  const raw = performance.now() - began;
  console.log(
    `${rows} transactions stored in ${(raw / 1000).toFixed(1)} s; file ${(statSync(file).size / 1e6).toFixed(0)} MB`,
  );
  const database = await openDatabase({ file });
  const store = await openTransactionStore(database);
  const window = { fromMs: startMs, toMs: endMs };
  const all = { window, scope: { kind: 'all' } as const, filter: [] };
  const scope = { kind: 'namespaces', sources: ['edge'], namespaces: ['shop'], hosts: [] } as const;
  const shop = { window, scope, filter: [] };
  const filter = [{ field: 'rule', negated: false, test: { kind: 'any-of', values: ['942100'] } }] as const;
  await timed('statistics, 30 days, all', () => store.statistics(all));
  await timed('statistics, one namespace', () => store.statistics(shop));
  await timed('statistics, one rule', () => store.statistics({ ...all, filter }));
  await timed('buckets of 12 hours', () => store.buckets(all, 12 * 3_600_000));
  for (const by of ['category', 'rule', 'client', 'path', 'status'] as const)
    await timed(`breakdown by ${by}`, () => store.breakdown(all, by, { limit: 10 }));
  await timed('list, first page', () => store.list(all, { limit: 100 }));
  await timed('list, one rule', () => store.list({ ...all, filter }, { limit: 100 }));
  const { items } = await store.list(all, { limit: 1 });
  await timed('one transaction', () => store.find(items[0]?.id ?? ''));
  await timed('what a page asks at once', () =>
    Promise.all([
      store.statistics(all),
      store.statistics({ ...all, window: { fromMs: 2 * startMs - endMs, toMs: startMs } }),
      store.buckets(all, 12 * 3_600_000),
      store.coverage(window, all.scope),
    ]),
  );
  const [size] = await database.rows('SELECT sum(size) AS packed FROM transaction_segments', []);
  const packed = Number(size?.['packed'] ?? 0);
  console.log(
    `raw records packed ${(packed / rows).toFixed(0)} bytes a transaction, the rest ${((statSync(file).size - packed) / rows).toFixed(0)}`,
  );
  await new Promise((resolve) => setTimeout(resolve, 3000));
  console.log(`RSS at rest ${(process.memoryUsage().rss / 1e6).toFixed(0)} MB (this process also filled the store)`);
  await database.close();
} finally {
  rmSync(folder, { recursive: true, force: true });
}

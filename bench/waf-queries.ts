// What the Firewall pages ask: of a million transactions beside the same data in OpenSearch, of 10M in 30 days, and of one day
// while the store grows to 20M. ROWS sets the million; with PEER=none only DuckDB is asked.
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase, openTransactionStore } from '../backends/src/duckdb/index.ts';
import type { Database } from '../backends/src/duckdb/index.ts';
import { openElasticsearch } from '../backends/src/elasticsearch/index.ts';
import type { TransactionReader } from '../backends/src/index.ts';
import { startSearchEngine } from '../integration/servers/search-engine.ts';
import { fillSearchEngine } from './fill-search-engine.ts';
import { addCopies, fillTransactions } from './fill-transactions.ts';
import { followUpsOf, questionsOf } from './waf-questions.ts';
import type { Question } from './waf-questions.ts';
import { clients, paths } from './waf-traffic.ts';

const dayMs = 86_400_000;
const rows = Number(process.env['ROWS'] ?? 1_000_000);
const startMs = Date.parse('2026-06-01T00:00:00Z');
const filling = { rows, startMs, endMs: startMs + 3 * dayMs };
const limits = { ratio: 10, largeMs: 100, growth: 1.3, bytes: 120 };
const folder = mkdtempSync(join(tmpdir(), 'bench-waf-'));
const file = join(folder, 'events.duckdb');

interface Took {
  /** The median. */
  readonly ms: number;
  readonly leastMs: number;
  /** Of all threads, on average. */
  readonly cpuMs: number;
}

async function timed(rounds: number, work: () => Promise<unknown>): Promise<Took> {
  const times: number[] = [];
  const before = process.cpuUsage();
  for (let round = 0; round < rounds; round += 1) {
    const started = performance.now();
    await work();
    times.push(performance.now() - started);
  }
  const { user, system } = process.cpuUsage(before);
  times.sort((left, right) => left - right);
  const ms = times[Math.floor(rounds / 2)] ?? Number.NaN;
  return { ms, leastMs: times[0] ?? Number.NaN, cpuMs: (user + system) / 1000 / rounds };
}

const shown = (ms: number): string => `${ms.toFixed(1)} ms`.padStart(11);
const mark = (isKept: boolean): string => (isKept ? '' : '  OVER');

/** At the end of so many days, of which the last is not over. */
async function after<T>(days: number, work: (store: TransactionReader, database: Database) => Promise<T>): Promise<T> {
  const database = await openDatabase({ file });
  try {
    const store = await openTransactionStore(database);
    const began = performance.now();
    await store.count(startMs + days * dayMs - 1);
    console.log(`days that are over counted in ${((performance.now() - began) / 1000).toFixed(1)} s`);
    await database.compact();
    return await work(store, database);
  } finally {
    await database.close();
  }
}

async function questions(store: TransactionReader, window: { fromMs: number; toMs: number }): Promise<Question[]> {
  return [...(await questionsOf(store, window)), ...(await followUpsOf(store, window))];
}

/** Ratios to OpenSearch: of the first answer of an adapter that has kept nothing yet, and of the next. */
async function beside(store: TransactionReader): Promise<void> {
  const window = { fromMs: startMs, toMs: filling.endMs };
  const engine = await startSearchEngine('opensearch');
  try {
    const began = performance.now();
    await fillSearchEngine(engine, 'filebeat-2026.06', filling);
    console.log(
      `OpenSearch (heap of 512 MB, one shard) filled in ${((performance.now() - began) / 1000).toFixed(0)} s`,
    );
    const open = (): TransactionReader =>
      openElasticsearch({
        name: 'edge',
        url: engine.url,
        indices: ['filebeat-*'],
        attribute: (upstream) => upstream?.split('-')[0] ?? null,
        clock: () => new Date(),
      });
    const peer = open();
    const query = { window, scope: { kind: 'all' }, filter: [] } as const;
    const same = [await store.statistics(query), await peer.statistics(query)].map(
      ({ total, anomalous }) => `${total} ${anomalous}`,
    );
    if (same[0] !== same[1]) throw new Error(`not the same data: ${same.join(' and ')}`);
    const theirs = [...(await questionsOf(peer, window)), ...(await followUpsOf(peer, window))];
    await peer.close();
    for (const [index, { name, ask }] of (await questions(store, window)).entries()) {
      const own = await timed(7, () => ask(store));
      const reader = open();
      const asked = theirs[index]?.ask ?? ask;
      let outcome = '';
      const answer = (): Promise<unknown> =>
        asked(reader).catch((error: unknown) => void (outcome = `; refused: ${String(error).slice(0, 60)}`));
      const first = await timed(1, answer);
      const again = await timed(3, answer);
      await reader.close();
      const [ratio, ratioAgain] = [first.ms / own.ms, again.ms / own.ms];
      console.log(
        `${name.padEnd(38)}${shown(own.ms)}; OpenSearch first ${shown(first.ms)}, ${ratio.toFixed(0)} times; again ${shown(again.ms)}, ${ratioAgain.toFixed(1)} times${outcome}${mark(ratio >= limits.ratio)}`,
      );
    }
  } finally {
    await engine.remove();
  }
}

const fixedDay = { fromMs: startMs + dayMs + 5_000_000, toMs: startMs + 2 * dayMs + 5_000_000 };

/** As windows are: no end of it is that of a day. */
const largeWindow = { fromMs: startMs + 25_000_000, toMs: startMs + 30 * dayMs - 7_000_000 };

async function ofOneDay(store: TransactionReader): Promise<ReadonlyMap<string, Took>> {
  const took = new Map<string, Took>();
  for (const { name, ask } of await questions(store, fixedDay)) took.set(name, await timed(15, () => ask(store)));
  return took;
}

async function describeSize(database: Database): Promise<void> {
  const sql = `SELECT (SELECT count(*) FROM transactions) AS rows, (SELECT approx_count_distinct(client) FROM transactions) AS clients,
  (SELECT approx_count_distinct(path) FROM transactions) AS paths, (SELECT sum(size) FROM transaction_segments) AS packed,
  (SELECT used_blocks * block_size FROM pragma_database_size()) AS used`;
  const [row = {}] = await database.rows(sql, []);
  const [count, packed, used] = [Number(row['rows']), Number(row['packed']), Number(row['used'])];
  const [raw, rest] = [packed / rows, (used - packed) / count];
  console.log(
    `${count} transactions, about ${row['clients']} clients and ${row['paths']} paths: ${(raw + rest).toFixed(0)} bytes each (limit ${limits.bytes}), ` +
      `raw records ${raw.toFixed(0)}, rows and counts ${rest.toFixed(1)}; file ${(statSync(file).size / 1e6).toFixed(0)} MB${mark(raw + rest <= limits.bytes)}`,
  );
}

try {
  let began = performance.now();
  const seconds = (): string => `${((performance.now() - began) / 1000).toFixed(0)} s`;
  await fillTransactions({ file, ...filling });
  console.log(`${rows} transactions of ${clients} clients on ${paths} paths stored in ${seconds()}`);
  const small = await after(3, async (store, database) => {
    await describeSize(database);
    if (process.env['PEER'] !== 'none') await beside(store);
    return ofOneDay(store);
  });

  const grow = async (from: number, copies: number): Promise<void> => {
    began = performance.now();
    const database = await openDatabase({ file });
    await addCopies(database, filling, { from, copies });
    await database.close();
    console.log(`\ngrown to ${copies} times as many in ${seconds()}`);
  };
  await grow(1, 10);
  await after(30, async (store, database) => {
    await describeSize(database);
    for (const { name, ask } of await questions(store, largeWindow)) {
      const { ms, leastMs, cpuMs } = await timed(7, () => ask(store));
      console.log(
        `${name.padEnd(38)}${shown(ms)}, least ${shown(leastMs)}, processor ${shown(cpuMs)}; limit ${limits.largeMs} ms${mark(ms <= limits.largeMs)}`,
      );
    }
  });
  await grow(10, 20);
  await after(60, async (store, database) => {
    await describeSize(database);
    for (const [name, grown] of await ofOneDay(store)) {
      const before = small.get(name)?.leastMs ?? Number.NaN;
      const growth = grown.leastMs / before;
      console.log(
        `a day, ${name.padEnd(38)}${shown(before)} of ${rows}, ${shown(grown.leastMs)} of ${rows * 20}: ${growth.toFixed(2)} times${mark(growth <= limits.growth)}`,
      );
    }
  });
} finally {
  rmSync(folder, { recursive: true, force: true });
}

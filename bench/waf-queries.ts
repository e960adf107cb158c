// Statistics, lists and memory with 1M transactions stored, 95 % of them clean.
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAccessReader, readAudit, summarise, utc } from '../waf/src/index.ts';
import { openDatabase, openTransactionStore } from '../backends/src/duckdb/index.ts';
import type { StoredTransaction } from '../backends/src/transaction-store.ts';
import { accessLine, auditRecord, requestOf } from './waf-logs.ts';

const rows = Number(process.env['ROWS'] ?? 1_000_000);
const days = 30;
const endMs = Date.parse('2026-06-30T00:00:00Z');
const startMs = endMs - days * 86_400_000;
const folder = mkdtempSync(join(tmpdir(), 'bench-queries-'));
const file = join(folder, 'events.duckdb');

async function fill(): Promise<void> {
  const database = await openDatabase({ file });
  const store = await openTransactionStore(database);
  const reader = createAccessReader();
  const step = (endMs - startMs) / rows;
  let [accessAt, auditAt] = [0, 0];
  for (let index = 0; index < rows;) {
    const transactions: StoredTransaction[] = [];
    for (; transactions.length < 20_000 && index < rows; index += 1) {
      const isAttack = index % 20 === 0;
      const request = requestOf(index, Math.floor(startMs + index * step), isAttack);
      const line = accessLine(request, index);
      const record = isAttack ? auditRecord(request, index) : null;
      const access = reader.read(line);
      const audit = record === null ? null : readAudit(record, { zone: utc });
      const summary = summarise(audit?.ok === true ? audit.value : null, access.ok ? access.value : null);
      if (!summary) throw new Error('a line that cannot be read');
      transactions.push({
        source: 'edge',
        summary,
        namespace: index % 3 === 0 ? 'shop' : 'blog',
        access: { file: 1, offset: accessAt, bytes: Buffer.from(line) },
        audit: record === null ? null : { file: 2, offset: auditAt, bytes: Buffer.from(record) },
      });
      accessAt += line.length;
      auditAt += record?.length ?? 0;
    }
    const known = {
      source: 'edge',
      path: 'x',
      device: '',
      inode: '',
      fingerprintLength: 1,
      pattern: null,
      malformed: 0,
    };
    const times = { firstMs: startMs, lastMs: endMs, caughtUpMs: endMs };
    await store.append({
      transactions,
      files: [
        { ...known, ...times, id: 1, kind: 'access', fingerprint: 'a', offset: accessAt },
        { ...known, ...times, id: 2, kind: 'audit', fingerprint: 'b', offset: auditAt },
      ],
      gaps: [],
    });
  }
  await database.close();
}

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
  await fill();
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
  const [size] = await database.rows('SELECT sum(octet_length(bytes)) AS packed FROM transaction_blocks', []);
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

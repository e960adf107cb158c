import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { openDatabase, openTransactionStore } from '@bartizan/backends/duckdb';
import type { Database, TransactionStore } from '@bartizan/backends/duckdb';
import { tailWafLogsInThread } from '@bartizan/backends/files';
import type { Tail } from '@bartizan/backends/files';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { bundleInto } from './servers/bundle.ts';

const here = dirname(fileURLToPath(import.meta.url));

function auditRecord(n: number): string {
  return `${JSON.stringify({
    transaction: {
      client_ip: '203.0.113.7',
      time_stamp: 'Mon Jun 15 12:00:00 2026',
      unique_id: `id.${n}`,
      request: { method: 'GET', http_version: 1.1, uri: `/page/${n}`, headers: { Cookie: `sid=secret${n}` } },
      response: { http_code: 403 },
      producer: { secrules_engine: 'Enabled', components: ['OWASP_CRS/3.3.4"'] },
      messages: [{ message: 'SQLi', details: { ruleId: '942100', severity: '2' } }, { details: { ruleId: '949110' } }],
    },
  })}\n`;
}

const recordsOf = (from: number, count: number): string =>
  Array.from({ length: count }, (_, index) => auditRecord(from + index)).join('');

describe('logs that are read on a thread of its own', () => {
  let programs: string;
  let folder: string;
  let database: Database;
  let store: TransactionStore;
  const tails: Tail[] = [];

  beforeAll(async () => {
    programs = mkdtempSync(join(here, '..', 'node_modules', '.tail-'));
    await bundleInto(programs, { 'tail-worker': join(here, '../backends/src/files/tail-worker.ts') });
  });

  afterAll(() => rmSync(programs, { recursive: true, force: true }));

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'bartizan-tail-'));
    writeFileSync(join(folder, 'audit.log'), recordsOf(0, 100));
    database = await openDatabase({ file: ':memory:', threads: 1 });
    store = await openTransactionStore(database);
  });

  afterEach(async () => {
    for (const tail of tails.splice(0)) await tail.close();
    await database.close();
    rmSync(folder, { recursive: true, force: true });
  });

  function follow(options: { readonly store?: TransactionStore; readonly worker?: string } = {}): Tail {
    const tail = tailWafLogsInThread({
      source: 'edge',
      auditFiles: [join(folder, 'audit.log')],
      accessFiles: [],
      store: options.store ?? store,
      attribute: () => 'shop',
      clock: () => new Date(),
      signal: new AbortController().signal,
      pollMs: 20,
      worker: pathToFileURL(join(programs, options.worker ?? 'tail-worker.mjs')),
    });
    tails.push(tail);
    return tail;
  }

  async function rows(): Promise<{ readonly rows: number; readonly paths: number; readonly shop: number }> {
    const [row = {}] = await database.rows(
      `SELECT count(*) AS rows, count(DISTINCT path) AS paths, count(*) FILTER (namespace = 'shop') AS shop FROM transactions`,
      [],
    );
    return { rows: Number(row['rows']), paths: Number(row['paths']), shop: Number(row['shop']) };
  }

  test('are stored, masked, and told to which namespace they went', async () => {
    const tail = follow();
    await tail.caughtUp;
    expect(await rows()).toEqual({ rows: 100, paths: 100, shop: 100 });
    expect(tail.status()).toMatchObject({ state: 'ok', reason: null, stored: 100, malformed: 0 });
    const scope = { kind: 'all' } as const;
    const window = { fromMs: 0, toMs: Date.parse('2030-01-01T00:00:00Z') };
    for await (const { raw } of store.details({ window, scope, filter: [] })) {
      expect(raw.audit).toContain('"Cookie":"sid=***"');
      expect(raw.audit).not.toContain('secret');
    }
  });

  test('that cannot be stored are stored as soon as they can, and the status says why not yet', async () => {
    let isFull = true;
    const tail = follow({
      store: {
        ...store,
        append: (batch) => (isFull ? Promise.reject(new Error('no space left on device')) : store.append(batch)),
      },
    });
    await expect
      .poll(() => tail.status().reason, { timeout: 20_000 })
      .toBe('records cannot be stored: no space left on device');
    isFull = false;
    await tail.caughtUp;
    await expect.poll(() => tail.status().state, { timeout: 20_000 }).toBe('ok');
    expect(await rows()).toEqual({ rows: 100, paths: 100, shop: 100 });
  });

  test('are read on by another thread where the first one ended, each record once', async () => {
    const first = join(folder, 'started');
    writeFileSync(
      join(programs, 'ends-once.mjs'),
      `import { existsSync, writeFileSync } from 'node:fs';
      const isFirst = !existsSync(${JSON.stringify(first)});
      writeFileSync(${JSON.stringify(first)}, '');
      await import('./tail-worker.mjs');
      if (isFirst) setTimeout(() => { throw new Error('out of luck'); }, 300);`,
    );
    const tail = follow({ worker: 'ends-once.mjs' });
    await expect
      .poll(() => tail.status().reason, { timeout: 20_000 })
      .toBe('its logs are not read for now: out of luck');
    appendFileSync(join(folder, 'audit.log'), recordsOf(100, 50));
    await expect.poll(async () => (await rows()).rows, { timeout: 20_000 }).toBe(150);
    expect(await rows()).toEqual({ rows: 150, paths: 150, shop: 150 });
    await expect
      .poll(() => tail.status(), { timeout: 20_000 })
      .toMatchObject({ state: 'ok', reason: null, stored: 150 });
  });

  test('stop being read when it is closed, and the next one goes on from there', async () => {
    writeFileSync(join(folder, 'audit.log'), recordsOf(0, 30_000));
    await follow().close();
    const before = await rows();
    expect(before.rows).toBe(before.paths);
    const tail = follow();
    await tail.caughtUp;
    expect(await rows()).toEqual({ rows: 30_000, paths: 30_000, shop: 30_000 });
  });
});

import { appendFile, copyFile, mkdir, mkdtemp, rename, rm, rmdir, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openDatabase, openTransactionStore } from '../duckdb/index.ts';
import type { Database, TransactionStore } from '../duckdb/index.ts';
import { tailWafLogs } from './tail.ts';
import type { Tail, TailProgress } from './tail.ts';

const window = { fromMs: Date.parse('2026-06-15T00:00:00Z'), toMs: Date.parse('2026-06-16T00:00:00Z') };
const everything = { window, scope: { kind: 'all' } as const, filter: [] };
const pad = (value: number): string => String(value).padStart(2, '0');

/** Request number n comes n seconds after noon. */
function clockOf(n: number): string {
  return `12:${pad(Math.floor(n / 60))}:${pad(n % 60)}`;
}

function line(n: number): string {
  return `203.0.113.7 - - [15/Jun/2026:${clockOf(n)} +0000] "GET /page/${n} HTTP/1.1" 403 153 "-" "curl/8"\n`;
}

function record(n: number): string {
  return `${JSON.stringify({
    transaction: {
      client_ip: '203.0.113.7',
      time_stamp: `Mon Jun 15 ${clockOf(n)} 2026`,
      unique_id: `id.${n}`,
      request: { method: 'GET', http_version: 1.1, uri: `/page/${n}`, headers: {} },
      response: { http_code: 403 },
      producer: { secrules_engine: 'Enabled', components: ['OWASP_CRS/3.3.4"'] },
      messages: [{ message: 'SQLi', details: { ruleId: '942100', severity: '2' } }, { details: { ruleId: '949110' } }],
    },
  })}\n`;
}

function many(make: (n: number) => string, from: number, to: number): string {
  return Array.from({ length: to - from }, (_, at) => make(from + at)).join('');
}

describe('following logs', () => {
  let folder: string;
  let database: Database;
  let store: TransactionStore;
  let tail: Tail | null = null;
  const log = (name: string): string => join(folder, name);

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'bartizan-tail-'));
    database = await openDatabase({ file: log('events.duckdb'), threads: 1 });
    store = await openTransactionStore(database);
  });
  afterEach(async () => {
    await tail?.close();
    tail = null;
    await database.close();
    await rm(folder, { recursive: true });
  });

  async function follow(onProgress: (progress: TailProgress) => void = () => {}): Promise<void> {
    await tail?.close();
    tail = tailWafLogs({
      source: 'edge',
      auditFiles: [log('audit.log*')],
      accessFiles: [log('access.log*')],
      store,
      attribute: () => 'shop',
      clock: () => new Date('2026-06-15T18:00:00Z'),
      signal: new AbortController().signal,
      pollMs: 20,
      onProgress,
    });
    await tail.caughtUp;
  }

  /** A process that ends without a word: nothing that was in memory is there any more. */
  async function restart(): Promise<void> {
    await tail?.close();
    await database.close();
    database = await openDatabase({ file: log('events.duckdb'), threads: 1 });
    store = await openTransactionStore(database);
    await follow();
  }

  async function counts(): Promise<readonly [number | null, number | null]> {
    const { total, anomalous } = await store.statistics(everything);
    return [total, anomalous];
  }

  async function expectCounts(total: number, anomalous: number): Promise<void> {
    await expect.poll(counts, { timeout: 15_000, interval: 50 }).toEqual([total, anomalous]);
  }

  async function reasons(): Promise<string> {
    return (await store.coverage(window, { kind: 'all' })).gaps.map(({ reason }) => reason).join('\n');
  }

  test('what is there is read, and what comes is read when it comes', async () => {
    await writeFile(log('access.log'), many(line, 0, 10));
    await writeFile(log('audit.log'), many(record, 0, 3));
    await follow();
    await expectCounts(10, 3);
    await appendFile(log('access.log'), many(line, 10, 20));
    await appendFile(log('audit.log'), many(record, 10, 12));
    await expectCounts(20, 5);
    const { items } = await store.list(everything, { limit: 100 });
    expect(items).toHaveLength(20);
  });

  test('of logs that were rotated before they were read the older is read first', async () => {
    await writeFile(log('access.log.1'), many(line, 0, 3000));
    await writeFile(log('access.log'), many(line, 3000, 3500));
    await writeFile(log('audit.log.1'), many(record, 0, 3000));
    await writeFile(log('audit.log'), many(record, 3000, 3500));
    await follow();
    await expectCounts(3500, 3500);
    const rows = await database.rows(
      'SELECT time_ms, has_access AND audit_file IS NOT NULL AS joined FROM transactions ORDER BY rowid',
      [],
    );
    expect(rows.filter((row) => row['joined'] !== true)).toEqual([]);
    const times = rows.map((row) => Number(row['time_ms']));
    expect(times).toEqual(times.toSorted((left, right) => left - right));
  });

  test('it does not pause between rotated logs, however many there are', async () => {
    for (let file = 0; file < 40; file += 1)
      await writeFile(log(`access.log.${40 - file}`), many(line, file * 20, file * 20 + 20));
    await writeFile(log('audit.log'), many(record, 0, 2));
    const pauses: boolean[] = [];
    await follow(({ isCaughtUp }) => pauses.push(isCaughtUp));
    await expectCounts(800, 2);
    expect(pauses).not.toContain(false);
  });

  test('how far a log was read that is gone is not stored again', async () => {
    await writeFile(log('access.log.1'), many(line, 0, 5));
    await writeFile(log('access.log'), many(line, 5, 8));
    await writeFile(log('audit.log'), many(record, 0, 1));
    await follow();
    await expectCounts(8, 1);
    await rm(log('access.log.1'));
    await restart();
    const { append } = store;
    const paths = new Set<string>();
    store.append = (batch) => {
      for (const { path } of batch.files) paths.add(path);
      return append(batch);
    };
    await appendFile(log('access.log'), line(8));
    await expectCounts(9, 1);
    expect(paths).toContain(log('access.log'));
    expect(paths).not.toContain(log('access.log.1'));
  });

  test('half a line waits for its other half', async () => {
    const text = line(1);
    await writeFile(log('access.log'), line(0) + text.slice(0, 30));
    await writeFile(log('audit.log'), record(0));
    await follow();
    await expectCounts(1, 1);
    await appendFile(log('access.log'), text.slice(30));
    await expectCounts(2, 1);
    expect(await reasons()).not.toContain('could not be read');
  });

  test('rotation by renaming loses nothing and counts nothing twice, also when the log was written on after it', async () => {
    await writeFile(log('access.log'), many(line, 0, 10));
    await writeFile(log('audit.log'), many(record, 0, 2));
    await follow();
    await expectCounts(10, 2);
    await rename(log('access.log'), log('access.log.1'));
    await appendFile(log('access.log.1'), many(line, 10, 12));
    await writeFile(log('access.log'), many(line, 12, 15));
    await expectCounts(15, 2);
    await restart();
    await expectCounts(15, 2);
    expect(await counts()).toEqual([15, 2]);
  });

  test('rotation by copying and truncating, then packing, counts nothing twice', async () => {
    await writeFile(log('access.log'), many(line, 0, 10));
    await writeFile(log('audit.log'), many(record, 0, 2));
    await follow();
    await expectCounts(10, 2);
    await copyFile(log('access.log'), log('access.log.1'));
    await truncate(log('access.log'));
    await appendFile(log('access.log'), many(line, 10, 40));
    await expectCounts(40, 2);
    await writeFile(log('access.log.1.gz'), gzipSync(many(line, 0, 10)));
    await rm(log('access.log.1'));
    await restart();
    await expectCounts(40, 2);
    expect(await counts()).toEqual([40, 2]);
  });

  test('packed logs from before are read once', async () => {
    await writeFile(log('access.log.2.gz'), gzipSync(many(line, 0, 30)));
    await writeFile(log('access.log'), many(line, 30, 40));
    await writeFile(log('audit.log.1.gz'), gzipSync(many(record, 5, 8)));
    await writeFile(log('audit.log'), many(record, 31, 33));
    await follow();
    await expectCounts(40, 5);
    await restart();
    await expectCounts(40, 5);
    expect(await counts()).toEqual([40, 5]);
  });

  test('after a restart at any moment every record is there exactly once', async () => {
    await writeFile(log('access.log'), many(line, 0, 50));
    await writeFile(log('audit.log'), many(record, 0, 10));
    await follow();
    for (let round = 0; round < 4; round += 1) {
      await appendFile(log('access.log'), many(line, 50 + round * 5, 55 + round * 5));
      await appendFile(log('audit.log'), record(50 + round * 5));
      await restart();
    }
    await expectCounts(70, 14);
    expect((await store.list(everything, { limit: 100 })).items).toHaveLength(70);
  });

  test('a record whose line was stored long before is still joined with it, and the other way round', async () => {
    await writeFile(log('access.log'), many(line, 0, 5));
    await writeFile(log('audit.log'), record(20));
    await follow();
    await expectCounts(5, 1);
    await appendFile(log('audit.log'), record(3));
    await expectCounts(5, 2);
    await appendFile(log('access.log'), line(20));
    await expectCounts(6, 2);
    expect(await counts()).toEqual([6, 2]);
    await expect
      .poll(async () => (await store.list(everything, { limit: 100 })).items.length, { timeout: 10_000 })
      .toBe(6);
  });

  test('broken records are counted and named, and the rest is read', async () => {
    await writeFile(log('access.log'), `${line(0)}rubbish\n\u0000\u0001\n${line(1)}`);
    await writeFile(log('audit.log'), `${record(0)}{"transaction":{"client_ip":\n${record(1)}`);
    await follow();
    await expectCounts(2, 2);
    expect(await reasons()).toMatch(/2 records of .*access\.log could not be read; the newest at byte \d+/);
    expect(await reasons()).toMatch(/1 record of .*audit\.log could not be read/);
    await restart();
    expect(await reasons()).toMatch(/2 records of .*access\.log/);
  });

  test('a log that is not there is a gap until it comes', async () => {
    await writeFile(log('access.log'), line(0));
    await follow();
    expect(tail?.status()).toMatchObject({ state: 'missing' });
    expect(tail?.status().reason).toContain('audit.log*');
    await writeFile(log('audit.log'), record(0));
    await expectCounts(1, 1);
    await expect.poll(() => tail?.status().state, { timeout: 10_000 }).toBe('ok');
  });

  test('a gap ends at a restart, when what was wrong has been mended meanwhile', async () => {
    await writeFile(log('access.log'), line(0));
    await follow();
    const gaps = async () =>
      (await store.coverage(window, { kind: 'all' })).gaps.filter(({ reason }) => reason.includes('audit.log'));
    expect(await gaps()).toEqual([
      { source: 'edge', reason: expect.stringContaining('there is no file'), from: '2026-06-15T18:00:00.000Z' },
    ]);
    await restart();
    expect(await gaps()).toHaveLength(1);
    expect(tail?.status().state).toBe('missing');
    await tail?.close();
    await writeFile(log('audit.log'), record(0));
    await restart();
    await expect
      .poll(gaps)
      .toEqual([expect.objectContaining({ from: '2026-06-15T18:00:00.000Z', to: '2026-06-15T18:00:00.000Z' })]);
    expect(tail?.status()).toMatchObject({ state: 'ok', reason: null });
  });

  test('what is wrong with a file ends with the file', async () => {
    await writeFile(log('access.log'), line(0));
    await writeFile(log('audit.log'), record(0));
    await mkdir(log('audit.log.1'));
    await follow();
    expect(tail?.status().reason).toMatch(/audit\.log\.1 cannot be read/);
    await rmdir(log('audit.log.1'));
    await expect.poll(() => tail?.status().reason, { timeout: 10_000 }).toBeNull();
  });

  test('a log that is removed or written anew is followed from its new beginning', async () => {
    await writeFile(log('access.log'), many(line, 0, 5));
    await writeFile(log('audit.log'), record(0));
    await follow();
    await expectCounts(5, 1);
    await rm(log('access.log'));
    await writeFile(log('access.log'), many(line, 30, 33));
    await expectCounts(8, 1);
    expect(await counts()).toEqual([8, 1]);
  });

  test('a clock that jumps back loses nothing', async () => {
    await writeFile(log('access.log'), many(line, 100, 110) + many(line, 0, 5));
    await writeFile(log('audit.log'), record(105) + record(2));
    await follow();
    await expectCounts(15, 2);
    expect((await store.list(everything, { limit: 100 })).items).toHaveLength(15);
  });

  test('logs of several firewalls in one store are read on apart after a restart', async () => {
    for (const name of ['edge', 'inner'])
      await writeFile(log(`${name}.access`), many(line, 0, name === 'edge' ? 20 : 5));
    for (let round = 0; round < 2; round += 1) {
      const tails = ['edge', 'inner'].map((source) =>
        tailWafLogs({
          source,
          auditFiles: [],
          accessFiles: [log(`${source}.access`)],
          store,
          attribute: () => 'shop',
          clock: () => new Date('2026-06-15T18:00:00Z'),
          signal: new AbortController().signal,
          pollMs: 20,
        }),
      );
      await Promise.all(tails.map(({ caughtUp }) => caughtUp));
      await expect.poll(counts, { timeout: 15_000, interval: 50 }).toEqual([25 + round, null]);
      await Promise.all(tails.map((each) => each.close()));
      await database.close();
      database = await openDatabase({ file: log('events.duckdb'), threads: 1 });
      store = await openTransactionStore(database);
      await appendFile(log('edge.access'), line(50 + round));
    }
    expect((await store.files('edge')).map(({ id }) => id)).not.toEqual(
      (await store.files('inner')).map(({ id }) => id),
    );
  });

  test('a log that cannot be read is named, and read when it can be', async () => {
    await writeFile(log('access.log'), line(0));
    await mkdir(log('audit.log'));
    await follow();
    expect(tail?.status().reason).toMatch(/audit\.log cannot be read/);
    await rmdir(log('audit.log'));
    await writeFile(log('audit.log'), record(0));
    await expectCounts(1, 1);
    await expect.poll(() => tail?.status().state, { timeout: 10_000 }).toBe('ok');
  });
});

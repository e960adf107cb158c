import { appendFileSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openDatabase, openTransactionStore } from '@bartizan/backends/duckdb';
import { tailWafLogs } from '@bartizan/backends/files';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bundleInto } from './servers/bundle.ts';
import { startProgram } from './servers/process.ts';

const here = dirname(fileURLToPath(import.meta.url));
/** More of them by hand: KILLS=200 npx vitest run --project integration integration/ingest-kill.test.ts */
const kills = Number(process.env['KILLS'] ?? 12);
const startMs = Date.parse('2026-06-15T00:00:00Z');
const window = { fromMs: startMs, toMs: startMs + 86_400_000 };
const everything = { window, scope: { kind: 'all' } as const, filter: [] };

const clockOf = (n: number): string => new Date(startMs + n * 250).toISOString().slice(11, 19);

function accessLine(n: number): string {
  return `203.0.113.7 - - [15/Jun/2026:${clockOf(n)} +0000] "GET /page/${n} HTTP/1.1" 403 153 "-" "curl/8"\n`;
}

function auditRecord(n: number): string {
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

describe('ingest that is killed', () => {
  let folder: string;
  let workerFolder: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'bartizan-kill-'));
    workerFolder = mkdtempSync(join(here, '..', 'node_modules', '.kill-'));
    const input = {
      worker: join(here, 'servers/ingest-worker.ts'),
      'tail-worker': join(here, '../backends/src/files/tail-worker.ts'),
    };
    await bundleInto(workerFolder, input);
  });

  afterAll(() => {
    for (const made of [folder, workerFolder]) rmSync(made, { recursive: true, force: true });
  });

  test(
    `after ${kills} kills at random moments every record is there exactly once`,
    { timeout: 60_000 + kills * 4000 },
    async () => {
      let written = 0;
      const write = (count: number): void => {
        for (const end = written + count; written < end; written += 1) {
          if (written % 3 === 0) appendFileSync(join(folder, 'audit.log'), auditRecord(written));
          appendFileSync(join(folder, 'access.log'), accessLine(written));
        }
      };
      for (let kill = 0; kill < kills; kill += 1) {
        write(200);
        const worker = startProgram(process.execPath, [join(workerFolder, 'worker.mjs'), folder]);
        expect(await worker.firstLine()).toBe('following');
        const until = Date.now() + Math.random() * 900;
        while (Date.now() < until) {
          write(20);
          await new Promise((resolve) => setTimeout(resolve, 10));
        }
        if (kill % 5 === 4) renameSync(join(folder, 'access.log'), join(folder, `access.log.${kill}`));
        process.kill(worker.pid, 'SIGKILL');
        await worker.exited;
      }
      write(1);
      const database = await openDatabase({ file: join(folder, 'events.duckdb'), threads: 1 });
      const store = await openTransactionStore(database);
      const logs = { auditFiles: [join(folder, 'audit.log*')], accessFiles: [join(folder, 'access.log*')] };
      const signal = new AbortController().signal;
      const tail = tailWafLogs({
        source: 'edge',
        ...logs,
        store,
        attribute: () => 'shop',
        clock: () => new Date(),
        signal,
      });
      await tail.caughtUp;
      await tail.close();
      const [row] = await database.rows(
        `SELECT count(*) AS rows, count(DISTINCT path) AS requests, count(*) FILTER (has_access) AS lines,
      count(DISTINCT audit_position) AS records, count(*) FILTER (has_access AND audit_file IS NOT NULL) AS joined FROM transactions`,
        [],
      );
      const { total, anomalous } = await store.statistics(everything);
      await database.close();
      const records = Math.ceil(written / 3);
      const counted = Object.fromEntries(Object.entries(row ?? {}).map(([name, value]) => [name, Number(value)]));
      expect(counted).toEqual({ rows: written, requests: written, lines: written, records, joined: records });
      expect({ total, anomalous }).toEqual({ total: written, anomalous: records });
    },
  );
});

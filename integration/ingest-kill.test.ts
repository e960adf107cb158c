import { appendFileSync, copyFileSync, mkdtempSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openDatabase } from '@bartizan/backends/duckdb';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startConsole } from './servers/console.ts';
import type { RunningConsole } from './servers/console.ts';
import { until } from './servers/process.ts';

/** More of them by hand: KILLS=200 npx vitest run --project integration integration/ingest-kill.test.ts */
const kills = Number(process.env['KILLS'] ?? 8);
/** Of the last days: what is older than a console keeps goes again. */
const startMs = Math.floor(Date.now() / 1000) * 1000 - 4 * 86_400_000;
const window = [startMs, startMs + 4 * 86_400_000].map((ms) => new Date(ms).toISOString());
const statistics = `/api/v1/environments/-/waf/statistics?from=${window[0]}&to=${window[1]}`;

/** `Mon`, `15`, `Jun`, `2026` and `12:00:00` of the n-th request. */
function timeOf(n: number): readonly string[] {
  const [weekday = '', ...rest] = new Date(startMs + n * 250).toUTCString().split(' ');
  return [weekday.slice(0, 3), ...rest];
}

function accessLine(n: number): string {
  const [, day, month, year, clock] = timeOf(n);
  return `203.0.113.7 - - [${day}/${month}/${year}:${clock} +0000] "GET /page/${n} HTTP/1.1" 403 153 "-" "curl/8"\n`;
}

function auditRecord(n: number): string {
  const [weekday, day, month, year, clock] = timeOf(n);
  return `${JSON.stringify({
    transaction: {
      client_ip: '203.0.113.7',
      time_stamp: `${weekday} ${month} ${day} ${clock} ${year}`,
      unique_id: `id.${n}`,
      request: { method: 'GET', http_version: 1.1, uri: `/page/${n}`, headers: {} },
      response: { http_code: 403 },
      producer: { secrules_engine: 'Enabled', components: ['OWASP_CRS/3.3.4"'] },
      messages: [{ message: 'SQLi', details: { ruleId: '942100', severity: '2' } }, { details: { ruleId: '949110' } }],
    },
  })}\n`;
}

let folder: string;
let written = 0;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'bartizan-kill-'));
  writeFileSync(
    join(folder, 'bartizan.yaml'),
    `dataFolder: data
clusters: [{name: gone, kubeconfig: ./kubeconfig}]
firewalls: [{name: edge, cluster: gone, auditLogs: ['./audit.log*'], accessLogs: ['./access.log*']}]
environments: [{id: shop, cluster: gone, namespaces: [shop]}]
`,
  );
  writeFileSync(
    join(folder, 'kubeconfig'),
    `apiVersion: v1
kind: Config
clusters: [{name: a, cluster: {server: "http://127.0.0.1:9"}}]
contexts: [{name: a, context: {cluster: a, user: a}}]
users: [{name: a, user: {}}]
current-context: a
`,
  );
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function write(count: number): void {
  for (const end = written + count; written < end; written += 1) {
    if (written % 3 === 0) appendFileSync(join(folder, 'audit.log'), auditRecord(written));
    appendFileSync(join(folder, 'access.log'), accessLine(written));
  }
}

/** As logrotate does it: by another name, or as a copy of a log that is then emptied. */
function rotate(round: number): void {
  const log = join(folder, round % 2 === 0 ? 'access.log' : 'audit.log');
  if (round % 3 === 0) {
    copyFileSync(log, `${log}.copy-${round}`);
    truncateSync(log);
  } else renameSync(log, `${log}.${round}`);
}

const serve = (): Promise<RunningConsole> =>
  startConsole(['serve', '--config', join(folder, 'bartizan.yaml'), '--port', '0']);

test(
  `a console that follows growing, rotated logs is killed ${kills} times at random moments: every record is there exactly once`,
  { timeout: 120_000 + kills * 15_000 },
  async () => {
    for (let kill = 0; kill < kills; kill += 1) {
      write(200);
      const { program } = await serve();
      const end = Date.now() + Math.random() * 1500;
      for (let round = 0; Date.now() < end; round += 1) {
        write(20);
        await sleep(10);
        if (round === 30) rotate(kill);
      }
      if (kill % 4 === 3) rotate(kill + kills);
      process.kill(program.pid, 'SIGKILL');
      await program.exited;
      if (kill % 4 === 1) rotate(kill + 2 * kills);
    }
    write(1);
    const records = Math.ceil(written / 3);
    const last = await serve();
    await until(
      'all is read',
      async () => ((await last.json<{ total: number | null }>(statistics)).total ?? 0) >= written || undefined,
      { withinMs: 120_000 },
    );
    await sleep(3000);
    expect(await last.json(statistics)).toMatchObject({ total: written, anomalous: records, blocked: records });
    expect(await last.stop()).toBe(0);
    const database = await openDatabase({ file: join(folder, 'data', 'history.duckdb'), threads: 1 });
    const [row] = await database.rows(
      `SELECT count(*) AS rows, count(DISTINCT path) AS requests, count(*) FILTER (has_access) AS lines,
      count(DISTINCT audit_position * 1000 + audit_file) AS records, count(*) FILTER (has_access AND audit_file IS NOT NULL) AS joined FROM transactions`,
      [],
    );
    await database.close();
    const counted = Object.fromEntries(Object.entries(row ?? {}).map(([name, value]) => [name, Number(value)]));
    expect(counted).toEqual({ rows: written, requests: written, lines: written, records, joined: records });
    console.log(`${kills} kills: ${written} lines and ${records} records, each once`);
  },
);

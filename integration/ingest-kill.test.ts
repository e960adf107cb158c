import { appendFileSync, copyFileSync, mkdtempSync, renameSync, rmSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openDatabase } from '@bartizan/backends/duckdb';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startConsole } from './servers/console.ts';
import type { RunningConsole } from './servers/console.ts';
import { accessLineOf, auditRecordOf, statisticsPath, writeFirewallConfig } from './servers/followed-logs.ts';
import { until } from './servers/process.ts';

/** More of them by hand: KILLS=200 npx vitest run --project integration integration/ingest-kill.test.ts */
const kills = Number(process.env['KILLS'] ?? 8);
let folder: string;
let config: string;
let written = 0;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'bartizan-kill-'));
  config = writeFirewallConfig(folder);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function write(count: number): void {
  for (const end = written + count; written < end; written += 1) {
    if (written % 3 === 0) appendFileSync(join(folder, 'audit.log'), auditRecordOf(written));
    appendFileSync(join(folder, 'access.log'), accessLineOf(written));
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

const serve = (): Promise<RunningConsole> => startConsole(['serve', '--config', config, '--port', '0']);

test(
  `a console that follows growing, rotated logs is killed ${kills} times at random moments: every record is there exactly once`,
  { timeout: 400_000 + kills * 15_000 },
  async () => {
    for (let kill = 0; kill < kills; kill += 1) {
      write(200);
      const { program } = await serve();
      const end = Date.now() + Math.random() * 1500;
      for (let round = 0; Date.now() < end; round += 1) {
        write(20);
        await sleep(10);
        if (round === 30 && kill % 10 === 1) rotate(kill);
      }
      if (kill % 10 === 4) rotate(kill);
      process.kill(program.pid, 'SIGKILL');
      await program.exited;
      if (kill % 10 === 7) rotate(kill);
    }
    write(1);
    const records = Math.ceil(written / 3);
    const last = await serve();
    await until(
      'all is read',
      async () => ((await last.json<{ total: number | null }>(statisticsPath)).total ?? 0) >= written || undefined,
      { withinMs: 300_000 },
    );
    await sleep(3000);
    expect(await last.json(statisticsPath)).toMatchObject({ total: written, anomalous: records, blocked: records });
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

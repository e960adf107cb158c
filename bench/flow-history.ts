// ROWS flow events kept whole over DAYS days: every question of the network pages, beside DuckDB asked by hand.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase, openFlowStore } from '@bartizan/backends/duckdb';
import { timedQuestions } from './timed-questions.ts';

const rows = Number(process.env['ROWS'] ?? 20_000_000);
const days = Number(process.env['DAYS'] ?? 7);
const endMs = Date.parse('2026-06-30T00:00:00Z');
const startMs = endMs - days * 86_400_000;
const folder = mkdtempSync(join(tmpdir(), 'bench-flows-'));
const file = process.env['FILE'] ?? join(folder, 'history.duckdb');

try {
  const began = performance.now();
  if (process.env['FILE'] === undefined)
    execFileSync(process.execPath, ['bench/run.mjs', 'fill-flows'], {
      env: { ...process.env, ROWS: String(rows), FROM_MS: String(startMs), TO_MS: String(endMs), FILE: file },
      stdio: 'inherit',
    });
  const size = (statSync(file).size / 1e6).toFixed(0);
  console.log(`filled in ${((performance.now() - began) / 1000).toFixed(0)} s; file ${size} MB`);
  const database = await openDatabase({ file });
  const store = await openFlowStore(database, { clock: () => new Date(endMs) });
  const [counts] = await database.rows(
    'SELECT (SELECT count(*) FROM flows) AS events, (SELECT count(*) FROM flow_kinds) AS kinds, (SELECT count(*) FROM flow_hours) AS hours',
    [],
  );
  console.log(
    `${String(counts?.['events'])} events of ${String(counts?.['kinds'])} kinds, ${String(counts?.['hours'])} counts`,
  );
  await timedQuestions({ store, database, window: { fromMs: startMs, toMs: endMs } });
  console.log(`memory ${(process.memoryUsage().rss / 1e6).toFixed(0)} MB`);
  await database.close();
} finally {
  rmSync(folder, { recursive: true });
}

// 30 days of counts by the hour for a thousand workloads: what they take on disk, and what it costs to ask them. Each hour has an event of
// every kind that the pairs of a busy cluster make. The store rolls up one hour of every half day; the others are copied by SQL.
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase, openFlowStore } from '@bartizan/backends/duckdb';
import type { Database } from '@bartizan/backends/duckdb';
import { flowAt } from './flow-events.ts';
import { timedQuestions } from './timed-questions.ts';

const days = Number(process.env['DAYS'] ?? 30);
/** Kinds of events an hour: ten peers for each of a thousand workloads, four kinds of events for each pair. */
const kinds = Number(process.env['KINDS'] ?? 40_000);
const limitMb = 1000;
const hourMs = 3_600_000;
const halfDay = 12;
const startMs = Date.parse('2026-06-01T00:00:00Z');
const endMs = startMs + days * 24 * hourMs;
const folder = mkdtempSync(join(tmpdir(), 'bench-rollups-'));
const file = join(folder, 'history.duckdb');

function firstHour(at: number) {
  return Array.from({ length: 4000 }, (_, place) => {
    const number = at + place;
    const type = (['PolicyVerdict', 'Trace', 'Trace', 'Trace'] as const)[number % 4] ?? 'Trace';
    const subtype = ['', 'to-endpoint', 'to-stack', 'to-overlay'][number % 4] ?? '';
    const timeMs = startMs + Math.floor((number / kinds) * hourMs);
    return { ...flowAt({ edge: Math.floor(number / 4), timeMs, number }), type, subtype };
  });
}

/** The hours before the last one of a half day as the store has counted its first one, and that last one's events. */
async function copyHalfDay(database: Database, half: number): Promise<void> {
  const begins = half * halfDay;
  await database.write(async (connection) => {
    for (const [table, rest] of [
      ['flow_hours', 'kind, count'],
      ['connection_hours', 'edge, outcome, node, count'],
    ] as const)
      await connection.run(
        `INSERT INTO ${table} SELECT hour + later, ${rest}, first_ms + later * ${hourMs}, last_ms + later * ${hourMs}
         FROM ${table}, range(${Math.max(begins, 1)}, ${begins + halfDay - 1}) AS hours(later)
         WHERE hour = ${startMs / hourMs} ORDER BY ALL`,
      );
    const later = `${BigInt((begins + halfDay - 1) * hourMs) * 1_000_000n}::BIGINT`;
    const arrival = `arrival + (half_day_arrival * ${half + 1})`;
    for (const [table, times] of [
      ['flows', `nanos + ${later} AS nanos`],
      ['connections', `nanos + ${later} AS nanos, began + ${later} AS began`],
    ] as const)
      await connection.run(
        `INSERT INTO ${table} SELECT * REPLACE (${arrival.replace('half_day_arrival', String(kinds))} AS arrival, ${times}) FROM first_${table}`,
      );
  });
}

try {
  let nowMs = startMs;
  let longest = 0;
  const open = (database: Database) => openFlowStore(database, { clock: () => new Date(nowMs), keepWholeMs: hourMs });
  const database = await openDatabase({ file });
  const first = await open(database);
  for (let at = 0; at < kinds; at += 4000) await first.append({ source: 'prod', flows: firstHour(at), gaps: [] });
  await database.write(async (connection) => {
    for (const table of ['flows', 'connections']) await connection.run(`CREATE TABLE first_${table} AS FROM ${table}`);
  });
  nowMs = startMs + hourMs + 130_000;
  await first.append({ source: 'prod', flows: [], gaps: [] });
  const started = performance.now();
  for (let half = 0; half < days * 2; half += 1) {
    await copyHalfDay(database, half);
    nowMs = startMs + (half + 1) * halfDay * hourMs + 130_000;
    // Opened anew, the store knows of the events that were written beside it.
    const store = await open(database);
    const before = performance.now();
    await store.append({ source: 'prod', flows: [], gaps: [] });
    longest = Math.max(longest, performance.now() - before);
  }
  const hours = await database.rows(
    'SELECT count(*) AS kinds, sum(count)::BIGINT AS events FROM flow_hours GROUP BY hour',
    [],
  );
  if (
    hours.length !== days * 24 ||
    hours.some((row) => Number(row['kinds']) !== kinds || Number(row['events']) !== kinds)
  )
    throw new Error('hours that were copied and hours that were rolled up are not the same');
  await database.write((connection) => connection.run('DROP TABLE first_flows; DROP TABLE first_connections'));
  await database.close();
  const spent = ((performance.now() - started) / 1000).toFixed(0);
  console.log(
    `${hours.length} hours of ${kinds} counts in ${spent} s; an hour rolled up with its half day in ${longest.toFixed(0)} ms at most`,
  );
  const size = statSync(file).size / 1e6;
  console.log(`file ${size.toFixed(0)} MB; limit ${limitMb} MB, ratio ${(size / limitMb).toFixed(2)}`);
  const again = await openDatabase({ file });
  nowMs = endMs;
  await timedQuestions({
    store: await open(again),
    database: again,
    window: { fromMs: startMs + hourMs, toMs: endMs },
  });
  console.log(`memory ${(process.memoryUsage().rss / 1e6).toFixed(0)} MB`);
  await again.close();
} finally {
  rmSync(folder, { recursive: true });
}

// 30 days of counts by the hour for a thousand workloads: what they take on disk, and what it costs to ask them. Each hour has an event of
// every kind that the pairs of a busy cluster make, stored as events and rolled up by the store itself.
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase, openFlowStore } from '@bartizan/backends/duckdb';
import { flowAt } from './flow-events.ts';
import { timedQuestions } from './timed-questions.ts';

const days = Number(process.env['DAYS'] ?? 30);
/** Kinds of events an hour: ten peers for each of a thousand workloads, four kinds of events for each pair. */
const kinds = Number(process.env['KINDS'] ?? 40_000);
const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const startMs = Date.parse('2026-06-01T00:00:00Z');
const endMs = startMs + days * dayMs;
const folder = mkdtempSync(join(tmpdir(), 'bench-rollups-'));
const file = join(folder, 'history.duckdb');

try {
  let nowMs = startMs;
  const database = await openDatabase({ file });
  const store = await openFlowStore(database, { clock: () => new Date(nowMs), keepWholeMs: hourMs });
  for (let at = 0; at < kinds; at += 4000) {
    const flows = Array.from({ length: 4000 }, (_, place) => {
      const number = at + place;
      const type = (['PolicyVerdict', 'Trace', 'Trace', 'Trace'] as const)[number % 4] ?? 'Trace';
      const subtype = ['', 'to-endpoint', 'to-stack', 'to-overlay'][number % 4] ?? '';
      const timeMs = startMs + Math.floor((number / kinds) * hourMs);
      return { ...flowAt({ edge: Math.floor(number / 4), timeMs, number }), type, subtype };
    });
    await store.append({ source: 'prod', flows, gaps: [] });
  }
  const started = performance.now();
  for (let hour = 1; hour < days * 24; hour += 1) {
    for (const [table, times] of [
      ['flows', 'nanos'],
      ['connections', 'nanos, began'],
    ] as const)
      await database.write((connection) =>
        connection.run(
          `INSERT INTO ${table} SELECT arrival, ${times
            .split(', ')
            .map((time) => `${time} + 3600000000000`)
            .join()},
           * EXCLUDE (arrival, ${times}) FROM ${table} WHERE nanos >= ${BigInt(startMs + (hour - 1) * hourMs) * 1_000_000n}`,
        ),
      );
    nowMs = startMs + hour * hourMs + 130_000;
    await store.append({ source: 'prod', flows: [], gaps: [] });
  }
  await database.write((connection) => connection.run('SELECT 1'));
  const [sizes] = await database.rows(
    'SELECT (SELECT count(*) FROM flow_hours) AS counts, (SELECT count(*) FROM flows) AS whole',
    [],
  );
  console.log(
    `${String(sizes?.['counts'])} counts of ${days} days, ${String(sizes?.['whole'])} whole events, in ${((performance.now() - started) / 1000).toFixed(0)} s`,
  );
  await database.close();
  console.log(`file ${(statSync(file).size / 1e6).toFixed(0)} MB`);
  const again = await openDatabase({ file });
  const reader = await openFlowStore(again, { clock: () => new Date(endMs) });
  await timedQuestions({ store: reader, database: again, window: { fromMs: startMs + hourMs, toMs: endMs } });
  console.log(`memory ${(process.memoryUsage().rss / 1e6).toFixed(0)} MB`);
  await again.close();
} finally {
  rmSync(folder, { recursive: true });
}

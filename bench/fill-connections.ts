// Fills FILE with the connections of DAYS days for `policy-effect`: EDGES distinct edges, two in a hundred of them seen every day and the
// others on one. The first day's events go through the store, the later days' connections are written as it would; it rolls all up itself.
import type { FlowWriter } from '@bartizan/backends';
import { openDatabase, openFlowStore } from '@bartizan/backends/duckdb';
import type { Database } from '@bartizan/backends/duckdb';
import { daysOfEffect, endOfEffectMs } from './effect-window.ts';
import { edgeAt, flowAt } from './flow-events.ts';

const edges = Number(process.env['EDGES']);
const steady = Math.floor(edges / 50);
const dayMs = 86_400_000;
const startMs = endOfEffectMs - daysOfEffect * dayMs;
const file = process.env['FILE'] ?? '';

interface Seen {
  readonly edge: number;
  readonly timeMs: number;
}

/** What is seen on a day, in the order of time. */
function seenOn(day: number): readonly Seen[] {
  const rare = (edges - steady) / daysOfEffect;
  const first = Math.round(steady + day * rare);
  const count = steady + Math.round(steady + (day + 1) * rare) - first;
  return Array.from({ length: count }, (_, place) => ({
    edge: place < steady ? place : first + place - steady,
    timeMs: startMs + day * dayMs + Math.floor((place / count) * dayMs),
  }));
}

/** By its number in `flowAt`, the number that the store gave an end; addresses are told apart from pods by their sign. */
async function numbersOfEnds(database: Database): Promise<ReadonlyMap<number, number>> {
  const rows = await database.rows('SELECT id, detail FROM connection_ends', []);
  return new Map(
    rows.map(({ id, detail }) => {
      const { workload, ip } = JSON.parse(String(detail));
      const [, high = 0, middle = 0, low = 0] = String(ip).split('.').map(Number);
      return [workload === null ? -((high << 16) + (middle << 8) + low) : Number(workload.name.slice(4)), Number(id)];
    }),
  );
}

/** Every edge that the first day did not have, numbered as the store would have. */
async function writeEdges(database: Database): Promise<void> {
  const ends = await numbersOfEnds(database);
  await database.write(async (connection) => {
    await connection.run(
      'CREATE TABLE planned (edge INTEGER, source_end INTEGER, destination_end INTEGER, port INTEGER)',
    );
    const appender = await connection.createAppender('planned');
    for (let edge = 0; edge < edges; edge += 1) {
      const { from, to, port, isOutside } = edgeAt(edge);
      for (const number of [edge, ends.get(from) ?? 0, ends.get(isOutside ? -to : to) ?? 0, port])
        appender.appendInteger(number);
      appender.endRow();
    }
    appender.closeSync();
    const same = 'USING (source_end, destination_end, port)';
    await connection.run(`INSERT INTO connection_edges
      SELECT (SELECT max(id) FROM connection_edges) + row_number() OVER (ORDER BY edge), source_end, destination_end,
        (SELECT any_value(protocol) FROM connection_edges), port FROM planned ANTI JOIN connection_edges ${same}`);
    await connection.run(`CREATE TABLE numbered AS SELECT edge, id FROM planned JOIN connection_edges ${same}`);
  });
}

/** A later day as the store would have written it; it rolls it up itself. */
async function writeDay(database: Database, day: number): Promise<number> {
  const seen = seenOn(day);
  await database.write(async (connection) => {
    await connection.run('CREATE OR REPLACE TABLE seen (edge INTEGER, nanos BIGINT, outcome UTINYINT)');
    const appender = await connection.createAppender('seen');
    for (const { edge, timeMs } of seen) {
      appender.appendInteger(edge);
      appender.appendBigInt(BigInt(timeMs) * 1_000_000n);
      appender.appendUTinyInt(edgeAt(edge).isDropped ? 1 : 0);
      appender.endRow();
    }
    appender.closeSync();
    await connection.run(`INSERT INTO connections
      SELECT (SELECT max(arrival) FROM flows), nanos, nanos, hash(edge, nanos),
        (SELECT any_value(direction) FROM connections), outcome, id, 0, outcome, NULL, 1, 'copy-' || nanos || '-' || edge
      FROM seen JOIN numbered USING (edge)`);
  });
  return seen.length;
}

async function storeFirstDay(store: FlowWriter): Promise<number> {
  const addresses = new Map(
    Array.from({ length: edges }, (_, edge) => edge)
      .filter((edge) => edgeAt(edge).isOutside)
      .map((edge) => [edgeAt(edge).to, edge]),
  );
  const seen = [...[...addresses.values()].map((edge) => ({ edge, timeMs: startMs })), ...seenOn(0)];
  for (let at = 0; at < seen.length; at += 4000) {
    const flows = seen.slice(at, at + 4000).map((one, place) => flowAt({ ...one, number: at + place }));
    await store.append({ source: 'memory', flows, gaps: [] });
  }
  return seen.length;
}

/** Opened anew it knows of what was written beside it; with nothing new it rolls up what is settled. */
async function rollUp(database: Database, nowMs: number): Promise<void> {
  const store = await openFlowStore(database, { clock: () => new Date(nowMs) });
  await store.append({ source: 'memory', flows: [], gaps: [] });
}

const database = await openDatabase({ file, memoryLimitMb: 1000 });
const store = await openFlowStore(database, { clock: () => new Date(startMs) });
let events = await storeFirstDay(store);
await writeEdges(database);
for (let day = 1; day < daysOfEffect; day += 1) {
  events += await writeDay(database, day);
  await rollUp(database, startMs + (day + 1) * dayMs);
}
await database.write((connection) => connection.run('DROP TABLE planned; DROP TABLE numbered; DROP TABLE seen'));
await database.close();
console.log(`${events} events of ${edges} edges over ${daysOfEffect} days`);

// Flow events of a cluster in a history of its own: a quarter of a million through the store, the others copied from them by SQL.
import { openDatabase, openFlowStore } from '@bartizan/backends/duckdb';
import type { FlowRecord } from '@bartizan/flow';
import { flowAt } from './flow-events.ts';

/** So many events are stored one by one; copies of them have other times and ids, and one in 500 goes to another workload. */
const storedOneByOne = 250_000;
const edges = 20_000;
/** One event in ten goes to one of these. */
const addresses = 20_000;
const outsideNames = 500;
const batchSize = 4000;

const sourceName = 'prod';
const rows = Number(process.env['ROWS']);
const startMs = Number(process.env['FROM_MS']);
const endMs = Number(process.env['TO_MS']);
const file = process.env['FILE'] ?? '';
const copies = Math.max(1, Math.round(rows / storedOneByOne));
const spanMs = Math.floor((endMs - startMs) / copies);

/** Evenly over the window. The whole records of copies are those of the events that they were made from. */
async function fill(): Promise<void> {
  const database = await openDatabase({ file, memoryLimitMb: 1000 });
  const store = await openFlowStore(database, { clock: () => new Date(startMs) });
  for (let at = 0; at < storedOneByOne; at += batchSize) {
    const flows = Array.from({ length: Math.min(batchSize, storedOneByOne - at) }, (_, place) =>
      eventAt(at + place, startMs + Math.floor(((at + place) / storedOneByOne) * spanMs)),
    );
    await store.append({ source: sourceName, flows, gaps: [] });
  }
  await database.write(async (connection) => {
    for (const table of ['flows', 'connections'])
      await connection.run(`CREATE TEMP TABLE first_${table} AS FROM ${table} ORDER BY arrival`);
  });
  for (let copy = 1; copy < copies; copy += 1) {
    const later = `+ ${copy * spanMs} * 1000000::BIGINT`;
    const shifted = `arrival + ${copy * storedOneByOne} AS arrival, nanos ${later} AS nanos, id || '-${copy}' AS id`;
    const other = `(hash(id) + ${copy * 13}) % 1000`;
    const isMoved = 'hash(id) % 500 = 0';
    const moved = [
      `CASE WHEN ${isMoved} THEN 'team-' || ${other} % 50 ELSE destination_namespace END AS destination_namespace`,
      `CASE WHEN ${isMoved} THEN 'team-' || ${other} % 50 || '/app-' || ${other} ELSE destination_name END AS destination_name`,
      `CASE WHEN NOT ${isMoved} THEN destination_network END AS destination_network`,
    ];
    await database.write(async (connection) => {
      await connection.run(`INSERT INTO flows SELECT * REPLACE (${[shifted, ...moved].join()}) FROM first_flows`);
      await connection.run(
        `INSERT INTO connections SELECT * REPLACE (${shifted}, began ${later} AS began, hash(tuple, ${copy}) AS tuple) FROM first_connections`,
      );
    });
  }
  await database.close();
}

/** By the store itself, while time goes on; what it takes at most is what an append would have waited. */
async function rollUp(): Promise<void> {
  let nowMs = startMs;
  const database = await openDatabase({ file });
  const store = await openFlowStore(database, { clock: () => new Date(nowMs) });
  const times: number[] = [];
  const began = process.cpuUsage();
  for (let copy = 0; copy < copies; copy += 1)
    for (const part of [0.25, 0.5, 0.75, 1]) {
      nowMs = startMs + (copy + part) * spanMs + 130_000;
      const started = performance.now();
      await store.append({ source: sourceName, flows: [], gaps: [] });
      times.push(performance.now() - started);
    }
  const { user, system } = process.cpuUsage(began);
  times.sort((left, right) => left - right);
  const [middle = 0, worst = 0] = [times[times.length >> 1], times.at(-1)];
  console.log(
    `rolled up in ${times.length} slices: median ${middle.toFixed(0)} ms, longest ${worst.toFixed(0)} ms; processor ${((user + system) / 1000 / times.length).toFixed(0)} ms a slice of ${Math.round(rows / times.length)} events`,
  );
  await database.close();
}

/** What Hubble tells of one connection at its points: as much of each. */
const points = [
  { type: 'PolicyVerdict', subtype: '', isReply: false, direction: 'egress' },
  { type: 'Trace', subtype: 'to-overlay', isReply: false, direction: 'egress' },
  { type: 'PolicyVerdict', subtype: '', isReply: false, direction: 'ingress' },
  { type: 'Trace', subtype: 'to-endpoint', isReply: false, direction: 'ingress' },
  { type: 'Trace', subtype: 'to-stack', isReply: true, direction: 'ingress' },
  { type: 'Trace', subtype: 'to-endpoint', isReply: true, direction: 'egress' },
] as const;

function eventAt(number: number, timeMs: number): FlowRecord {
  const mixed = mixedOf(number);
  const isOutside = mixed % 10 === 0;
  const share = mixedOf(mixed) / 2 ** 32;
  // Few pairs talk much, most a little. Of those with addresses, `flowAt` makes the edges from 800,000 on.
  const edge = isOutside
    ? Math.floor(share * 1000) + 8000 * (100 + (mixed % addresses))
    : Math.floor(share ** 3 * edges);
  const flow = flowAt({ edge, timeMs, number });
  const names = isOutside ? [`host-${mixed % outsideNames}.example.org`] : [];
  const destination = { ...flow.destination, names };
  const isDropped = flow.verdict === 'DROPPED';
  const point = points[(mixed >>> 3) % points.length] ?? points[0];
  if (!isDropped) return { ...flow, ...point, destination };
  const dropReason = mixed % 8 === 0 ? 'CT_TRUNCATED_OR_INVALID_HEADER' : flow.dropReason;
  return { ...flow, type: mixed % 2 === 0 ? 'Drop' : 'PolicyVerdict', dropReason, destination };
}

function mixedOf(number: number): number {
  let mixed = Math.imul(number + 1, 0x9e3779b1);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x85ebca6b);
  return (mixed ^ (mixed >>> 13)) >>> 0;
}

console.log(
  `1,000 workloads in 50 namespaces, 20 nodes, ${edges} pairs with a port of which few talk much, ${addresses} addresses outside with ${outsideNames} names, ${storedOneByOne / 500} more pairs in each of ${copies} copies`,
);
await fill();
await rollUp();

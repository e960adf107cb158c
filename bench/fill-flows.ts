// Flow events of a cluster in a history of its own: a quarter of a million through the store, the others copied from them by SQL.
import { openDatabase, openFlowStore } from '@bartizan/backends/duckdb';
import type { FlowRecord } from '@bartizan/flow';
import { flowAt } from './flow-events.ts';

/** So many events are stored one by one; copies of them have other times and ids, and one in fifty goes to another workload. */
export const storedOneByOne = 250_000;
const edges = 20_000;
/** One event in ten goes to one of these. */
const addresses = 20_000;
const batchSize = 4000;

export const cardinalities = `1,000 workloads in 50 namespaces, 20 nodes, ${edges} pairs with a port, ${addresses} addresses outside with 500 names, more pairs in every copy`;

export interface Fill {
  readonly file: string;
  readonly rows: number;
  readonly startMs: number;
  readonly endMs: number;
}

/** Fills the file evenly over the window. The whole records of copies are those of the events that they were made from. */
export async function fillFlows({ file, rows, startMs, endMs }: Fill): Promise<void> {
  const copies = Math.max(1, Math.round(rows / storedOneByOne));
  const spanMs = Math.floor((endMs - startMs) / copies);
  const database = await openDatabase({ file, memoryLimitMb: 1000 });
  const store = await openFlowStore(database, { clock: () => new Date(startMs) });
  for (let at = 0; at < storedOneByOne; at += batchSize) {
    const flows = Array.from({ length: Math.min(batchSize, storedOneByOne - at) }, (_, place) =>
      eventAt(at + place, startMs + Math.floor(((at + place) / storedOneByOne) * spanMs)),
    );
    await store.append({ source: 'prod', flows, gaps: [] });
  }
  await database.write(async (connection) => {
    for (const table of ['flows', 'connections'])
      await connection.run(`CREATE TEMP TABLE first_${table} AS FROM ${table} ORDER BY arrival`);
  });
  for (let copy = 1; copy < copies; copy += 1) {
    const later = `+ ${copy * spanMs} * 1000000::BIGINT`;
    const shifted = `arrival + ${copy * storedOneByOne} AS arrival, nanos ${later} AS nanos, id || '-${copy}' AS id`;
    const other = `(hash(id) + ${copy * 13}) % 1000`;
    const isMoved = 'hash(id) % 50 = 0';
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

const subtypes = ['to-endpoint', 'to-stack', 'to-overlay', 'from-endpoint'];

function eventAt(number: number, timeMs: number): FlowRecord {
  const mixed = mixedOf(number);
  const isOutside = mixed % 10 === 0;
  // Of these, `flowAt` makes connections with addresses.
  const edge = isOutside
    ? ((mixed >>> 4) % 1000) + 1000 * 8 * (100 + ((mixed >>> 8) % addresses))
    : (mixed >>> 4) % edges;
  const flow = flowAt({ edge, timeMs, number });
  const isDropped = flow.verdict === 'DROPPED';
  const type = isDropped ? (mixed % 2 === 0 ? 'Drop' : 'PolicyVerdict') : mixed % 5 === 0 ? 'PolicyVerdict' : 'Trace';
  return {
    ...flow,
    type,
    subtype: type === 'Trace' ? (subtypes[(mixed >>> 2) % subtypes.length] ?? '') : '',
    isReply: type === 'Trace' ? (mixed >>> 6) % 2 === 0 : false,
    direction: (mixed >>> 7) % 2 === 0 ? 'ingress' : 'egress',
    dropReason: isDropped && mixed % 8 === 0 ? 'CT_TRUNCATED_OR_INVALID_HEADER' : flow.dropReason,
    destination: isOutside
      ? { ...flow.destination, names: [`host-${(mixed >>> 8) % 500}.example.org`] }
      : flow.destination,
  };
}

function mixedOf(number: number): number {
  let mixed = Math.imul(number + 1, 0x9e3779b1);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x85ebca6b);
  return (mixed ^ (mixed >>> 13)) >>> 0;
}

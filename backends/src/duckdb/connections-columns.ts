import type { FlowEndpoint } from '@bartizan/flow';
import type { DuckDBDataChunk } from '@duckdb/node-api';
import type { ConnectionTable } from '../flow-store.ts';
import { firstUnknown, protocols, unknownBecause } from './connections-tables.ts';

/** How many connections each edge had: long arrays by the edges' numbers, since a million edges would be as many objects. */
export interface Sums {
  readonly length: number;
  /** By outcome, what is unknown as one; undefined where no edge had it. */
  readonly counts: readonly (Float64Array | undefined)[];
  /** The outcome that says why there are unknown ones. */
  readonly because: Uint8Array;
  /** Of columns edge, outcome and count. */
  add(chunk: DuckDBDataChunk): void;
}

export function createSums(largestEdge: number): Sums {
  const length = largestEdge + 1;
  const counts = Array.from({ length: firstUnknown + 1 }, (): Float64Array | undefined => undefined);
  const because = new Uint8Array(length);
  return {
    length,
    counts,
    because,
    add(chunk) {
      const [edges, outcomes, added] = [0, 1, 2].map((place) => chunk.getColumnVector(place));
      // Read once: it is asked of the database each time.
      const { rowCount } = chunk;
      for (let row = 0; row < rowCount; row += 1) {
        const edge = Number(edges?.getItem(row));
        const outcome = Number(outcomes?.getItem(row));
        if (outcome >= firstUnknown) because[edge] = outcome;
        const sums = (counts[Math.min(outcome, firstUnknown)] ??= new Float64Array(length));
        sums[edge] = (sums[edge] ?? 0) + Number(added?.getItem(row));
      }
    },
  };
}

/** Makes the table of the edges that were seen, in the order of their numbers. */
export interface Columns {
  /** Of columns number, source, destination, protocol and port. */
  add(chunk: DuckDBDataChunk): void;
  table(known: ReadonlyMap<number, FlowEndpoint>): ConnectionTable;
}

export function createColumns(sums: Sums): Columns {
  const { places, ids, ...rows } = rowsOf(sums);
  const { length } = ids;
  const [from, to, port] = [new Int32Array(length), new Int32Array(length), new Int32Array(length)];
  const protocol = new Uint8Array(length);
  return {
    add(chunk) {
      const [edges, sources, destinations, kinds, ports] = [0, 1, 2, 3, 4].map((at) => chunk.getColumnVector(at));
      const { rowCount } = chunk;
      for (let row = 0; row < rowCount; row += 1) {
        const place = places[Number(edges?.getItem(row))] ?? unseen;
        if (place === unseen) continue;
        from[place] = Number(sources?.getItem(row));
        to[place] = Number(destinations?.getItem(row));
        protocol[place] = Number(kinds?.getItem(row));
        port[place] = Number(ports?.getItem(row));
      }
    },
    table(known) {
      const ends = createEnds(known);
      return {
        from: from.map(ends.placeOf),
        to: to.map(ends.placeOf),
        ends: ends.list,
        port,
        protocol,
        protocols,
        ...rows,
        unknownBecause: (place) => unknownBecause[(sums.because[ids[place] ?? 0] ?? 0) - firstUnknown] ?? null,
        rowOf: (row) => ({ edge: ids[rows.connection[row] ?? 0] ?? 0, outcome: rows.outcome[row] ?? 0 }),
      };
    },
  };
}

const unseen = -1;

interface Rows extends Pick<ConnectionTable, 'connection' | 'outcome' | 'count'> {
  /** By the edge's number, its place among those that were seen. */
  readonly places: Int32Array;
  /** By place, the edge's number. */
  readonly ids: Int32Array;
}

function rowsOf({ length, counts }: Sums): Rows {
  const there = [...counts.entries()].flatMap(([outcome, sums]) => (sums === undefined ? [] : [{ outcome, sums }]));
  const places = new Int32Array(length).fill(unseen);
  let [edges, found] = [0, 0];
  for (let edge = 0; edge < length; edge += 1) {
    const before = found;
    for (const { sums } of there) if ((sums[edge] ?? 0) > 0) found += 1;
    if (found > before) places[edge] = edges++;
  }
  const ids = new Int32Array(edges);
  const rows = { connection: new Int32Array(found), outcome: new Uint8Array(found), count: new Float64Array(found) };
  let row = 0;
  for (let edge = 0; edge < length; edge += 1) {
    const place = places[edge] ?? unseen;
    if (place === unseen) continue;
    ids[place] = edge;
    for (const { outcome, sums } of there) {
      const count = sums[edge] ?? 0;
      if (count <= 0) continue;
      rows.connection[row] = place;
      rows.outcome[row] = outcome;
      rows.count[row] = count;
      row += 1;
    }
  }
  return { places, ids, ...rows };
}

function createEnds(known: ReadonlyMap<number, FlowEndpoint>) {
  const list: FlowEndpoint[] = [];
  const places: number[] = [];
  return {
    list,
    placeOf(id: number): number {
      const place = places[id];
      if (place !== undefined) return place;
      const end = known.get(id);
      if (end === undefined) throw new Error(`there is no end ${id} of connections`);
      return (places[id] = list.push(end) - 1);
    },
  };
}

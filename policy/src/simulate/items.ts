import type { ConnectionColumns, ObservedEnd, Tally } from './observed.ts';
import type { Groups } from './groups.ts';

/** Connections of one pair of names on one port, in one category. */
export interface SimulatedItem extends Tally {
  readonly from: string;
  readonly to: string;
  /** Null where it was not recorded. */
  readonly port: number | null;
  readonly protocol: string;
  readonly reason?: string | undefined;
}

interface Asked {
  readonly columns: ConnectionColumns;
  readonly groups: Groups;
  readonly rows: Int32Array;
  readonly reasons: Reasons;
  readonly most: number;
}

/** Reasons by number, in the order in which they are met. */
export interface Reasons {
  numberOf(row: number): number;
  text(number: number): string | undefined;
}

const maxExamples = 3;

/** The rows of one item, not yet written out. */
export interface RowGroup {
  readonly rows: number[];
  readonly reason: string | undefined;
}

/** Most connections first, of equal ones in the order of the rows. */
export function groupRows({ rows, columns, groups, reasons, most }: Asked): readonly RowGroup[] {
  const { cells, sums, reasonOf } = cellsOf({ rows, columns, groups, reasons });
  const places = new Int32Array(sums.length).fill(-1);
  const chosen = largest(sums, most).map((cell, place): RowGroup => {
    places[cell] = place;
    return { rows: [], reason: reasons.text(reasonOf[cell] ?? 0) };
  });
  for (let at = 0; at < rows.length; at += 1) {
    const place = places[cells[at] ?? 0] ?? -1;
    // To look for what is at -1 takes many times as long.
    if (place >= 0) chosen[place]?.rows.push(rows[at] ?? 0);
  }
  return chosen;
}

export function itemOf(
  { rows, reason }: RowGroup,
  { ends, columns }: { readonly ends: readonly ObservedEnd[]; readonly columns: ConnectionColumns },
): SimulatedItem {
  const connection = columns.connection[rows[0] ?? 0] ?? 0;
  const port = columns.port[connection] ?? -1;
  const { count, firstSeen, lastSeen, examples } = rows
    .map((row): Tally => ({ count: columns.count[row] ?? 0, ...columns.seen(row) }))
    .reduce(joined);
  return {
    from: ends[columns.from[connection] ?? 0]?.name ?? '',
    to: ends[columns.to[connection] ?? 0]?.name ?? '',
    port: port < 0 ? null : port,
    protocol: columns.protocols[columns.protocol[connection] ?? 0] ?? '',
    count,
    firstSeen,
    lastSeen,
    ...(reason === undefined ? {} : { reason }),
    examples,
  };
}

interface Cells {
  /** By place in `rows`: which item it belongs to. */
  readonly cells: Int32Array;
  /** By item. */
  readonly sums: Float64Array;
  /** By item, the number of its reason. */
  readonly reasonOf: Int32Array;
}

function cellsOf({ rows, columns, groups, reasons }: Omit<Asked, 'most'>): Cells {
  const cells = new Int32Array(rows.length);
  const sums = new Float64Array(rows.length);
  const reasonOf = new Int32Array(rows.length);
  let length = 0;
  /** By reason, then by the first connection of a group: its cell and one. */
  const known: Numbers[] = [];
  for (let at = 0; at < rows.length; at += 1) {
    const row = rows[at] ?? 0;
    const reason = reasons.numberOf(row);
    const ofReason = (known[reason] ??= numbers(reason, { rows: rows.length, length: columns.from.length }));
    const first = groups.firstOf(columns.connection[row] ?? 0);
    let cell = ofReason.get(first) - 1;
    if (cell < 0) {
      cell = length;
      length += 1;
      ofReason.set(first, length);
      reasonOf[cell] = reason;
    }
    cells[at] = cell;
    sums[cell] = (sums[cell] ?? 0) + (columns.count[row] ?? 0);
  }
  return { cells, sums: sums.subarray(0, length), reasonOf };
}

interface Numbers {
  get(place: number): number;
  set(place: number, number: number): void;
}

/** Most categories have one or two reasons; what is unknown may have one for each end, and then few rows of each. */
function numbers(reason: number, of: { readonly rows: number; readonly length: number }): Numbers {
  if (reason < 2 && of.rows > of.length / 16) {
    const held = new Int32Array(of.length);
    return { get: (place) => held[place] ?? 0, set: (place, number) => void (held[place] = number) };
  }
  const held = new Map<number, number>();
  return { get: (place) => held.get(place) ?? 0, set: (place, number) => void held.set(place, number) };
}

/** The places of the largest, largest first; of equal ones the first comes first. */
function largest(sums: Float64Array, most: number): readonly number[] {
  if (sums.length <= most) return Array.from(sums.keys()).sort((a, b) => (sums[b] ?? 0) - (sums[a] ?? 0) || a - b);
  const top: number[] = [];
  for (let cell = 0; cell < sums.length; cell += 1) {
    const sum = sums[cell] ?? 0;
    if (top.length === most && sum <= (sums[top[most - 1] ?? 0] ?? 0)) continue;
    let [low, high] = [0, top.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((sums[top[middle] ?? 0] ?? 0) >= sum) low = middle + 1;
      else high = middle;
    }
    top.splice(low, 0, cell);
    if (top.length > most) top.pop();
  }
  return top;
}

function joined(item: Tally, tally: Tally): Tally {
  return {
    count: item.count + tally.count,
    firstSeen: earlier(item.firstSeen, tally.firstSeen),
    lastSeen: earlier(item.lastSeen, tally.lastSeen) === item.lastSeen ? tally.lastSeen : item.lastSeen,
    examples: [...item.examples, ...tally.examples].slice(0, maxExamples),
  };
}

/** RFC 3339 in UTC with any number of digits; no time at all comes last. */
function earlier(a: string, b: string): string {
  if (a === '' || b === '') return a === '' ? b : a;
  return a.replace('Z', '') <= b.replace('Z', '') ? a : b;
}

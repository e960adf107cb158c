import type { EndpointDescription } from '../model/world.ts';

/** What became of connections, as the cluster reported it. */
export type Outcome = 'forwarded' | 'dropped' | 'audit' | 'unknown';
export const outcomes = ['forwarded', 'dropped', 'audit', 'unknown'] as const satisfies readonly Outcome[];

export interface Tally {
  readonly count: number;
  readonly firstSeen: string;
  readonly lastSeen: string;
  readonly examples: readonly string[];
}

/** An end of recorded connections. */
export interface ObservedEnd {
  /** As answers call it: ends of one name are listed as one. */
  readonly name: string;
  /** Undefined where the record does not say enough to judge. */
  readonly endpoint: EndpointDescription | undefined;
  /** Why there is no endpoint. */
  readonly missing?: string | undefined;
}

/** Connections between two ends on one port that policies cannot tell apart. */
export interface ObservedConnection {
  /** Places in the list of ends. */
  readonly from: number;
  readonly to: number;
  readonly protocol: string;
  /** The destination's port, or the ICMP type; null where it was not recorded. */
  readonly port: number | null;
  readonly outcomes: Readonly<Partial<Record<Outcome, Tally>>>;
  /** Why the outcome `unknown` is unknown. */
  readonly unknownBecause?: string | null | undefined;
}

/** The same as columns: a million connections are a few long arrays and no objects. */
export interface ConnectionColumns {
  /** By connection, places in the list of ends. */
  readonly from: Int32Array;
  readonly to: Int32Array;
  /** By connection, places in `protocols`. */
  readonly protocol: Uint8Array;
  readonly protocols: readonly string[];
  /** By connection; -1 where it was not recorded. */
  readonly port: Int32Array;
  /** A row for each outcome of each connection; those of one connection stand together, in the order of connections. */
  readonly connection: Int32Array;
  /** By row, places in `outcomes`. */
  readonly outcome: Uint8Array;
  /** By row. */
  readonly count: Float64Array;
  /** The rest of a row, asked for only where it is shown. */
  seen(row: number): Omit<Tally, 'count'>;
  unknownBecause(connection: number): string | null;
}

export interface Observed {
  readonly ends: readonly ObservedEnd[];
  readonly connections: readonly ObservedConnection[] | ConnectionColumns;
}

export function columnsOf({ connections }: Observed): ConnectionColumns {
  return 'seen' in connections ? connections : columnsOfList(connections);
}

function columnsOfList(connections: readonly ObservedConnection[]): ConnectionColumns {
  const { length } = connections;
  const by = { from: new Int32Array(length), to: new Int32Array(length), port: new Int32Array(length) };
  const protocol = new Uint8Array(length);
  const protocols: string[] = [];
  const rows: { connection: number; outcome: number; tally: Tally }[] = [];
  for (const [place, { from, to, protocol: name, port, outcomes: seen }] of connections.entries()) {
    by.from[place] = from;
    by.to[place] = to;
    by.port[place] = port ?? -1;
    if (!protocols.includes(name)) protocols.push(name);
    protocol[place] = protocols.indexOf(name);
    for (const [outcome, kind] of outcomes.entries()) {
      const tally = seen[kind];
      if (tally !== undefined) rows.push({ connection: place, outcome, tally });
    }
  }
  const nothing = { firstSeen: '', lastSeen: '', examples: [] };
  return {
    ...by,
    protocol,
    protocols,
    connection: Int32Array.from(rows, (row) => row.connection),
    outcome: Uint8Array.from(rows, (row) => row.outcome),
    count: Float64Array.from(rows, ({ tally }) => tally.count),
    seen: (row) => rows[row]?.tally ?? nothing,
    unknownBecause: (connection) => connections[connection]?.unknownBecause ?? null,
  };
}

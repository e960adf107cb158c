import type { Coverage, FilterTerm, FirstSeenKind, FlowDimension, FlowTotals, Gap, Window } from '@bartizan/api';
import type { FlowEndpoint, FlowRecord } from '@bartizan/flow';
import type { Scope } from './scope.ts';
import type { GapNote, LogFile, Page, Paged } from './transaction-store.ts';

export interface FlowQuery {
  readonly window: Window;
  readonly scope: Scope;
  readonly filter: readonly FilterTerm[];
}

export interface FlowBucket {
  readonly startMs: number;
  readonly forwarded: number | null;
  readonly dropped: number | null;
}

/** Drops, pairs, names outside and ports that a window has and what is stored before it has not. */
export interface FirstSeen {
  readonly items: readonly {
    readonly kind: FirstSeenKind;
    readonly value: string;
    /** What the value is made of: both ends of a pair; of a port its workload, number and protocol. */
    readonly parts: readonly string[];
    readonly firstMs: number;
    readonly count: number;
    readonly dropped: number;
  }[];
  /** How many there are of each kind, also those that are not listed. */
  readonly totals: Readonly<Record<FirstSeenKind, number>>;
  /** The oldest event of the source that reaches back least; null where one has none. */
  readonly oldestMs: number | null;
}

export interface FirstSeenQuery extends Pick<FlowQuery, 'window' | 'scope'> {
  /** From when on the stored history tells what is new, by its oldest event; null: not at all. Absent: from the window's beginning. */
  tellsFrom?(oldestMs: number | null): number | null;
}

/** A row of a table of connections: what its outcome is, and of which edge. */
export interface ConnectionRow {
  readonly edge: number;
  readonly outcome: number;
}

export interface ConnectionSeen {
  /** RFC 3339; a connection is as old as its first event. */
  readonly firstSeen: string;
  readonly lastSeen: string;
  /** Ids of some of its events: of those that are still kept. */
  readonly examples: readonly string[];
}

/** Connections that policies judged, as columns: what policies cannot tell apart is one connection. */
export interface ConnectionTable {
  /** Of a pod only what it has in common with its likes. */
  readonly ends: readonly FlowEndpoint[];
  /** By connection, places in the list of ends. */
  readonly from: Int32Array;
  readonly to: Int32Array;
  /** By connection, places in `protocols`. */
  readonly protocol: Uint8Array;
  readonly protocols: readonly string[];
  /** By connection, the destination's port or the ICMP type; -1 where the events do not say. */
  readonly port: Int32Array;
  /** A row for each outcome of each connection; those of one connection stand together, in the order of connections. */
  readonly connection: Int32Array;
  /** By row: 0 forwarded, 1 dropped, 2 audit, 3 unknown. */
  readonly outcome: Uint8Array;
  /** By row, how many. */
  readonly count: Float64Array;
  /** Why the outcome `unknown` is unknown. */
  unknownBecause(connection: number): string | null;
  /** By which `connectionsSeen` knows a row. */
  rowOf(row: number): ConnectionRow;
}

/** What is asked for: numbers, which counts by the hour answer too, or what only whole events can tell. */
export interface CoverageOf {
  readonly records?: boolean;
  /** Of buckets, their length. */
  readonly intervalMs?: number;
}

/** Flow events that can be asked about: one query, the same events in every answer. */
export interface FlowReader {
  statistics(query: FlowQuery): Promise<FlowTotals>;
  /** Events in each interval, aligned to multiples of it since 1970; null where nothing was recorded for it at all. */
  buckets(query: FlowQuery, intervalMs: number): Promise<readonly FlowBucket[]>;
  breakdown(
    query: FlowQuery,
    by: FlowDimension,
    page: Page,
  ): Promise<Paged<{ value: string; count: number; dropped: number }>>;
  /** At most `limit` of each kind: those of which something got through first, then the newest. */
  firstSeen(query: FirstSeenQuery, limit: number): Promise<FirstSeen>;
  list(query: FlowQuery, page: Page): Promise<Paged<FlowRecord>>;
  find(id: string): Promise<{ readonly source: string; readonly flow: FlowRecord } | null>;
  /** Those that policies judged in the window: a connection belongs to the time of its first event. */
  connections(query: Pick<FlowQuery, 'window' | 'scope'>, signal?: AbortSignal): Promise<ConnectionTable>;
  /** In the order of the rows asked for, which are those of a table of the same window. */
  connectionsSeen(
    query: Pick<FlowQuery, 'window' | 'scope'>,
    rows: readonly ConnectionRow[],
    signal?: AbortSignal,
  ): Promise<readonly ConnectionSeen[]>;
  /** What an answer covers. Older events are kept as counts by the hour, which cannot answer everything: that is a gap. */
  coverage(query: FlowQuery, of?: CoverageOf): Promise<Coverage>;
  /** Since when events are kept whole, and since when as counts by the hour; null where nothing was dropped. */
  kept(): { readonly wholeSinceMs: number | null; readonly countsSinceMs: number | null };
  close(): Promise<void>;
}

/** A gap of a window of its own; a later note of the same key takes its place. */
export interface FlowNote extends GapNote {
  /** Nothing at all was recorded in it, as opposed to a part. */
  readonly isHole?: boolean;
}

export interface FlowBatch {
  readonly source: string;
  readonly flows: readonly FlowRecord[];
  /** One without an end lasts; the same one with an end closes it, and one that ends where it began takes it back. */
  readonly gaps: readonly Gap[];
  readonly notes?: readonly FlowNote[];
  /** Export files, and how far they were read with these events. */
  readonly logs?: readonly LogFile[];
}

/** Keeps flow events. An event that is there already (the same id) is not kept twice. */
export interface FlowWriter {
  /**
   * All of a batch becomes durable together, or nothing of it. An empty batch says that the source is being followed and had
   * nothing new: only then is a quiet stretch zero and not unknown.
   */
  append(batch: FlowBatch): Promise<void>;
  /**
   * Time to resume from: nothing of a source that is older is missing; null where there is nothing of it. Ask it when
   * following begins anew: what comes next and does not reach back to that time leaves a hole, which the store records by itself.
   */
  newest(source: string): Promise<number | null>;
  /** Export files of a source, as far as they were read. */
  logs(source: string): Promise<readonly LogFile[]>;
}

import type { Coverage, FilterTerm, FirstSeenKind, FlowDimension, FlowTotals, Gap, Window } from '@bartizan/api';
import type { ConnectionEdge, FlowRecord } from '@bartizan/flow';
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
  firstSeen(query: Pick<FlowQuery, 'window' | 'scope'>, limit: number): Promise<FirstSeen>;
  list(query: FlowQuery, page: Page): Promise<Paged<FlowRecord>>;
  find(id: string): Promise<{ readonly source: string; readonly flow: FlowRecord } | null>;
  /** Connections that policies judged in the window, grouped to what policies can tell apart. */
  connections(query: Pick<FlowQuery, 'window' | 'scope'>): Promise<readonly ConnectionEdge[]>;
  coverage(window: Window, scope: Scope): Promise<Coverage>;
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

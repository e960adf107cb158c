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

export interface Observed {
  readonly ends: readonly ObservedEnd[];
  readonly connections: readonly ObservedConnection[];
}

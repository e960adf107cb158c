import type { ConnectionEdge, ConnectionTally } from './connection-edge.ts';
import type { ReportedOutcome } from './connection-half.ts';
import { createHalfPairs, reverseTupleOf, tupleOf } from './half-pairs.ts';
import type { FlowRecord } from './record.ts';
import { compareTimes, millisOf } from './time.ts';

interface OpenTally {
  count: number;
  firstSeen: string;
  lastSeen: string;
  readonly examples: string[];
}

/** What connections of one edge have in common; ends that are alike are the same object. */
export type EdgeKey = Pick<ConnectionEdge, 'source' | 'destination' | 'protocol' | 'port'> & { readonly key: string };

interface OpenEdge {
  readonly has: EdgeKey;
  readonly outcomes: Partial<Record<ReportedOutcome, OpenTally>>;
  unknownBecause: string | null;
}

export interface EdgeSet {
  /** Counts a connection, or completes one whose other half was counted. */
  add(record: FlowRecord, key: EdgeKey, judged: { outcome: ReportedOutcome; because: string | null }): void;
  has(record: FlowRecord): boolean;
  hasReverse(record: FlowRecord): boolean;
  /** By the key that each was added with. */
  edges(): ReadonlyMap<string, ConnectionEdge>;
}

interface FirstHalf {
  readonly edge: OpenEdge;
  readonly time: string;
}

export function createEdgeSet(maxExamples: number): EdgeSet {
  const open = new Map<string, OpenEdge>();
  const pairs = createHalfPairs<FirstHalf>();

  return {
    add(record, has, { outcome, because }) {
      const { id, time, direction } = record;
      const half = { tuple: tupleOf(record), direction, timeMs: millisOf(time), outcome };
      const matched = pairs.match(half);
      if (matched !== undefined) {
        const { first, was, is } = matched;
        if (is === was) return;
        forgetOne(first.edge, was);
        note(first.edge, is, { id, time: first.time }, maxExamples).count += 1;
        return;
      }
      const edge = open.get(has.key) ?? { has, outcomes: {}, unknownBecause: null };
      open.set(has.key, edge);
      if (because !== null) edge.unknownBecause = because;
      note(edge, outcome, record, maxExamples).count += weightOf(record);
      if (record.aggregate === null) pairs.expect(half, { edge, time });
    },
    has: (record) => pairs.has(tupleOf(record)),
    hasReverse(record) {
      const reverse = reverseTupleOf(record);
      return reverse !== undefined && pairs.has(reverse);
    },
    edges: () => new Map([...open].map(([key, edge]) => [key, closed(edge)])),
  };
}

/** An aggregated event tells both halves in one; no exporter sums up more than 32 bits hold. */
export function weightOf({ aggregate }: FlowRecord): number {
  if (aggregate === null) return 1;
  return Math.min(Math.max(1, aggregate.ingress, aggregate.egress, aggregate.unknown), 2 ** 31 - 1);
}

/** A connection is as old as its first half. */
function note(
  edge: OpenEdge,
  outcome: ReportedOutcome,
  { id, time }: Pick<FlowRecord, 'id' | 'time'>,
  maxExamples: number,
): OpenTally {
  const tally = edge.outcomes[outcome] ?? { count: 0, firstSeen: time, lastSeen: time, examples: [] };
  edge.outcomes[outcome] = tally;
  if (compareTimes(time, tally.firstSeen) < 0) tally.firstSeen = time;
  if (time !== '' && compareTimes(time, tally.lastSeen) > 0) tally.lastSeen = time;
  if (tally.examples.length < maxExamples) tally.examples.push(id);
  return tally;
}

function forgetOne(edge: OpenEdge, outcome: ReportedOutcome): void {
  const tally = edge.outcomes[outcome];
  if (tally !== undefined) tally.count -= 1;
  if (tally?.count === 0) delete edge.outcomes[outcome];
}

function closed(edge: OpenEdge): ConnectionEdge {
  const { source, destination, protocol, port } = edge.has;
  return { source, destination, protocol, port, outcomes: edge.outcomes, unknownBecause: edge.unknownBecause };
}

/** The same edge out of two sets. */
export function mergeEdges(a: ConnectionEdge, b: ConnectionEdge): ConnectionEdge {
  const outcomes: Partial<Record<ReportedOutcome, ConnectionTally>> = { ...a.outcomes };
  for (const outcome of ['forwarded', 'dropped', 'audit', 'unknown'] as const) {
    const [left, right] = [a.outcomes[outcome], b.outcomes[outcome]];
    if (right !== undefined) outcomes[outcome] = left === undefined ? right : mergeTallies(left, right);
  }
  return { ...a, outcomes, unknownBecause: a.unknownBecause ?? b.unknownBecause };
}

function mergeTallies(a: ConnectionTally, b: ConnectionTally): ConnectionTally {
  return {
    count: a.count + b.count,
    firstSeen: compareTimes(a.firstSeen, b.firstSeen) <= 0 ? a.firstSeen : b.firstSeen,
    lastSeen: compareTimes(a.lastSeen, b.lastSeen) >= 0 ? a.lastSeen : b.lastSeen,
    examples: [...a.examples, ...b.examples].slice(0, Math.max(a.examples.length, b.examples.length)),
  };
}

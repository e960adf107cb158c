import type { ConnectionEdge, ConnectionTally } from './connection-edge.ts';
import type { ReportedOutcome } from './connection-half.ts';
import { createHalfPairs } from './half-pairs.ts';
import type { FlowRecord } from './record.ts';
import { compareTimes } from './time.ts';

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

export function createEdgeSet(maxExamples: number): EdgeSet {
  const open = new Map<string, OpenEdge>();
  const pairs = createHalfPairs<OpenEdge>();

  return {
    add(record, has, { outcome, because }) {
      const matched = pairs.match(record, outcome);
      if (matched !== undefined) {
        if (matched.is !== matched.was) moveOne(matched.edge, matched.was, matched.is, record, maxExamples);
        return;
      }
      const edge = open.get(has.key) ?? { has, outcomes: {}, unknownBecause: null };
      open.set(has.key, edge);
      if (because !== null) edge.unknownBecause = because;
      note(edge, outcome, record, maxExamples).count += weightOf(record);
      if (record.aggregate === null) pairs.expect(record, outcome, edge);
    },
    has: pairs.has,
    hasReverse: pairs.hasReverse,
    edges: () => new Map([...open].map(([key, edge]) => [key, closed(edge)])),
  };
}

/** An aggregated event tells both halves in one. */
function weightOf({ aggregate }: FlowRecord): number {
  return aggregate === null ? 1 : Math.max(1, aggregate.ingress, aggregate.egress, aggregate.unknown);
}

function note(edge: OpenEdge, outcome: ReportedOutcome, record: FlowRecord, maxExamples: number): OpenTally {
  const { time } = record;
  const tally = edge.outcomes[outcome] ?? { count: 0, firstSeen: time, lastSeen: time, examples: [] };
  edge.outcomes[outcome] = tally;
  if (compareTimes(time, tally.firstSeen) < 0) tally.firstSeen = time;
  if (time !== '' && compareTimes(time, tally.lastSeen) > 0) tally.lastSeen = time;
  if (tally.examples.length < maxExamples) tally.examples.push(record.id);
  return tally;
}

function moveOne(
  edge: OpenEdge,
  was: ReportedOutcome,
  is: ReportedOutcome,
  record: FlowRecord,
  maxExamples: number,
): void {
  const before = edge.outcomes[was];
  if (before !== undefined) before.count -= 1;
  if (before?.count === 0) delete edge.outcomes[was];
  note(edge, is, record, maxExamples).count += 1;
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

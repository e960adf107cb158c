import { worseOutcome } from './connection-half.ts';
import type { ReportedOutcome } from './connection-half.ts';
import { endKey } from './connection-edge.ts';
import type { FlowDirection, FlowEndpoint, FlowRecord } from './record.ts';
import { millisOf } from './time.ts';

/** Halves further apart than this belong to two connections that used the same ports. */
const windowMs = 60_000;
const maxPending = 400_000;

export interface HalfPairs<Edge> {
  /** The second half of a connection that is counted already: what it was and what it is now; else undefined. */
  match(record: FlowRecord, outcome: ReportedOutcome): Matched<Edge> | undefined;
  /** Remembers the first half of a connection. */
  expect(record: FlowRecord, outcome: ReportedOutcome, edge: Edge): void;
  has(record: FlowRecord): boolean;
  hasReverse(record: FlowRecord): boolean;
}

export interface Matched<Edge> {
  readonly edge: Edge;
  readonly was: ReportedOutcome;
  readonly is: ReportedOutcome;
}

interface Pending<Edge> {
  readonly edge: Edge;
  direction: FlowDirection;
  time: string;
  /** Several where the ports that tell connections apart are missing. */
  readonly waiting: Map<ReportedOutcome, number>;
}

/** The most recent first halves by addresses and ports; the oldest are forgotten when there are too many. */
export function createHalfPairs<Edge>(): HalfPairs<Edge> {
  const pending = new Map<string, Pending<Edge>>();

  return {
    match(record, outcome) {
      if (record.direction === 'unknown') return undefined;
      const half = pending.get(tupleOf(record));
      if (half === undefined || half.direction === 'unknown' || half.direction === record.direction) return undefined;
      if (Math.abs(millisOf(record.time) - millisOf(half.time)) > windowMs) return undefined;
      const was = half.waiting.has(outcome) ? outcome : half.waiting.keys().next().value;
      if (was === undefined) return undefined;
      takeOne(half.waiting, was);
      return { edge: half.edge, was, is: worseOutcome(was, outcome) };
    },
    expect(record, outcome, edge) {
      const tuple = tupleOf(record);
      const half = pending.get(tuple);
      if (half !== undefined) {
        if (half.direction !== record.direction) half.waiting.clear();
        half.direction = record.direction;
        half.time = record.time;
        half.waiting.set(outcome, (half.waiting.get(outcome) ?? 0) + 1);
        return;
      }
      if (pending.size >= maxPending) forgetOldest(pending);
      const { direction, time } = record;
      pending.set(tuple, { edge, direction, time, waiting: new Map([[outcome, 1]]) });
    },
    has: (record) => pending.has(tupleOf(record)),
    hasReverse: (record) =>
      record.source.port !== null && pending.has(tuple(record.destination, record.source, record.protocol)),
  };
}

function takeOne(waiting: Map<ReportedOutcome, number>, outcome: ReportedOutcome): void {
  const left = (waiting.get(outcome) ?? 0) - 1;
  if (left > 0) waiting.set(outcome, left);
  else waiting.delete(outcome);
}

function forgetOldest<Edge>(pending: Map<string, Pending<Edge>>): void {
  const oldest = pending.keys().next().value;
  if (oldest !== undefined) pending.delete(oldest);
}

function tupleOf(record: FlowRecord): string {
  return tuple(record.source, record.destination, record.protocol);
}

function tuple(source: FlowEndpoint, destination: FlowEndpoint, protocol: string): string {
  return `${placeOf(source)} ${placeOf(destination)} ${protocol}`;
}

function placeOf(end: FlowEndpoint): string {
  return `${end.ip ?? end.pod ?? endKey(end)}:${end.port}`;
}

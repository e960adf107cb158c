import { worseOutcome } from './connection-half.ts';
import type { ReportedOutcome } from './connection-half.ts';
import { endKey } from './connection-edge.ts';
import type { FlowDirection, FlowEndpoint, FlowRecord } from './record.ts';

/** Halves further apart than this belong to two connections that used the same ports. */
export const halvesWithinMs = 60_000;
const mostPending = 400_000;

export interface Half {
  /** The same for both halves of a connection: its addresses and ports. */
  readonly tuple: string;
  readonly direction: FlowDirection;
  /** Milliseconds since 1970; NaN where the event has no time. */
  readonly timeMs: number;
  readonly outcome: ReportedOutcome;
}

/** `First` is what is remembered of a first half until the second one comes. */
export interface HalfPairs<First> {
  /** For the second half of a connection that is counted already: what it was and what it is now; else undefined. */
  match(half: Half): Matched<First> | undefined;
  /** Remembers the first half of a connection. */
  expect(half: Half, first: First): void;
  has(tuple: string): boolean;
  /** Forgets what was not heard of since. */
  forgetBefore(timeMs: number): void;
}

export interface Matched<First> {
  readonly first: First;
  readonly was: ReportedOutcome;
  readonly is: ReportedOutcome;
}

interface Waiting<First> {
  outcome: ReportedOutcome;
  first: First;
}

/** Hundreds of thousands are held: the one that waits is not in a list of its own, nor are its parts in another object. */
interface Pending<First> extends Waiting<First> {
  direction: FlowDirection;
  timeMs: number;
  isWaiting: boolean;
  /** Those that came after it, where the ports that tell connections apart are missing. */
  others: Waiting<First>[] | null;
}

/** The most recent first halves by addresses and ports; the oldest are forgotten when there are too many. */
export function createHalfPairs<First>(): HalfPairs<First> {
  const pending = new Map<string, Pending<First>>();

  return {
    match({ tuple, direction, timeMs, outcome }) {
      if (direction === 'unknown') return undefined;
      const half = pending.get(tuple);
      if (half === undefined || half.direction === 'unknown' || half.direction === direction) return undefined;
      if (Math.abs(timeMs - half.timeMs) > halvesWithinMs) return undefined;
      const taken = take(half, outcome);
      return taken && { first: taken.first, was: taken.outcome, is: worseOutcome(taken.outcome, outcome) };
    },
    expect({ tuple, direction, timeMs, outcome }, first) {
      const half = pending.get(tuple);
      if (half === undefined) {
        if (pending.size >= mostPending) forgetOldest(pending);
        pending.set(tuple, { direction, timeMs, outcome, first, isWaiting: true, others: null });
        return;
      }
      const isMore = half.isWaiting && half.direction === direction;
      half.direction = direction;
      half.timeMs = timeMs;
      if (isMore) (half.others ??= []).push({ outcome, first });
      else Object.assign(half, { outcome, first, isWaiting: true, others: null });
    },
    has: (tuple) => pending.has(tuple),
    forgetBefore(timeMs) {
      for (const [tuple, half] of pending) {
        if (half.timeMs >= timeMs) return;
        pending.delete(tuple);
      }
    },
  };
}

/** The first that has the same outcome, else the first. */
function take<First>(half: Pending<First>, outcome: ReportedOutcome): Waiting<First> | undefined {
  if (!half.isWaiting) return undefined;
  const { others } = half;
  const alike = half.outcome === outcome ? -1 : (others?.findIndex((one) => one.outcome === outcome) ?? -1);
  if (others !== null && alike >= 0) return others.splice(alike, 1)[0];
  const taken = { outcome: half.outcome, first: half.first };
  const next = others?.shift();
  if (next === undefined) half.isWaiting = false;
  else Object.assign(half, next);
  return taken;
}

function forgetOldest(pending: Map<string, unknown>): void {
  const oldest = pending.keys().next().value;
  if (oldest !== undefined) pending.delete(oldest);
}

export function tupleOf({ source, destination, protocol }: FlowRecord): string {
  return tuple(source, destination, protocol);
}

/** That of the connection which an event answers; undefined where it does not say the port. */
export function reverseTupleOf({ source, destination, protocol }: FlowRecord): string | undefined {
  return source.port === null ? undefined : tuple(destination, source, protocol);
}

function tuple(source: FlowEndpoint, destination: FlowEndpoint, protocol: string): string {
  return `${placeOf(source)} ${placeOf(destination)} ${protocol}`;
}

function placeOf(end: FlowEndpoint): string {
  return `${end.ip ?? end.pod ?? endKey(end)}:${end.port}`;
}

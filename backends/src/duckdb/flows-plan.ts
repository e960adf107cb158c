import type { FilterTerm, FlowDimension, Window } from '@bartizan/api';
import type { Hours } from './flows-merge.ts';
import { nanosPerHour } from './flows-roll.ts';
import type { RolledMark } from './flows-roll.ts';

/** In nanoseconds since 1970; `to` does not count. */
export interface Span {
  readonly from: bigint;
  readonly to: bigint;
}

/** Where the answer to a question comes from: every event of the window is in exactly one of the parts, or in `missing`. */
export interface Plan {
  /** Whole events of these times; those that arrived later than `arrivedAfter` alone, where it is given. */
  readonly whole: readonly (Span & { readonly arrivedAfter?: bigint })[];
  /** Counts of whole hours since 1970; `to` does not count. */
  readonly hours: Hours | null;
  /** Of these hours, those before are also counted by longer periods; in hours since 1970. */
  readonly merged: Merged;
  /** Only counts are kept of it, and they do not answer the question. */
  readonly missing: readonly Span[];
}

export interface Merged {
  readonly flows: number;
  readonly connections: number;
}

export interface Marks {
  readonly merged: Merged;
  readonly rolled: RolledMark;
  /** Before it there are counts only. */
  readonly whole: bigint;
}

export interface PlanInput {
  readonly window: Window;
  readonly marks: Marks;
  /** Whether counts by the hour would answer the question. */
  readonly canCount: boolean;
  /** Whole events first, where they are kept of all of the window: they tell more. */
  readonly prefersWhole?: boolean;
}

export function planOf({ window, marks, canCount, prefersWhole = false }: PlanInput): Plan {
  const { rolled, whole, merged } = marks;
  const all: Span = { from: nanosOfMs(window.fromMs), to: nanosOfMs(window.toMs) };
  const end = all.to < rolled.nanos ? all.to : rolled.nanos;
  const first = (all.from + nanosPerHour - 1n) / nanosPerHour;
  const last = end / nanosPerHour;
  const asRows = !canCount || first >= last || (prefersWhole && all.from >= whole);
  if (asRows) return { whole: cut(all, whole).kept, hours: null, merged, missing: cut(all, whole).dropped };
  const counted = { from: first * nanosPerHour, to: last * nanosPerHour };
  const head = cut({ from: all.from, to: counted.from }, whole);
  const tail = cut({ from: counted.to, to: all.to }, whole);
  return {
    whole: [...head.kept, { ...counted, arrivedAfter: rolled.arrival }, ...tail.kept],
    hours: { from: Number(first), to: Number(last) },
    merged,
    missing: [...head.dropped, ...tail.dropped],
  };
}

function cut({ from, to }: Span, at: bigint): { readonly kept: readonly Span[]; readonly dropped: readonly Span[] } {
  const middle = at < from ? from : at > to ? to : at;
  return {
    kept: middle < to ? [{ from: middle, to }] : [],
    dropped: from < middle ? [{ from, to: middle }] : [],
  };
}

export function nanosOfMs(ms: number): bigint {
  return BigInt(Math.round(ms)) * 1_000_000n;
}

const msPerHour = 3_600_000;
const ends: readonly string[] = ['source', 'destination', 'pair'];

/** Why counts by the hour cannot answer; null where they can. */
export function notCountedBecause(question: {
  readonly filter: readonly FilterTerm[];
  readonly intervalMs?: number | undefined;
}): string | null {
  const { filter, intervalMs } = question;
  if (intervalMs !== undefined && intervalMs % msPerHour !== 0) return 'take an interval of whole hours';
  if (filter.some(({ field }) => field === 'node')) return 'they do not tell nodes apart';
  if (filter.some(asksForAddress)) return 'they tell addresses outside by their network only';
  return null;
}

/** What an address may contain may be a part of one. */
function asksForAddress({ field, test }: FilterTerm): boolean {
  if (!ends.includes(field)) return false;
  const texts = test.kind === 'any-of' ? test.values : test.kind === 'contains' ? [test.text] : [];
  const parts = texts.flatMap((text) => text.split('->').map((part) => part.trim()));
  const isAddress = test.kind === 'contains' ? /^[0-9a-f.:]+$/i : /^([0-9.]+|[0-9a-f.]*:[0-9a-f:.]*)$/i;
  return parts.some((part) => isAddress.test(part));
}

const shortMs = 25 * msPerHour;

/** Ends are listed by their address over a short time, and by their network where hours are counted. */
export function listsAddresses(by: FlowDimension, { fromMs, toMs }: Window): boolean {
  return ends.includes(by) && toMs - fromMs <= shortMs;
}

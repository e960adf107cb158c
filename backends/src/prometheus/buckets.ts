import type { Gap, Window } from '@bartizan/api';
import type { FlowMetricsAnswer } from '../flow-metrics.ts';
import type { ByVerdict } from './decode.ts';

export type Bucket = FlowMetricsAnswer['buckets'][number];

/** An interval of a window, and the moment at which it is asked for. */
export interface Slot {
  readonly startMs: number;
  readonly askedAtMs: number;
}

/** Aligned to multiples of the interval since 1970; the last one is asked for where the window ends. */
export function slotsOf({ fromMs, toMs }: Window, intervalMs: number): readonly Slot[] {
  const slots: Slot[] = [];
  for (let startMs = Math.floor(fromMs / intervalMs) * intervalMs; startMs < toMs; startMs += intervalMs)
    slots.push({ startMs, askedAtMs: Math.min(startMs + intervalMs, toMs) });
  return slots;
}

/** Pairs slots and rates by their moment; null where nothing was scraped, zero where it was and nothing flowed. */
export function bucketsOf(
  slots: readonly Slot[],
  { rates, wasScraped }: { readonly rates: ReadonlyMap<number, ByVerdict>; wasScraped(slot: Slot): boolean },
): readonly Bucket[] {
  return slots.map((slot) => {
    const rate = rates.get(slot.askedAtMs);
    const none = wasScraped(slot) ? 0 : null;
    return {
      startMs: slot.startMs,
      forwardedPerSecond: rate === undefined ? none : (rate.get('FORWARDED') ?? 0),
      droppedPerSecond: rate === undefined ? none : (rate.get('DROPPED') ?? 0),
    };
  });
}

/** At the end of a window the next scrape may be still to come; after so long without a sample nothing scrapes any more. */
export const slowestScrapeSeconds = 130;

/** Stretches without a sample, cut to the window. */
export function gapsOf(
  buckets: readonly Bucket[],
  options: { readonly source: string; readonly window: Window; readonly intervalMs: number },
): readonly Gap[] {
  const { source, window, intervalMs } = options;
  const gaps: { fromMs: number; toMs: number }[] = [];
  for (const { startMs, forwardedPerSecond } of buckets) {
    if (forwardedPerSecond !== null) continue;
    const endMs = Math.min(startMs + intervalMs, window.toMs);
    const last = gaps.at(-1);
    if (last?.toMs === startMs) last.toMs = endMs;
    else gaps.push({ fromMs: Math.max(startMs, window.fromMs), toMs: endMs });
  }
  const isStillToCome = ({ fromMs, toMs }: { fromMs: number; toMs: number }): boolean =>
    toMs === window.toMs && fromMs > window.fromMs && toMs - fromMs < slowestScrapeSeconds * 1000;
  return gaps
    .filter((gap) => !isStillToCome(gap))
    .map(({ fromMs, toMs }) => ({
      source,
      reason: 'no samples: the metric was not scraped in that time',
      from: new Date(fromMs).toISOString(),
      to: new Date(toMs).toISOString(),
    }));
}

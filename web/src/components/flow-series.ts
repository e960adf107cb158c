import { parseDuration } from '@bartizan/api';
import type { FlowStatistics } from '@bartizan/api';
import { formatRate } from '../format/number.ts';
import { readMoment } from '../format/time.ts';
import { bucketSpans, unknownSpans } from '../ui/chart/plot.ts';
import type { GapSpan, Series, Span } from '../ui/chart/plot.ts';
import { gapSpans, isInside } from './coverage-words.ts';

export interface FlowSeries {
  readonly window: Span;
  readonly buckets: readonly Span[];
  readonly forwarded: Series;
  readonly dropped: Series;
  readonly gaps: readonly GapSpan[];
}

/** Flow events per second. Where nothing was recorded for an interval, or it lies in a gap and has nothing, its rates are not known. */
export function flowSeries({ buckets, coverage, interval }: FlowStatistics): FlowSeries {
  const window = { fromMs: readMoment(coverage.from) ?? 0, toMs: readMoment(coverage.to) ?? 1 };
  const starts = buckets.map(({ start }) => readMoment(start) ?? 0);
  const spans = bucketSpans(starts, parseDuration(interval) ?? 1, window);
  const gaps = gapSpans(coverage);
  const all = buckets.flatMap(({ forwardedPerSecond: forwarded, droppedPerSecond: dropped }, at): Rates[] => {
    const span = spans[at];
    if (!span) return [];
    const isUnread = !forwarded && !dropped && isInside(span, gaps);
    return [isUnread ? { span, forwarded: null, dropped: null } : { span, forwarded, dropped }];
  });
  const rates = withoutShortEnds(all);
  const shown = rates.map(({ span }) => span);
  const forwarded = rates.map((each) => each.forwarded);
  return {
    window,
    buckets: shown,
    forwarded: { name: 'Forwarded', mark: 'forwarded', values: forwarded },
    dropped: { name: 'Dropped', mark: 'dropped', values: rates.map((each) => each.dropped) },
    gaps: shown.length === 0 ? [window] : [...gaps, ...unknownSpans(shown, forwarded)],
  };
}

interface Rates {
  readonly span: Span;
  readonly forwarded: number | null;
  readonly dropped: number | null;
}

/**
 * The window cuts its first and last interval. What is left may be seconds, and one event in them the highest rate of the picture: where
 * less than half is left, it is told together with the interval beside it.
 */
function withoutShortEnds(rates: readonly Rates[]): readonly Rates[] {
  const [first, second, ...rest] = rates;
  const begun = first && second && isEndOf(first, second) ? [joined(first, second), ...rest] : rates;
  const [before, last] = begun.slice(-2);
  return before && last && isEndOf(last, before) ? [...begun.slice(0, -2), joined(before, last)] : begun;
}

/** What is not known stays by itself. */
function isEndOf(end: Rates, beside: Rates): boolean {
  return lengthOf(end) < lengthOf(beside) / 2 && end.forwarded !== null && beside.forwarded !== null;
}

function joined(left: Rates, right: Rates): Rates {
  const [before, after] = [lengthOf(left), lengthOf(right)];
  const mean = (a: number | null, b: number | null): number =>
    ((a ?? 0) * before + (b ?? 0) * after) / (before + after);
  return {
    span: { fromMs: left.span.fromMs, toMs: right.span.toMs },
    forwarded: mean(left.forwarded, right.forwarded),
    dropped: mean(left.dropped, right.dropped),
  };
}

function lengthOf({ span }: Rates): number {
  return span.toMs - span.fromMs;
}

/** `1,444 forwarded and 5.43 dropped per second` */
export function describeFlows({ forwarded, dropped }: FlowSeries, at: number): string {
  return `${formatRate(forwarded.values[at])} forwarded and ${formatRate(dropped.values[at])} dropped per second`;
}

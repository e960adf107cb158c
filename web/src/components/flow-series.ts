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
  const isUnread = (at: number) => {
    const [bucket, span] = [buckets[at], spans[at]];
    return !bucket?.forwardedPerSecond && !bucket?.droppedPerSecond && span !== undefined && isInside(span, gaps);
  };
  const forwarded = buckets.map((bucket, at) => (isUnread(at) ? null : bucket.forwardedPerSecond));
  const dropped = buckets.map((bucket, at) => (isUnread(at) ? null : bucket.droppedPerSecond));
  return {
    window,
    buckets: spans,
    forwarded: { name: 'Forwarded', mark: 'forwarded', values: forwarded },
    dropped: { name: 'Dropped', mark: 'dropped', values: dropped },
    gaps: [...gaps, ...unknownSpans(spans, forwarded)],
  };
}

/** `1,444 forwarded and 5.43 dropped per second` */
export function describeFlows({ forwarded, dropped }: FlowSeries, at: number): string {
  return `${formatRate(forwarded.values[at])} forwarded and ${formatRate(dropped.values[at])} dropped per second`;
}

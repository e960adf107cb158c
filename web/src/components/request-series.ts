import { parseDuration } from '@bartizan/api';
import type { WafStatistics } from '@bartizan/api';
import { formatCount } from '../format/number.ts';
import { formatShare, shareOf } from '../format/share.ts';
import { readMoment } from '../format/time.ts';
import { bucketSpans, unknownSpans } from '../ui/chart/plot.ts';
import type { GapSpan, Series, Span } from '../ui/chart/plot.ts';
import { gapSpans } from './coverage-words.ts';

export interface RequestSeries {
  readonly window: Span;
  readonly buckets: readonly Span[];
  /** Blocked, detected, nominal: from the bottom up. */
  readonly counts: readonly Series[];
  /** The same as shares of all requests, without the nominal ones. */
  readonly shares: readonly Series[];
  readonly gaps: readonly GapSpan[];
  /** Whether the window cuts its first interval, and so its last. */
  readonly isCut: boolean;
}

/** Requests per interval, taken apart. Where no access log covers an interval, its nominal requests and its shares are not known. */
export function requestSeries(statistics: WafStatistics): RequestSeries {
  const { buckets, coverage, interval } = statistics;
  const window = { fromMs: readMoment(coverage.from) ?? 0, toMs: readMoment(coverage.to) ?? 1 };
  const starts = buckets.map(({ start }) => readMoment(start) ?? 0);
  const spans = bucketSpans(starts, parseDuration(interval) ?? 1, window);
  const blocked = buckets.map((bucket) => bucket.blocked);
  const detected = buckets.map((bucket) => difference(bucket.anomalous, bucket.blocked));
  const nominal = buckets.map(({ total, anomalous }) => difference(total, anomalous));
  const totals = buckets.map(({ total }) => total);
  const shareIn = (counts: readonly (number | null)[]) => counts.map((count, at) => shareOf(count, totals[at]));
  return {
    window,
    buckets: spans,
    counts: [
      { name: 'Blocked', mark: 'blocked', values: blocked },
      { name: 'Detected', mark: 'detected', values: detected },
      { name: 'Nominal', mark: 'nominal', values: nominal },
    ],
    shares: [
      { name: 'Blocked', mark: 'blocked', values: shareIn(blocked) },
      { name: 'Detected', mark: 'detected', values: shareIn(detected) },
    ],
    gaps: spans.length === 0 ? [window] : [...gapSpans(coverage), ...unknownSpans(spans, totals)],
    isCut: (starts[0] ?? window.fromMs) < window.fromMs,
  };
}

/** Null as soon as either side is not known; the two logs may lie a moment apart, so it is never below nothing. */
export function difference(whole: number | null, part: number | null): number | null {
  return whole === null || part === null ? null : Math.max(0, whole - part);
}

/** The values of one interval: `22,173 nominal, 331 detected, 4,934 blocked, 19.2 % anomalous`. */
export function describeRequests({ counts, shares }: RequestSeries, at: number): string {
  const parts = counts.toReversed().map(({ name, values }) => `${formatCount(values[at])} ${name.toLowerCase()}`);
  const known = shares.map(({ values }) => values[at] ?? null);
  const share = known.some((value) => value === null)
    ? null
    : known.reduce<number>((sum, value) => sum + (value ?? 0), 0);
  return `${parts.join(', ')}, ${formatShare(share)} anomalous`;
}

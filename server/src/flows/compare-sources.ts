import type { FlowStatistics, FlowTotals, Window } from '@bartizan/api';

type AlsoKnown = NonNullable<FlowStatistics['alsoKnown']>;

/** `increase()` extrapolates to both edges of a window by up to a scrape interval, and misses the first sample of each new series. */
const edgesMs = 120_000;
const share = 0.05;
const fewEvents = 10;

/** What the recorded history counted of a window that it covers, beside what Prometheus says of it; undefined where either is unknown. */
export function compareSources({
  window,
  metrics,
  history,
}: {
  readonly window: Window;
  readonly metrics: FlowTotals;
  readonly history: FlowTotals;
}): AlsoKnown | undefined {
  const { total, dropped } = history;
  if (total === null || dropped === null || metrics.total === null || metrics.dropped === null) return undefined;
  const tolerance = Math.max(share, edgesMs / (window.toMs - window.fromMs));
  const isNear = (counted: number, extrapolated: number): boolean =>
    Math.abs(counted - extrapolated) <= Math.max(fewEvents, tolerance * Math.max(counted, extrapolated));
  return {
    source: 'history',
    total,
    dropped,
    agrees: isNear(total, metrics.total) && isNear(dropped, metrics.dropped),
  };
}

/** What to know of figures that Prometheus gave. */
export function metricsNote(alsoKnown: AlsoKnown | undefined): string {
  const extrapolates =
    'Prometheus extrapolates to the edges of a window, so its counts can differ from the events by a few per cent.';
  if (!alsoKnown || alsoKnown.agrees) return extrapolates;
  const { total, dropped } = alsoKnown;
  return `The recorded history has ${total} events in this window, ${dropped} of them dropped: more than the extrapolation of Prometheus explains. Some nodes may not be scraped, or not be followed.`;
}

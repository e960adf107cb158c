import { flowFields, previousWindow } from '@bartizan/api';
import type { Coverage, FlowTotals, Gap, Window } from '@bartizan/api';
import type { CoverageOf, FlowBucket, FlowMetricsQuery, FlowQuery, FlowReader } from '@bartizan/backends';
import { SourceError } from '@bartizan/backends';
import type { Deps } from '../deps.ts';
import type { Handlers } from '../http/register.ts';
import { compareSources, metricsNote } from '../flows/compare-sources.ts';
import { createPatientMetrics, patienceMs } from '../flows/patient-metrics.ts';
import type { PatientAnswer, PatientMetrics } from '../flows/patient-metrics.ts';
import { flowScope, selectEnvironment, sourcesOf } from '../selection.ts';
import type { Selection } from '../selection.ts';
import { coverageView } from '../views/coverage-view.ts';
import { previousTotals, reachesBack } from '../views/previous-view.ts';
import { readInterval, readObservedQuery } from './observed-query.ts';

const unknown: FlowTotals = {
  total: null,
  dropped: null,
  droppedShare: null,
  ingress: null,
  egress: null,
  internal: null,
  byVerdict: {},
};

interface Asked {
  readonly selection: Selection;
  readonly query: FlowQuery;
}

type Answered = Awaited<ReturnType<Handlers['flowStatistics']>>;
type Interval = ReturnType<typeof readInterval>;

export function flowHandlers(deps: Deps): Pick<Handlers, 'flowStatistics' | 'flowBreakdown' | 'flows'> {
  const reader = deps.flows;
  const patient = new Map(
    [...deps.metrics].map(([cluster, metrics]) => [cluster, createPatientMetrics(metrics, deps.clock)]),
  );
  const cover = ({ selection, query }: Asked, of?: CoverageOf): Promise<Coverage> =>
    flowCoverage(deps, selection, query, of);

  return {
    async flowStatistics({ params, query: asked }) {
      const scoped = readFlowQuery(deps, params.env, asked);
      const interval = readInterval(asked.interval, scoped.query.window);
      const metrics = metricsFor(patient, scoped);
      if (metrics) return fromMetrics({ deps, scoped, interval, ...metrics });
      return fromHistory({ deps, scoped, interval, reader });
    },

    async flowBreakdown({ params, query: asked }) {
      const scoped = readFlowQuery(deps, params.env, asked);
      const [page, coverage] = await Promise.all([
        reader?.breakdown(scoped.query, asked.by, { limit: asked.limit, cursor: asked.cursor }) ?? { items: [] },
        cover(scoped),
      ]);
      return { ...page, items: [...page.items], coverage };
    },

    async flows({ params, query: asked }) {
      const scoped = readFlowQuery(deps, params.env, asked);
      const [page, coverage] = await Promise.all([
        reader?.list(scoped.query, { limit: asked.limit, cursor: asked.cursor }) ?? { items: [] },
        cover(scoped, { records: true }),
      ]);
      return { ...page, items: [...page.items], coverage };
    },
  };
}

export function readFlowQuery(deps: Deps, env: string, asked: Parameters<typeof readObservedQuery>[0]): Asked {
  const selection = selectEnvironment(deps, env);
  const { window, filter } = readObservedQuery(asked, { fields: flowFields, nowMs: deps.clock().getTime() });
  return { selection, query: { window, filter, scope: flowScope(selection) } };
}

interface AskedMetrics {
  readonly metrics: PatientMetrics;
  readonly place: FlowMetricsQuery['place'];
}

/** Prometheus answers where one is configured and the question is one that it can answer: one cluster, no filter but the place. */
function metricsFor(metrics: ReadonlyMap<string, PatientMetrics>, { selection, query }: Asked): AskedMetrics | null {
  const [cluster, ...others] = selection.clusters;
  const found = cluster === undefined || others.length > 0 ? undefined : metrics.get(cluster);
  if (!found) return null;
  const [term, ...more] = query.filter;
  if (!term) return { metrics: found, place: undefined };
  const value = term.test.kind === 'any-of' && term.test.values.length === 1 ? term.test.values[0] : undefined;
  const isPlace = term.field === 'place' && !term.negated && more.length === 0;
  return isPlace && (value === 'ingress' || value === 'egress') ? { metrics: found, place: value } : null;
}

async function fromMetrics(options: {
  readonly deps: Deps;
  readonly scoped: Asked;
  readonly interval: Interval;
  readonly metrics: PatientMetrics;
  readonly place: FlowMetricsQuery['place'];
}): Promise<Answered> {
  const { deps, scoped, interval, metrics, place } = options;
  const { selection, query } = scoped;
  const ask = (window: Window) =>
    metrics.read({ window, namespaces: selection.namespaces, intervalMs: interval.ms, place });
  try {
    const [now, previous, history] = await Promise.all([
      ask(query.window),
      ask(previousWindow(query.window)).then(wholeTotals, unlessOurs),
      recordedTotals(deps.flows, query),
    ]);
    if (!now.answer) return { ...(await withoutMetrics({ deps, scoped, interval, reason: slow })), isAwaited: true };
    const { totals, buckets, coverage } = now.answer;
    const alsoKnown = compareSources({ window: query.window, metrics: totals, history });
    return {
      unit: 'events',
      ...totals,
      previous,
      interval: interval.text,
      buckets: buckets.map(({ startMs, ...rates }) => ({ start: new Date(startMs).toISOString(), ...rates })),
      source: { kind: 'prometheus', note: metricsNote(alsoKnown) },
      ...(alsoKnown ? { alsoKnown } : {}),
      ...(now.isAwaited ? { isAwaited: true } : {}),
      coverage,
    };
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    return withoutMetrics({ deps, scoped, interval, reason: error.message });
  }
}

const slow = `Prometheus has not answered within ${patienceMs / 1000} s; its figures come when it does`;

/** A comparison with a part of the time before would mislead. */
function wholeTotals({ answer }: PatientAnswer): FlowTotals {
  return answer && reachesBack(answer.coverage) ? answer.totals : unknown;
}

/** Prometheus may refuse a window that is too old, and still answer for this one. */
function unlessOurs(error: unknown): FlowTotals {
  if (error instanceof SourceError) return unknown;
  throw error;
}

/** What the history counted, where it covers all of the window. */
async function recordedTotals(reader: FlowReader | null, query: FlowQuery): Promise<FlowTotals> {
  if (!reader) return unknown;
  const { complete } = await reader.coverage(query);
  return complete ? reader.statistics(query) : unknown;
}

/** Prometheus did not answer: its place stays unknown, and the gap says why. */
async function withoutMetrics(options: {
  readonly deps: Deps;
  readonly scoped: Asked;
  readonly interval: Interval;
  readonly reason: string;
}): Promise<Answered> {
  const { deps, scoped, interval, reason } = options;
  if (deps.flows) {
    const history = await fromHistory({ deps, scoped, interval, reader: deps.flows });
    const gaps = [
      ...history.coverage.gaps,
      { source: 'prometheus', reason: `${reason.replace(/\.?$/, '.')} The recorded history answers instead.` },
    ];
    return { ...history, coverage: { ...history.coverage, complete: false, gaps } };
  }
  const coverage = await flowCoverage(deps, scoped.selection, scoped.query);
  const isOther = (gap: Gap): boolean => gap !== withoutHistory && gap.source !== 'prometheus';
  const gaps = [...coverage.gaps.filter(isOther), { source: 'prometheus', reason }];
  return {
    unit: 'events',
    ...unknown,
    previous: unknown,
    interval: interval.text,
    buckets: [],
    source: { kind: 'none' },
    coverage: { ...coverage, complete: false, gaps },
  };
}

async function fromHistory(options: {
  readonly deps: Deps;
  readonly scoped: Asked;
  readonly interval: Interval;
  readonly reader: FlowReader | null;
}): Promise<Answered> {
  const { deps, scoped, interval, reader } = options;
  const { query, selection } = scoped;
  const [totals, previous, buckets, coverage] = await Promise.all([
    reader?.statistics(query) ?? unknown,
    previousTotals(reader, query, unknown),
    reader?.buckets(query, interval.ms) ?? [],
    flowCoverage(deps, selection, query, { intervalMs: interval.ms }),
  ]);
  return {
    unit: 'events',
    ...totals,
    previous,
    interval: interval.text,
    buckets: buckets.map((bucket) => ratesOf(bucket, { window: query.window, intervalMs: interval.ms })),
    source: { kind: reader ? 'history' : 'none' },
    coverage,
  };
}

/** The first and the last bucket are cut by the window: their rate is over the part that lies inside. */
function ratesOf(
  bucket: FlowBucket,
  { window, intervalMs }: { window: Window; intervalMs: number },
): Answered['buckets'][number] {
  const from = Math.max(bucket.startMs, window.fromMs);
  const seconds = (Math.min(bucket.startMs + intervalMs, window.toMs) - from) / 1000;
  const rate = (count: number | null): number | null => (count === null || seconds <= 0 ? null : count / seconds);
  return {
    start: new Date(bucket.startMs).toISOString(),
    forwardedPerSecond: rate(bucket.forwarded),
    droppedPerSecond: rate(bucket.dropped),
  };
}

/** Prometheus has counts by namespace and verdict, of one cluster, and nothing else. */
const withoutHistory = {
  source: 'flows',
  reason:
    'Prometheus keeps no events, and counts that cannot be filtered: records, rankings and filters need Hubble Relay (relay) or the files of its exporter (flowLogs)',
};

export async function flowCoverage(
  deps: Deps,
  selection: Selection,
  { window, filter }: Pick<FlowQuery, 'window' | 'filter'>,
  of?: CoverageOf,
): Promise<Coverage> {
  const stored = (await deps.flows?.coverage({ window, filter, scope: flowScope(selection) }, of)) ?? null;
  const sources = sourcesOf(deps, selection, 'flows');
  const coverage = coverageView({ window, signal: 'flows', stored, sources });
  if (deps.flows || sources.length === 0) return coverage;
  return { ...coverage, complete: false, gaps: [...coverage.gaps, withoutHistory] };
}

import type { FlowTotals, Gap, Window } from '@bartizan/api';
import type { FlowMetrics } from '../flow-metrics.ts';
import { SourceError } from '../source-error.ts';
import type { Bucket } from './buckets.ts';
import { bucketsOf, gapsOf, slotsOf, slowestScrapeSeconds } from './buckets.ts';
import { createPrometheusClient } from './client.ts';
import type { PrometheusClient, PrometheusOptions, Question } from './client.ts';
import { readByVerdict, readNames, readNumber, readSeries } from './decode.ts';
import type { EndLabels, Selection } from './query.ts';
import { endLabelsOf, helmLines, increases, metric, newest, presence, presenceOfNamespaces, rates } from './query.ts';
import type { SlotAsker } from './slots.ts';
import { askSlots } from './slots.ts';
import { unknownTotals, wholeTotals } from './totals.ts';

export type { PrometheusOptions } from './client.ts';

/** A rate needs two samples: where no interval has them, the rate over five minutes stands for it. */
const widestSeconds = 300;
/** How far back the labels of a metric are looked at. */
const checkedSeconds = 3600;

/** Packet-flow figures that Hubble has Prometheus keep, or whatever speaks its language. */
export function openPrometheus(options: PrometheusOptions): FlowMetrics {
  const client = createPrometheusClient(options);
  const { source } = client;
  return {
    async read({ window, namespaces, intervalMs }, signal) {
      const asker = createAsker(client, signal);
      const selection = { labels: await asker.endLabels(), namespaces };
      const [totals, buckets, newestMs] = await Promise.all([
        readTotals(asker, { selection, window }),
        readBuckets(asker, { selection, window, intervalMs }),
        asker.number(newest(selection), window.toMs),
      ]);
      const gaps = [
        ...gapsOf(buckets, { source, window, intervalMs }),
        ...asker.warnings().map((reason): Gap => ({ source, reason })),
      ];
      return {
        totals,
        buckets,
        coverage: {
          from: new Date(window.fromMs).toISOString(),
          to: new Date(window.toMs).toISOString(),
          sources: [{ source, newest: newestMs === null ? null : new Date(newestMs * 1000).toISOString() }],
          complete: gaps.length === 0,
          gaps,
        },
      };
    },
    async check(signal) {
      const asker = createAsker(client, signal);
      const names = await asker.labelNames();
      const labels = endLabelsOf(names);
      if (labels === null) return { problem: problemOf(names), fix: helmLines };
      const isOther = await nameOtherThings(asker, { labels, seconds: checkedSeconds, atMs: Date.now() });
      return isOther ? { problem: otherThings(labels), fix: helmLines } : null;
    },
    async close() {
      client.close();
    },
  };
}

interface Asker extends SlotAsker {
  labelNames(): Promise<readonly string[]>;
  endLabels(): Promise<EndLabels>;
  number(query: string, atMs: number): Promise<number | null>;
  fault(reason: string): SourceError;
  /** What the answers said that they could not see, each once. */
  warnings(): readonly string[];
}

function createAsker(client: PrometheusClient, signal: AbortSignal): Asker {
  const attempted = 'read the flows that Hubble counted';
  const said = new Set<string>();

  async function ask<T>(question: Pick<Question<T>, 'path' | 'form' | 'read'>): Promise<T> {
    const { value, warnings } = await client.ask({ ...question, signal, attempted });
    for (const warning of warnings) said.add(warning);
    return value;
  }

  const fault = (reason: string): SourceError =>
    new SourceError({ code: 'bad-response', source: client.source, attempted, reason });
  const labelNames = () => ask({ path: 'labels', form: { 'match[]': metric }, read: readNames });
  const momentOf = (query: string, atMs: number) => ({
    path: 'query' as const,
    form: { query, time: `${atMs / 1000}` },
  });
  return {
    labelNames,
    async endLabels() {
      const names = await labelNames();
      const labels = endLabelsOf(names);
      if (labels !== null) return labels;
      throw fault(problemOf(names));
    },
    fault,
    moment: (query, atMs) => ask({ ...momentOf(query, atMs), read: readByVerdict }),
    number: (query, atMs) => ask({ ...momentOf(query, atMs), read: readNumber }),
    range: (query, { startMs, endMs, stepMs }) =>
      ask({
        path: 'query_range',
        form: { query, start: `${startMs / 1000}`, end: `${endMs / 1000}`, step: `${stepMs / 1000}` },
        read: readSeries,
      }),
    warnings: () => [...said],
  };
}

async function readTotals(
  asker: Asker,
  { selection, window }: { readonly selection: Selection; readonly window: Window },
): Promise<FlowTotals> {
  const seconds = Math.max(1, Math.round((window.toMs - window.fromMs) / 1000));
  const queries = increases(selection, seconds);
  const [ingress, egress, total] = await Promise.all([
    asker.moment(queries.ingress, window.toMs),
    asker.moment(queries.egress, window.toMs),
    asker.moment(queries.total, window.toMs),
  ]);
  if (total.size > 0) return wholeTotals({ ingress, egress, total });
  if ((await asker.number(presence(seconds), window.toMs)) === null) return unknownTotals;
  if (await nameOtherThings(asker, { labels: selection.labels, seconds, atMs: window.toMs }))
    throw asker.fault(otherThings(selection.labels));
  return wholeTotals({ ingress, egress, total });
}

/** Whether there are series, and the labels of none hold a namespace: then no traffic would be found, whatever there is. */
async function nameOtherThings(
  asker: Asker,
  { labels, seconds, atMs }: { readonly labels: EndLabels; readonly seconds: number; readonly atMs: number },
): Promise<boolean> {
  if ((await asker.number(presenceOfNamespaces(labels, seconds), atMs)) !== null) return false;
  return (await asker.number(presence(seconds), atMs)) !== null;
}

async function readBuckets(
  asker: Asker,
  {
    selection,
    window,
    intervalMs,
  }: { readonly selection: Selection; readonly window: Window; readonly intervalMs: number },
): Promise<readonly Bucket[]> {
  const slots = slotsOf(window, intervalMs);
  const query = (seconds: number): string => rates(selection, seconds);
  const found = await askSlots(asker, { slots, intervalMs, query });
  if (found.size === slots.length) return bucketsOf(slots, { rates: found, wasScraped: () => true });
  const scraped = await askSlots(asker, { slots, intervalMs, query: presence });
  const isTooFine = found.size === 0 && scraped.size > 0 && intervalMs < widestSeconds * 1000;
  if (!isTooFine) return bucketsOf(slots, { rates: found, wasScraped: ({ askedAtMs }) => scraped.has(askedAtMs) });
  const [smoothed, alive] = await Promise.all([
    askSlots(asker, { slots, intervalMs, query, seconds: widestSeconds }),
    askSlots(asker, { slots, intervalMs, query: presence, seconds: slowestScrapeSeconds }),
  ]);
  const shown = new Map([...smoothed].filter(([atMs]) => alive.has(atMs)));
  return bucketsOf(slots, { rates: shown, wasScraped: ({ askedAtMs }) => alive.has(askedAtMs) });
}

function otherThings({ source, destination }: EndLabels): string {
  return `${metric} carries no namespaces: its labels ${source} and ${destination} hold something else`;
}

function problemOf(names: readonly string[]): string {
  if (names.length === 0) return `there is no metric ${metric}: Hubble's metrics are off, or nothing scrapes them`;
  return `${metric} carries no namespaces: it has neither source_namespace and destination_namespace nor source and destination`;
}

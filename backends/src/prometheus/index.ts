import type { FlowTotals, Gap, Window } from '@bartizan/api';
import type { FlowMetrics, FlowMetricsQuery } from '../flow-metrics.ts';
import { SourceError } from '../source-error.ts';
import type { Bucket, Slot } from './buckets.ts';
import { bucketsOf, gapsOf, slotsOf, slowestScrapeSeconds } from './buckets.ts';
import { createPrometheusClient } from './client.ts';
import type { PrometheusClient, PrometheusOptions, Question } from './client.ts';
import type { ByVerdict } from './decode.ts';
import { noNumber, readByVerdict, readNames, readNumber, readSeries } from './decode.ts';
import { findShapes, wellInWords } from './shapes.ts';
import type { Selection } from './query.ts';
import { increases, newest, presence, rates, seriesOf } from './query.ts';
import type { LabelAsker } from './shapes.ts';
import type { SlotAsker } from './slots.ts';
import { askSlots } from './slots.ts';
import { placedTotals, unknownTotals, wholeTotals } from './totals.ts';

export type { PrometheusOptions } from './client.ts';

/** A rate needs two samples: where no interval has them, the rate over five minutes stands for it. */
const widestSeconds = 300;

/** Packet-flow figures that Hubble has Prometheus keep, or whatever speaks its language. */
export function openPrometheus(options: PrometheusOptions): FlowMetrics {
  const client = createPrometheusClient(options);
  const { source } = client;
  const { match = {} } = options;
  const expected = () => ({ match, namespaces: options.namespaces?.() ?? [] });
  return {
    async read({ window, namespaces, intervalMs, place }, signal) {
      const asker = createAsker(client, match, signal);
      const { problem, ...found } = await findShapes(asker, expected(), window);
      if (problem !== null) throw new SourceError({ code: 'bad-response', source, attempted, reason: problem.reason });
      const selection = { ...found, match, namespaces };
      const [totals, buckets, newestMs] = await Promise.all([
        readTotals(asker, { selection, window, place }),
        readBuckets(asker, { selection, window, intervalMs, place }),
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
      const { problem, ...found } = await findShapes(createAsker(client, match, signal), expected(), null);
      return problem === null ? { isWell: true, reason: wellInWords(found) } : { isWell: false, ...problem };
    },
    async close() {
      client.close();
    },
  };
}

const attempted = 'read the flows that Hubble counted';

interface Asker extends SlotAsker, LabelAsker {
  number(query: string, atMs: number): Promise<number | null>;
  /** What the answers said that they could not see, each once. */
  warnings(): readonly string[];
}

function createAsker(client: PrometheusClient, match: Selection['match'], signal: AbortSignal): Asker {
  const said = new Set<string>();

  async function ask<T>(question: Pick<Question<T>, 'path' | 'form' | 'read'>): Promise<T> {
    const { value, warnings } = await client.ask({ ...question, signal, attempted });
    for (const warning of warnings) said.add(warning);
    return value;
  }

  async function labels(path: 'labels' | `label/${string}/values`, window: Window | null): Promise<readonly string[]> {
    const form = { 'match[]': seriesOf(match), limit: '1000', ...(window ? spanOf(window) : {}) };
    // That there are more of them than were asked for is no warning for people.
    return (await client.ask({ path, form, read: readNames, signal, attempted })).value;
  }
  const momentOf = (query: string, atMs: number) => ({
    path: 'query' as const,
    form: { query, time: `${atMs / 1000}` },
  });
  return {
    labelNames: (window) => labels('labels', window),
    labelValues: (label, window) => labels(`label/${label}/values`, window),
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

interface PlacedWindow extends Pick<FlowMetricsQuery, 'place'> {
  readonly selection: Selection;
  readonly window: Window;
}

async function readTotals(asker: Asker, { selection, window, place }: PlacedWindow): Promise<FlowTotals> {
  const seconds = Math.max(1, Math.round((window.toMs - window.fromMs) / 1000));
  const queries = increases(selection, seconds);
  const [ingress, egress, total] = await Promise.all([
    asker.moment(queries.ingress, window.toMs),
    asker.moment(queries.egress, window.toMs),
    asker.moment(queries.total, window.toMs),
  ]);
  if (asker.warnings().includes(noNumber)) return unknownTotals;
  const isKnown = total.size > 0 || (await asker.number(presence(selection.match, seconds), window.toMs)) !== null;
  if (!isKnown) return unknownTotals;
  return place ? placedTotals({ ingress, egress, total }, place) : wholeTotals({ ingress, egress, total });
}

async function readBuckets(
  asker: Asker,
  { selection, window, intervalMs, place }: PlacedWindow & { readonly intervalMs: number },
): Promise<readonly Bucket[]> {
  const slots = slotsOf(window, intervalMs);
  const query = (seconds: number): string => rates(selection, seconds, place);
  const found = await askSlots(asker, { slots, intervalMs, query });
  if (found.size === slots.length) return bucketsOf(slots, { rates: found, wasScraped: () => true });
  const present = (seconds: number): string => presence(selection.match, seconds);
  const scraped = await scrapedSlots(asker, { slots, intervalMs, selection });
  const isTooFine = found.size === 0 && scraped.size > 0 && intervalMs < widestSeconds * 1000;
  if (!isTooFine) return bucketsOf(slots, { rates: found, wasScraped: ({ askedAtMs }) => scraped.has(askedAtMs) });
  const [smoothed, alive] = await Promise.all([
    askSlots(asker, { slots, intervalMs, query, seconds: widestSeconds }),
    askSlots(asker, { slots, intervalMs, query: present, seconds: slowestScrapeSeconds }),
  ]);
  const shown = new Map([...smoothed].filter(([atMs]) => alive.has(atMs)));
  return bucketsOf(slots, { rates: shown, wasScraped: ({ askedAtMs }) => alive.has(askedAtMs) });
}

/** Those of drops are few among a million series, and mostly enough to see that the metric was scraped. */
async function scrapedSlots(
  asker: Asker,
  {
    slots,
    intervalMs,
    selection,
  }: { readonly slots: readonly Slot[]; readonly intervalMs: number; readonly selection: Selection },
): Promise<ReadonlyMap<number, ByVerdict>> {
  const { match } = selection;
  const ask = (labels: Selection['match']) =>
    askSlots(asker, { slots, intervalMs, query: (seconds) => presence(labels, seconds) });
  const ofDrops = await ask({ ...match, type: 'Drop' });
  return ofDrops.size === slots.length ? ofDrops : ask(match);
}

function spanOf({ fromMs, toMs }: Window): { readonly start: string; readonly end: string } {
  return { start: `${fromMs / 1000}`, end: `${toMs / 1000}` };
}

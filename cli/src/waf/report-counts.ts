import { intervals, parseDuration, printDuration } from '@bartizan/api';
import type { RankedValue, WafDimension } from '@bartizan/api';
import { sharedSpan } from '@bartizan/waf';
import type { Span, TransactionSummary } from '@bartizan/waf';

export interface WafReport {
  readonly total: number | null;
  readonly anomalous: number;
  readonly anomalousShare: number | null;
  readonly blocked: number;
  readonly detected: number;
  readonly matched: number;
  readonly records: number;
  readonly malformed: number;
  readonly interval: string;
  readonly buckets: readonly {
    readonly start: string;
    readonly total: number | null;
    readonly anomalous: number;
    readonly blocked: number;
  }[];
  readonly by: Readonly<Record<WafDimension, readonly RankedValue[]>>;
}

interface Counts {
  total: number;
  anomalous: number;
  blocked: number;
}

const ladder = intervals.flatMap((text) => parseDuration(text) ?? []);
const mostFine = 20_000;
const mostBuckets = 100;
const dimensions = ['category', 'rule', 'client', 'path', 'host', 'method', 'status'] as const;
const unknown = 'unknown';

/** Counts transactions one by one; what it keeps grows with the number of different values, not of requests. */
export function createReportCounts(options: { readonly hasAccess: boolean }) {
  const { hasAccess } = options;
  const sums = { total: 0, records: 0, malformed: 0, blocked: 0, detected: 0, matched: 0 };
  const values = new Map(dimensions.map((name) => [name, new Map<string, { count: number; anomalous: number }>()]));
  const spans: { access: Span | null; audit: Span | null } = { access: null, audit: null };
  let fine = new Map<number, Counts>();
  let step = 0;

  function countValue(dimension: WafDimension, value: string, isAnomalous: boolean): void {
    const known = values.get(dimension) ?? new Map<string, { count: number; anomalous: number }>();
    const counted = known.get(value) ?? { count: 0, anomalous: 0 };
    counted.count += 1;
    if (isAnomalous) counted.anomalous += 1;
    known.set(value, counted);
  }

  function countTime(ms: number, add: Counts): void {
    addTo(fine, floorTo(ms, sizeOf(step)), add);
    while (fine.size > mostFine && step < ladder.length - 1) {
      step += 1;
      fine = coarser(fine, sizeOf(step));
    }
  }

  return {
    addMalformed(): void {
      sums.malformed += 1;
    },
    add(summary: TransactionSummary, from: { readonly hasLine: boolean; readonly recordMs: number | null }): void {
      const isAnomalous = summary.class === 'blocked' || summary.class === 'detected';
      const hasRecord = from.recordMs !== null;
      if (from.hasLine) spans.access = widened(spans.access, summary.timeMs);
      if (from.recordMs !== null) spans.audit = widened(spans.audit, from.recordMs);
      sums.total += from.hasLine ? 1 : 0;
      sums.records += hasRecord ? 1 : 0;
      if (summary.class !== 'clean') sums[summary.class] += 1;
      countTime(summary.timeMs, {
        total: from.hasLine ? 1 : 0,
        anomalous: isAnomalous ? 1 : 0,
        blocked: summary.class === 'blocked' ? 1 : 0,
      });
      for (const category of summary.categories) countValue('category', category, isAnomalous);
      for (const { id } of summary.rules) countValue('rule', id, isAnomalous);
      if (hasAccess && !from.hasLine) return;
      countValue('client', summary.client || unknown, isAnomalous);
      countValue('path', summary.path || unknown, isAnomalous);
      countValue('host', summary.host || unknown, isAnomalous);
      countValue('method', summary.method || unknown, isAnomalous);
      countValue('status', summary.status === null ? unknown : String(summary.status), isAnomalous);
    },
    report(top: number | null): WafReport {
      const { total, records, malformed, blocked, detected, matched } = sums;
      const size = intervalFor(fine, step);
      const by = Object.fromEntries([...values].map(([name, counted]) => [name, ranked(counted, top)])) as Record<
        WafDimension,
        RankedValue[]
      >;
      return {
        total: hasAccess ? total : null,
        anomalous: blocked + detected,
        anomalousShare: hasAccess ? shareOf({ fine, spans, size: sizeOf(step) }) : null,
        blocked,
        detected,
        matched,
        records,
        malformed,
        interval: printDuration(size),
        buckets: bucketsOf(coarser(fine, size), { size, hasAccess }),
        by,
      };
    },
  };
}

function sizeOf(step: number): number {
  return ladder[step] ?? 7 * 86_400_000;
}

function floorTo(ms: number, size: number): number {
  return Math.floor(ms / size) * size;
}

function addTo(counts: Map<number, Counts>, start: number, add: Counts): void {
  const known = counts.get(start);
  if (!known) counts.set(start, { ...add });
  else {
    known.total += add.total;
    known.anomalous += add.anomalous;
    known.blocked += add.blocked;
  }
}

function coarser(counts: ReadonlyMap<number, Counts>, size: number): Map<number, Counts> {
  const out = new Map<number, Counts>();
  for (const [start, add] of counts) addTo(out, floorTo(start, size), add);
  return out;
}

function widened(span: Span | null, ms: number): Span {
  return { fromMs: Math.min(span?.fromMs ?? ms, ms), toMs: Math.max(span?.toMs ?? ms, ms) };
}

/** The finest interval that is kept and cuts the time into a hundred buckets at most. */
function intervalFor(fine: ReadonlyMap<number, Counts>, step: number): number {
  let [first, last] = [Infinity, -Infinity];
  for (const start of fine.keys()) [first, last] = [Math.min(first, start), Math.max(last, start)];
  return ladder.slice(step).find((size) => (last - first) / size < mostBuckets) ?? sizeOf(ladder.length - 1);
}

function bucketsOf(
  counts: ReadonlyMap<number, Counts>,
  { size, hasAccess }: { readonly size: number; readonly hasAccess: boolean },
): WafReport['buckets'] {
  const starts = [...counts.keys()];
  if (starts.length === 0) return [];
  let [first, last] = [Infinity, -Infinity];
  for (const start of starts) [first, last] = [Math.min(first, start), Math.max(last, start)];
  const buckets: WafReport['buckets'][number][] = [];
  for (let start = first; start <= last && buckets.length < 10_000; start += size) {
    const { total, anomalous, blocked } = counts.get(start) ?? { total: 0, anomalous: 0, blocked: 0 };
    buckets.push({ start: new Date(start).toISOString(), total: hasAccess ? total : null, anomalous, blocked });
  }
  return buckets;
}

/** Over the time that both logs cover; null where there is none. */
function shareOf(known: {
  readonly fine: ReadonlyMap<number, Counts>;
  readonly spans: { readonly access: Span | null; readonly audit: Span | null };
  readonly size: number;
}): number | null {
  const { access, audit } = known.spans;
  const both = access && audit && sharedSpan(access, audit);
  if (!both) return null;
  let [total, anomalous] = [0, 0];
  for (const [start, counts] of known.fine) {
    if (start + known.size <= both.fromMs || start > both.toMs) continue;
    total += counts.total;
    anomalous += counts.anomalous;
  }
  return total === 0 ? null : Math.min(1, anomalous / total);
}

function ranked(
  counted: ReadonlyMap<string, { readonly count: number; readonly anomalous: number }>,
  top: number | null,
): RankedValue[] {
  const items = [...counted].map(([value, counts]) => ({ value, ...counts }));
  items.sort(
    (left, right) =>
      right.anomalous - left.anomalous || right.count - left.count || (left.value < right.value ? -1 : 1),
  );
  return top === null ? items : items.slice(0, top);
}

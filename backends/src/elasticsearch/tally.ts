import type { RankedValue, WafDimension } from '@bartizan/api';
import type { Span } from '@bartizan/waf';
import { sharedSpan } from '@bartizan/waf';
import type { Scope } from '../scope.ts';
import type { ReadLine, ReadRecord } from './decode.ts';
import type { TimeRange } from './query.ts';

/** From the first to the last document of each side; null where there is none. */
export interface Spans {
  readonly audit: Span | null;
  readonly access: Span | null;
}

/** The time that both sides cover. */
export function bothOf({ audit, access }: Spans): Span | null {
  return audit && access && sharedSpan(access, audit);
}

/** Whether nothing in the range means that there was nothing. A firewall is quiet where requests go on and nothing matches. */
export function covers(spans: Spans, side: 'audit' | 'access', range: TimeRange): boolean {
  const own = spans[side];
  if (own === null) return false;
  const both = bothOf(spans);
  const isQuiet = side === 'audit' && both !== null;
  const fromMs = isQuiet ? Math.min(own.fromMs, both.fromMs) : own.fromMs;
  const toMs = isQuiet ? Math.max(own.toMs, spans.access?.toMs ?? own.toMs) : own.toMs;
  return fromMs < range.toMs && toMs >= range.fromMs;
}

export interface Judged {
  readonly anomalous: number;
  readonly blocked: number;
  readonly detected: number;
  readonly matched: number;
}

export function judgedOf(records: readonly ReadRecord[]): Judged {
  let blocked = 0;
  let detected = 0;
  let matched = 0;
  for (const { row } of records)
    if (row.class === 'blocked') blocked += 1;
    else if (row.class === 'detected') detected += 1;
    else if (row.class === 'matched') matched += 1;
  return { anomalous: blocked + detected, blocked, detected, matched };
}

export function isInside(timeMs: number, { fromMs, toMs }: TimeRange): boolean {
  return timeMs >= fromMs && timeMs < toMs;
}

type Placed = { readonly namespace: string | null; readonly host: string };

export function isInScope({ namespace, host }: Placed, scope: Scope): boolean {
  if (scope.kind === 'all') return true;
  return (namespace !== null && scope.namespaces.includes(namespace)) || scope.hosts.includes(host);
}

/** Whether anything tells where they belong: without that, none inside does not mean zero. */
export function isTold(items: readonly Placed[], scope: Scope): boolean {
  if (scope.kind === 'all' || items.length === 0) return true;
  return items.some(({ namespace, host }) => namespace !== null || (scope.hosts.length > 0 && host !== ''));
}

/** Lines with the namespaces that their upstreams belong to now. */
export function attributed(
  lines: readonly ReadLine[],
  attribute: (upstream: string | null) => string | null,
): readonly ReadLine[] {
  return lines.map((line) => (line.namespace === null ? { ...line, namespace: attribute(line.upstream) } : line));
}

/** The intervals of a window, aligned since 1970 and cut at the window. */
export function intervalsOf(window: TimeRange, intervalMs: number): readonly { startMs: number; range: TimeRange }[] {
  const intervals = [];
  for (let at = Math.floor(window.fromMs / intervalMs) * intervalMs; at < window.toMs; at += intervalMs) {
    const range = { fromMs: Math.max(at, window.fromMs), toMs: Math.min(at + intervalMs, window.toMs) };
    intervals.push({ startMs: at, range });
  }
  return intervals;
}

/** Items by the interval that they lie in. */
export function byInterval<T extends { readonly timeMs: number }>(
  items: readonly T[],
  intervalMs: number,
): ReadonlyMap<number, readonly T[]> {
  const groups = new Map<number, T[]>();
  for (const item of items) {
    const start = Math.floor(item.timeMs / intervalMs) * intervalMs;
    const group = groups.get(start);
    if (group) group.push(item);
    else groups.set(start, [item]);
  }
  return groups;
}

/** Values by anomalous, then count, then value. A record counts once for each value that it has. */
export function rank(records: readonly ReadRecord[], by: WafDimension): readonly RankedValue[] {
  const found = new Map<string, { label: string | null; count: number; anomalous: number }>();
  for (const { row } of records) {
    const isAnomalous = row.class === 'blocked' || row.class === 'detected';
    for (const [value, label] of valuesOf(row, by)) {
      const known = found.get(value) ?? { label, count: 0, anomalous: 0 };
      found.set(value, known);
      known.count += 1;
      if (isAnomalous) known.anomalous += 1;
    }
  }
  return [...found]
    .map(([value, { label, ...counts }]) => ({ value, ...(label ? { label } : {}), ...counts }))
    .toSorted(
      (left, right) =>
        right.anomalous - left.anomalous || right.count - left.count || (left.value < right.value ? -1 : 1),
    );
}

function valuesOf(row: ReadRecord['row'], by: WafDimension): readonly (readonly [string, string | null])[] {
  if (by === 'rule') return row.rules.map(({ id, message }) => [id, message]);
  if (by === 'category') return row.categories.map((category) => [category, null]);
  return [[String(row[by] ?? ''), null]];
}

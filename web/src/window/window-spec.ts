import { parseDuration, printDuration } from '@bartizan/api';
import type { Window } from '@bartizan/api';
import { formatDayOf, formatMinute, momentOf, partsOf, readMoment } from '../format/time.ts';
import type { Zone } from '../format/time.ts';

/** The time range as the URL says it: back from now, or between two moments, each of which may be relative (`now-6h`). */
export type WindowSpec =
  | { readonly kind: 'last'; readonly range: string }
  | { readonly kind: 'between'; readonly from: string; readonly to: string };

export const quickRanges = ['30m', '1h', '3h', '8h', '24h', '3d', '7d', '30d', '90d'] as const;
export const defaultSpec: WindowSpec = { kind: 'last', range: '24h' };
const longestMs = 366 * 86_400_000;

/** Reads the URL's `range`, or `from` and `to`. What cannot be read gives the default. */
export function readSpec(search: { range?: string; from?: string; to?: string }): WindowSpec {
  if (search.from) {
    const spec: WindowSpec = { kind: 'between', from: search.from, to: search.to ?? 'now' };
    if (isReadable(spec)) return spec;
  }
  if (search.range && parseDuration(search.range) !== null) return { kind: 'last', range: search.range };
  return defaultSpec;
}

/** Whether both ends can be read and, where that does not depend on what time it is, lie in order. */
function isReadable({ from, to }: WindowSpec & { kind: 'between' }): boolean {
  const clock: Clock = { nowMs: Date.UTC(2000, 0, 1), zone: 'utc' };
  if (resolveMoment(from, clock) === null || resolveMoment(to, clock) === null) return false;
  const isMixed = from.startsWith('now') !== to.startsWith('now');
  return isMixed || resolveSpec({ kind: 'between', from, to }, clock) !== null;
}

/** What the URL says for it. */
export function printSpec(spec: WindowSpec): {
  range: string | undefined;
  from: string | undefined;
  to: string | undefined;
} {
  switch (spec.kind) {
    case 'last':
      return { range: spec.range, from: undefined, to: undefined };
    case 'between':
      return { range: undefined, from: spec.from, to: spec.to };
    default:
      return spec satisfies never;
  }
}

interface Clock {
  readonly nowMs: number;
  readonly zone: Zone;
}

/** The window in milliseconds; null where it is none (not readable, upside down, over a year). */
export function resolveSpec(spec: WindowSpec, clock: Clock): Window | null {
  if (spec.kind === 'last') {
    const rangeMs = parseDuration(spec.range);
    return rangeMs === null ? null : { fromMs: clock.nowMs - rangeMs, toMs: clock.nowMs };
  }
  const fromMs = resolveMoment(spec.from, clock);
  const toMs = resolveMoment(spec.to, clock);
  if (fromMs === null || toMs === null || fromMs >= toMs || toMs - fromMs > longestMs) return null;
  return { fromMs, toMs };
}

/** Reads `now`, `now-6h`, `now/d` (the day's beginning), `now-1d/d`, `2026-11-24`, `2026-11-24 14:00`, RFC 3339. */
export function resolveMoment(text: string, { nowMs, zone }: Clock): number | null {
  const relative = /^now(?:([+-])(\d+[smhd]))?(?:\/([hd]))?$/.exec(text.trim());
  if (relative) {
    const [, sign, duration, floor] = relative;
    const offsetMs = duration ? parseDuration(duration) : 0;
    if (offsetMs === null) return null;
    return floorTo(nowMs + (sign === '-' ? -offsetMs : offsetMs), floor, zone);
  }
  const plain = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d))?)?$/.exec(text.trim());
  if (!plain) return /\d{4}-\d\d-\d\dT/.test(text) ? readMoment(text.trim()) : null;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = plain
    .slice(1)
    .map((part) => Number(part ?? 0));
  if (month < 1 || month > 12 || day < 1 || day > 31 || hour > 24 || minute > 59 || second > 59) return null;
  return momentOf({ year, month: month - 1, day, hour, minute, second }, zone);
}

function floorTo(ms: number, unit: string | undefined, zone: Zone): number {
  if (!unit) return ms;
  const parts = { ...partsOf(ms, zone), minute: 0, second: 0 };
  return momentOf(unit === 'd' ? { ...parts, hour: 0 } : parts, zone);
}

export function between(window: Window): WindowSpec {
  return { kind: 'between', from: new Date(window.fromMs).toISOString(), to: new Date(window.toMs).toISOString() };
}

/** Its own length earlier or later; never past now. */
export function shiftSpec(spec: WindowSpec, direction: 'back' | 'forward', clock: Clock): WindowSpec {
  const window = resolveSpec(spec, clock);
  if (!window) return spec;
  const lengthMs = window.toMs - window.fromMs;
  const by = direction === 'back' ? -lengthMs : Math.min(lengthMs, clock.nowMs - window.toMs);
  return by === 0 ? spec : between({ fromMs: window.fromMs + by, toMs: window.toMs + by });
}

/** Twice as long around the same middle; never past now, never over a year. */
export function zoomOut(spec: WindowSpec, clock: Clock): WindowSpec {
  const window = resolveSpec(spec, clock);
  if (!window) return spec;
  const lengthMs = Math.min((window.toMs - window.fromMs) * 2, longestMs);
  if (spec.kind === 'last') return { kind: 'last', range: printDuration(lengthMs) };
  const toMs = Math.min(window.toMs + lengthMs / 4, Math.max(clock.nowMs, window.toMs));
  return between({ fromMs: toMs - lengthMs, toMs });
}

const unitWords = { s: 'second', m: 'minute', h: 'hour', d: 'day' } as const;

/** `24 hours`, `1 hour`: how long it is, for people. */
export function lengthWords(range: string): string {
  const match = /^(\d+)([smhd])$/.exec(range);
  if (!match) return range;
  const word = unitWords[match[2] as keyof typeof unitWords];
  return `${match[1]} ${word}${match[1] === '1' ? '' : 's'}`;
}

/** `24 h`: how long it is, in a sentence. */
export function lengthShort(window: Window): string {
  const seconds = Math.max(1, Math.round((window.toMs - window.fromMs) / 1000));
  const text = seconds % 3600 === 0 && seconds <= 172_800 ? `${seconds / 3600}h` : printDuration(seconds * 1000);
  return text.replace(/([smhd])$/, ' $1');
}

/** What the button says: `Last 24 hours`, `now-6h to now`, `24 Nov 14:00 to 25 Nov 14:00`. */
export function specWords(spec: WindowSpec, clock: Clock): string {
  if (spec.kind === 'last') return `Last ${lengthWords(spec.range)}`;
  return `${momentWords(spec.from, clock)} to ${momentWords(spec.to, clock)}`;
}

function momentWords(text: string, clock: Clock): string {
  if (text.startsWith('now')) return text;
  const ms = resolveMoment(text, clock);
  return ms === null ? text : `${formatDayOf(ms, clock)} ${formatMinute(ms, clock.zone)}`;
}

import { formatDay, formatMinute, formatWeekday, momentOf, partsOf } from '../../format/time.ts';
import type { Zone } from '../../format/time.ts';

/** A round top for an axis from zero, and the values at which it has a line. */
export function niceAxis(max: number, parts = 3): { readonly top: number; readonly ticks: readonly number[] } {
  if (!(max > 0)) return { top: 1, ticks: [0, 1] };
  const step = niceStep(max / parts);
  const count = Math.max(1, Math.ceil(max / step - 1e-9));
  return { top: step * count, ticks: Array.from({ length: count + 1 }, (_, at) => Number((step * at).toPrecision(6))) };
}

function niceStep(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(rough));
  const lead = rough / power;
  const nice = [1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10].find((step) => step >= lead - 1e-9) ?? 10;
  return nice * power;
}

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const steps = [
  minute,
  2 * minute,
  5 * minute,
  10 * minute,
  15 * minute,
  30 * minute,
  hour,
  2 * hour,
  3 * hour,
  4 * hour,
  6 * hour,
  12 * hour,
  day,
  2 * day,
  4 * day,
  7 * day,
  14 * day,
  30 * day,
];

export interface TimeTick {
  readonly ms: number;
  readonly label: string;
  /** The first of its day: written with the date. */
  readonly isDay: boolean;
  /** Left out where there is little room. */
  readonly isMinor: boolean;
}

/** Round moments of a window, at most `most` of them, in the reader's zone. */
export function timeTicks(window: { fromMs: number; toMs: number }, zone: Zone, most: number): readonly TimeTick[] {
  const lengthMs = window.toMs - window.fromMs;
  const stepMs = steps.find((step) => lengthMs / step <= most) ?? lengthMs;
  const ticks: TimeTick[] = [];
  for (let at = 0, ms = firstTick(window.fromMs, stepMs, zone); ms < window.toMs; at += 1) {
    const parts = partsOf(ms, zone);
    const isMidnight = parts.hour === 0 && parts.minute === 0;
    const label = stepMs >= day ? formatDay(ms, zone) : isMidnight ? formatWeekday(ms, zone) : formatMinute(ms, zone);
    ticks.push({ ms, label, isDay: stepMs < day && isMidnight, isMinor: at % 2 === 1 && !isMidnight });
    ms = nextTick(ms, stepMs, zone);
  }
  return ticks;
}

function firstTick(fromMs: number, stepMs: number, zone: Zone): number {
  const parts = partsOf(fromMs, zone);
  let ms = momentOf({ ...parts, hour: 0, minute: 0, second: 0 }, zone);
  while (ms < fromMs) ms = nextTick(ms, stepMs, zone);
  return ms;
}

/** Days are walked by the calendar: one with a change of summer time has 23 or 25 hours. */
function nextTick(ms: number, stepMs: number, zone: Zone): number {
  if (stepMs < day) return ms + stepMs;
  const parts = partsOf(ms, zone);
  return momentOf({ ...parts, day: parts.day + Math.round(stepMs / day) }, zone);
}

/** How far a moment is into the window, 0…1. */
export function placeOf(ms: number, window: { fromMs: number; toMs: number }): number {
  return Math.min(1, Math.max(0, (ms - window.fromMs) / (window.toMs - window.fromMs)));
}

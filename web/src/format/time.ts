import { unknown } from './number.ts';

export type Zone = 'utc' | 'local';

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;
const days = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'] as const;

export interface TimeParts {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly weekday: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

export function partsOf(ms: number, zone: Zone): TimeParts {
  const at = new Date(ms);
  return zone === 'utc'
    ? {
        year: at.getUTCFullYear(),
        month: at.getUTCMonth(),
        day: at.getUTCDate(),
        weekday: at.getUTCDay(),
        hour: at.getUTCHours(),
        minute: at.getUTCMinutes(),
        second: at.getUTCSeconds(),
      }
    : {
        year: at.getFullYear(),
        month: at.getMonth(),
        day: at.getDate(),
        weekday: at.getDay(),
        hour: at.getHours(),
        minute: at.getMinutes(),
        second: at.getSeconds(),
      };
}

/** The moment that these parts name; parts may run over, so that day 32 is in the next month. */
export function momentOf(parts: Omit<TimeParts, 'weekday'>, zone: Zone): number {
  const { year, month, day, hour, minute, second } = parts;
  return zone === 'utc'
    ? Date.UTC(year, month, day, hour, minute, second)
    : new Date(year, month, day, hour, minute, second).getTime();
}

/** `14:36:58` */
export function formatClock(ms: number, zone: Zone): string {
  const { hour, minute, second } = partsOf(ms, zone);
  return `${two(hour)}:${two(minute)}:${two(second)}`;
}

/** `14:36` */
export function formatMinute(ms: number, zone: Zone): string {
  return formatClock(ms, zone).slice(0, 5);
}

/** `25 Nov` */
export function formatDay(ms: number, zone: Zone): string {
  const { month, day } = partsOf(ms, zone);
  return `${day} ${months[month] ?? ''}`;
}

/** `25 Nov`; `25 Nov 2024` where that is another year than now. */
export function formatDayOf(ms: number, { nowMs, zone }: { readonly nowMs: number; readonly zone: Zone }): string {
  const { year } = partsOf(ms, zone);
  return year === partsOf(nowMs, zone).year ? formatDay(ms, zone) : `${formatDay(ms, zone)} ${year}`;
}

/** `Wed 25 Nov` */
export function formatWeekday(ms: number, zone: Zone): string {
  return `${days[partsOf(ms, zone).weekday] ?? ''} ${formatDay(ms, zone)}`;
}

/** `25 Nov 2026 14:36:58 UTC`: whole, for tooltips. */
export function formatMoment(ms: number, zone: Zone): string {
  return `${formatDay(ms, zone)} ${partsOf(ms, zone).year} ${formatClock(ms, zone)} ${zoneName(ms, zone)}`;
}

/** `25 Nov 12:15–12:30`, with the second day where there is one. */
export function formatSpan(fromMs: number, toMs: number, zone: Zone): string {
  const isOneDay = formatDay(fromMs, zone) === formatDay(toMs, zone);
  const end = isOneDay ? formatMinute(toMs, zone) : `${formatDay(toMs, zone)} ${formatMinute(toMs, zone)}`;
  return `${formatDay(fromMs, zone)} ${formatMinute(fromMs, zone)}–${end}`;
}

/** `UTC`, `UTC+1`, `UTC−3:30` */
export function zoneName(ms: number, zone: Zone): string {
  const offset = zone === 'utc' ? 0 : -new Date(ms).getTimezoneOffset();
  if (offset === 0) return 'UTC';
  const minutes = Math.abs(offset) % 60;
  const hours = Math.floor(Math.abs(offset) / 60);
  return `UTC${offset < 0 ? '−' : '+'}${hours}${minutes === 0 ? '' : `:${two(minutes)}`}`;
}

const steps = [
  ['y', 365 * 86_400_000],
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1000],
] as const;

/** `4 s`, `16 m`, `21 d`: the largest unit alone. */
export function formatAge(ms: number): string {
  for (const [unit, size] of steps) if (ms >= size) return `${Math.floor(ms / size)} ${unit}`;
  return '0 s';
}

/** `16 m ago`, `in 5 m`, `now`. */
export function formatRelative(ms: number, nowMs: number): string {
  const age = nowMs - ms;
  if (Math.abs(age) < 1000) return 'now';
  return age > 0 ? `${formatAge(age)} ago` : `in ${formatAge(-age)}`;
}

/** The milliseconds of an RFC 3339 time; null where it is none. */
export function readMoment(text: string | null | undefined): number | null {
  const ms = text ? Date.parse(text) : Number.NaN;
  return Number.isFinite(ms) ? ms : null;
}

/** How long ago an RFC 3339 time was; a dash where it is not known. */
export function formatSince(text: string | null | undefined, nowMs: number): string {
  const ms = readMoment(text);
  return ms === null ? unknown : formatRelative(ms, nowMs);
}

const words = { s: 'second', m: 'minute', h: 'hour', d: 'day' } as const;

/** `15m` → `15 minutes`, `1h` → `hour`: what stands after "per". */
export function intervalWords(interval: string): string {
  const match = /^(\d+)([smhd])$/.exec(interval);
  if (!match) return interval;
  const word = words[match[2] as keyof typeof words];
  return match[1] === '1' ? word : `${match[1]} ${word}s`;
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}

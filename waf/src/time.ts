/** Finds milliseconds since 1970 for a clock on the wall: `wallMs` is the time read as if it were UTC. */
export interface TimeZone {
  readonly name: string;
  toUtcMs(wallMs: number): number;
}

export const utc: TimeZone = { name: 'UTC', toUtcMs: (wallMs) => wallMs };

/** `UTC`, `+02:00`, `-0530` or a name such as `Europe/Berlin`; null for anything else. */
export function readTimeZone(text: string): TimeZone | null {
  if (/^(utc|gmt|z)$/i.test(text)) return utc;
  const offset = /^([+-])(\d\d):?(\d\d)$/.exec(text);
  if (offset) return fixedOffset((offset[1] === '-' ? -1 : 1) * (Number(offset[2]) * 60 + Number(offset[3])));
  return namedZone(text);
}

export function fixedOffset(minutes: number): TimeZone {
  const absolute = Math.abs(minutes);
  const digits = (value: number): string => String(value).padStart(2, '0');
  const name = `${minutes < 0 ? '-' : '+'}${digits(Math.floor(absolute / 60))}:${digits(absolute % 60)}`;
  return { name: minutes === 0 ? 'UTC' : name, toUtcMs: (wallMs) => wallMs - minutes * 60_000 };
}

function namedZone(name: string): TimeZone | null {
  let format: Intl.DateTimeFormat;
  try {
    format = new Intl.DateTimeFormat('en-US', { timeZone: name, timeZoneName: 'longOffset' });
  } catch {
    return null;
  }
  const offsets = new Map<number, number>();
  const offsetAt = (ms: number): number => {
    const quarter = Math.floor(ms / 900_000);
    const known = offsets.get(quarter);
    if (known !== undefined) return known;
    const part = format.formatToParts(ms).find(({ type }) => type === 'timeZoneName')?.value ?? 'GMT';
    const match = /GMT([+-])(\d\d):(\d\d)/.exec(part);
    const minutes = match ? (match[1] === '-' ? -1 : 1) * (Number(match[2]) * 60 + Number(match[3])) : 0;
    if (offsets.size > 10_000) offsets.clear();
    offsets.set(quarter, minutes * 60_000);
    return minutes * 60_000;
  };
  return {
    name,
    toUtcMs(wallMs) {
      const guess = wallMs - offsetAt(wallMs);
      return wallMs - offsetAt(guess);
    },
  };
}

const months = 'JanFebMarAprMayJunJulAugSepOctNovDec';

function monthAt(text: string, at: number): number {
  const index = months.indexOf(text.slice(at, at + 3));
  return index % 3 === 0 ? index / 3 : -1;
}

function digitsAt(text: string, at: number, count: number): number {
  let value = 0;
  for (let index = at; index < at + count; index += 1) {
    const code = text.charCodeAt(index);
    if (code === 32 && value === 0) continue;
    if (!(code >= 48 && code <= 57)) return Number.NaN;
    value = value * 10 + code - 48;
  }
  return value;
}

/** Of `12:12:40`; not a number for a time that no clock shows, but for a leap second. */
function clockMs(text: string, at: number): number {
  const hours = digitsAt(text, at, 2);
  const minutes = digitsAt(text, at + 3, 2);
  const seconds = digitsAt(text, at + 6, 2);
  return hours < 24 && minutes < 60 && seconds <= 60 ? ((hours * 60 + minutes) * 60 + seconds) * 1000 : Number.NaN;
}

/** Not a number for a day that its month does not have. */
function wallMs(year: number, month: number, day: number, clock: number): number {
  const midnight = Date.UTC(year, month, day);
  const isDay = day >= 1 && (day <= 28 || new Date(midnight).getUTCDate() === day);
  return isDay ? midnight + clock : Number.NaN;
}

/** `Sat Jun 15 12:12:40 2024`, which names no zone. */
export function parseCtime(text: string, zone: TimeZone): number | null {
  const month = monthAt(text, 4);
  const wall = wallMs(digitsAt(text, 20, 4), month, digitsAt(text, 8, 2), clockMs(text, 11));
  return month < 0 || text.length !== 24 || Number.isNaN(wall) ? null : zone.toUtcMs(wall);
}

/** `15/Jun/2024:12:12:40 +0000`, also with a fraction of a second after the seconds. */
export function parseLogTime(text: string): { readonly ms: number; readonly offsetMinutes: number } | null {
  const month = monthAt(text, 3);
  const wall = wallMs(digitsAt(text, 7, 4), month, digitsAt(text, 0, 2), clockMs(text, 12));
  if (month < 0 || Number.isNaN(wall)) return null;
  const rest = /^(?:\.(\d{1,9}))? ([+-])(\d\d)(\d\d)$/.exec(text.slice(20));
  if (!rest) return null;
  const offsetMinutes = (rest[2] === '-' ? -1 : 1) * (Number(rest[3]) * 60 + Number(rest[4]));
  const fraction = rest[1] ? Math.floor(Number(`0.${rest[1]}`) * 1000) : 0;
  return { ms: wall + fraction - offsetMinutes * 60_000, offsetMinutes };
}

/** `2024/06/15 12:12:40`, as nginx's error log and Coraza write it, without a zone. */
export function parseSlashTime(text: string, zone: TimeZone): number | null {
  if (!/^\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d$/.test(text)) return null;
  const wall = Date.parse(`${text.slice(0, 10).replaceAll('/', '-')}T${text.slice(11)}Z`);
  return Number.isNaN(wall) ? null : zone.toUtcMs(wall);
}

const isoTime = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:[.,](\d{1,9}))?\s?(Z|[+-]\d\d:?\d\d)?$/i;

/** Any of the forms that audit logs have, the usual one of each dialect or RFC 3339; in `zone` where it names none. */
export function parseAnyTime(text: string, zone: TimeZone): number | null {
  return (
    parseCtime(text, zone) ??
    parseLogTime(text)?.ms ??
    parseSlashTime(text, zone) ??
    parseIsoTime(text, zone) ??
    parseEpoch(text)
  );
}

/** Since 1970, in seconds, with or without a fraction, in milliseconds, microseconds or nanoseconds: told apart by their size. */
export function parseEpoch(text: string): number | null {
  if (!/^\d{9,19}(?:\.\d{1,9})?$/.test(text)) return null;
  const since = Number(text);
  const perMs = [1e6, 1e3, 1].find((unit) => since / unit > 1e11) ?? 1e-3;
  return Math.floor(since / perMs + 1e-6);
}

function parseIsoTime(text: string, zone: TimeZone): number | null {
  const [, day, time, fraction = '0', offset] = isoTime.exec(text) ?? [];
  const wall = Date.parse(`${day}T${time}Z`);
  if (Number.isNaN(wall)) return null;
  const named = offset === undefined ? zone : (readTimeZone(offset) ?? zone);
  return named.toUtcMs(wall) + Math.floor(Number(`0.${fraction}`) * 1000);
}

import { parseDuration } from './duration.ts';

/** `from` counts, `to` does not; both in milliseconds since 1970. */
export interface Window {
  readonly fromMs: number;
  readonly toMs: number;
}

export type WindowResult =
  | { readonly ok: true; readonly window: Window }
  | { readonly ok: false; readonly message: string };

interface Asked {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly range?: string | undefined;
}

const longestMs = 366 * 86_400_000;

/** Reads `?from=&to=` or `?range=24h` (the default). `to` may be left out: now. */
export function readWindow(asked: Asked, nowMs: number): WindowResult {
  if (asked.range !== undefined && (asked.from !== undefined || asked.to !== undefined))
    return { ok: false, message: 'Give either range, or from and to, not both.' };
  if (asked.from === undefined && asked.to !== undefined) return { ok: false, message: 'With to, from is needed too.' };
  if (asked.from === undefined) {
    const rangeMs = parseDuration(asked.range ?? '24h');
    if (rangeMs === null) return { ok: false, message: `range is written like 30m, 24h or 7d, not "${asked.range}".` };
    return check({ fromMs: nowMs - rangeMs, toMs: nowMs });
  }
  const fromMs = parseTime(asked.from);
  const toMs = asked.to === undefined ? nowMs : parseTime(asked.to);
  if (fromMs === null) return { ok: false, message: `from is a time like 2026-06-15T12:00:00Z, not "${asked.from}".` };
  if (toMs === null) return { ok: false, message: `to is a time like 2026-06-15T12:00:00Z, not "${asked.to}".` };
  return check({ fromMs, toMs });
}

function check(window: Window): WindowResult {
  if (window.toMs <= window.fromMs) return { ok: false, message: 'from must be before to.' };
  if (window.toMs - window.fromMs > longestMs) return { ok: false, message: 'A window is 366 days at most.' };
  return { ok: true, window };
}

/** RFC 3339 with an offset, whose plus an address that is not encoded makes a space; null for anything else. */
function parseTime(text: string): number | null {
  const match = /^(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?)([Zz]|[ +-]\d\d:\d\d)$/.exec(text);
  if (!match) return null;
  const [, day = '', time = '', offset = ''] = match;
  const ms = Date.parse(`${day}T${time}${offset.replace(' ', '+').toUpperCase()}`);
  return Number.isFinite(ms) && isDay(day) ? ms : null;
}

/** `Date.parse` takes the 30th of February for the 2nd of March. */
function isDay(day: string): boolean {
  return new Date(`${day}T00:00:00Z`).toISOString().startsWith(day);
}

/** The equally long window that ends where this one begins. */
export function previousWindow({ fromMs, toMs }: Window): Window {
  return { fromMs: fromMs - (toMs - fromMs), toMs: fromMs };
}

const unitMs = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** `5m`, `1h`, `7d`, `90s` → milliseconds; null for anything else, and for zero. */
export function parseDuration(text: string): number | null {
  const match = /^(\d{1,9})([smhd])$/.exec(text);
  if (!match) return null;
  const ms = Number(match[1]) * unitMs[match[2] as keyof typeof unitMs];
  return ms > 0 ? ms : null;
}

/** The shortest way to write it: 3,600,000 → `1h`. */
export function printDuration(ms: number): string {
  for (const unit of ['d', 'h', 'm'] as const)
    if (ms >= unitMs[unit] && ms % unitMs[unit] === 0) return `${ms / unitMs[unit]}${unit}`;
  return `${Math.round(ms / 1000)}s`;
}

/** The fixed ladder of intervals that charts use. */
export const intervals = ['10s', '1m', '5m', '15m', '1h', '3h', '6h', '12h', '1d', '7d'] as const;

/** The finest interval of the ladder that cuts the window into at most `most` buckets. */
export function chooseInterval(windowMs: number, most = 100): string {
  const fitting = intervals.find((interval) => windowMs / (parseDuration(interval) ?? 1) <= most);
  return fitting ?? '7d';
}

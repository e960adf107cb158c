/** What stands where a number is not known. Never a zero. */
export const unknown = '–';

/** 1792186 → `1,792,186`; a dash where it is not known. */
export function formatCount(count: number | null | undefined): string {
  if (count === null || count === undefined || !Number.isFinite(count)) return unknown;
  const [whole = '0', fraction] = String(Math.abs(count)).split('.');
  const grouped = whole.replaceAll(/\B(?=(\d{3})+$)/g, ',');
  return `${count < 0 ? '−' : ''}${grouped}${fraction === undefined ? '' : `.${fraction}`}`;
}

/** For axes: 24000 → `24 k`, 1500000 → `1.5 M`, 0.25 → `0.25`. */
export function formatTick(value: number): string {
  for (const [size, unit] of [
    [1e9, 'G'],
    [1e6, 'M'],
    [1e4, 'k'],
  ] as const) {
    const step = unit === 'k' ? 1e3 : size;
    if (Math.abs(value) >= size) return `${trimmed(value / step)} ${unit}`;
  }
  return Math.abs(value) >= 1 || value === 0
    ? formatCount(Number(trimmed(value)))
    : String(Number(value.toPrecision(2)));
}

function trimmed(value: number): string {
  return String(Number(value.toFixed(1)));
}

/** On disk: 999 → `999 B`, 1234567 → `1.2 MB`, as sizes are written in the configuration. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'] as const;
  const at = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
  return `${trimmed(bytes / 1000 ** at)} ${units[at] ?? 'B'}`;
}

/** A rate per second: three digits that count, `< 0.01` instead of a zero that is none. */
export function formatRate(perSecond: number | null | undefined): string {
  if (perSecond === null || perSecond === undefined || !Number.isFinite(perSecond)) return unknown;
  if (perSecond === 0) return '0';
  if (perSecond < 0.01) return '< 0.01';
  if (perSecond < 10) return String(Number(perSecond.toFixed(2)));
  return perSecond < 100 ? perSecond.toFixed(1) : formatCount(Math.round(perSecond));
}

/** `1 request`, `12 requests`. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}

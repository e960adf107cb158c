import { unknown } from './number.ts';

/** 0…1 → `2.2 %`: one decimal, `< 0.1 %` instead of a zero that is none, a dash where it is not known. */
export function formatShare(share: number | null | undefined): string {
  if (share === null || share === undefined || !Number.isFinite(share)) return unknown;
  if (share === 0) return '0 %';
  if (share < 0.001) return '< 0.1 %';
  if (share === 1) return '100 %';
  if (share > 0.999) return '> 99.9 %';
  return `${(share * 100).toFixed(1)} %`;
}

/** The share of a part, where both are known and the whole is not nothing. */
export function shareOf(part: number | null | undefined, whole: number | null | undefined): number | null {
  if (part === null || part === undefined || !whole) return null;
  return part / whole;
}

/** The same for a column whose header says `%`. */
export function formatPercent(share: number | null): string {
  return formatShare(share).replace(/ %$/, '');
}

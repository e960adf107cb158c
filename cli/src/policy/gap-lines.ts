import type { Gap } from './flow-gaps.ts';

/** What an answer in words does not cover. */
export function gapLines(gaps: readonly Gap[]): string {
  return gaps.map(({ source, reason }) => `not covered: ${reason} (${source})\n`).join('');
}

/** The same cluster may be read twice. */
export function distinctGaps(gaps: readonly Gap[]): readonly Gap[] {
  return [...new Map(gaps.map((gap) => [`${gap.source} ${gap.reason}`, gap])).values()];
}

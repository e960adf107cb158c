import type { Coverage, Gap } from '@bartizan/api';
import { SourceError } from '@bartizan/backends';

/** A source that does not answer leaves its part of the page unknown, and the gap says why. What a client asks wrongly stays an error. */
export function createGaps(): {
  known<T>(answer: Promise<T> | undefined, otherwise: T): Promise<T>;
  withGaps(coverage: Coverage): Coverage;
} {
  const gaps: Gap[] = [];
  return {
    async known(answer, otherwise) {
      try {
        return (await answer) ?? otherwise;
      } catch (error) {
        if (!(error instanceof SourceError) || error.code === 'refused' || error.code === 'wrong-cursor') throw error;
        gaps.push({ source: error.source, reason: error.message });
        return otherwise;
      }
    },
    withGaps(coverage) {
      const all = [...coverage.gaps, ...gaps];
      const each = [...new Map(all.map((gap) => [JSON.stringify([gap.source, gap.reason, gap.from]), gap])).values()];
      return { ...coverage, gaps: each, complete: coverage.complete && gaps.length === 0 };
    },
  };
}

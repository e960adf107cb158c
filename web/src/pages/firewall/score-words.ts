import type { Answer } from '@bartizan/api';

type Transaction = Answer<'transaction'>;
export type SideScore = Transaction['scores']['inbound'];

/** What to say where the log states another score than its rules add up to; null where both agree or one is not there. */
export function disagreement({ sum, stated, statedLevel }: SideScore): string | null {
  if (stated === null || stated === sum) return null;
  if (sum === null) return 'The log states it; the rules that made it are not in this record.';
  const both = `The log states ${stated}, and the rules in this record add up to ${sum}.`;
  if (statedLevel !== null)
    return `${both} Up to paranoia level ${statedLevel} they add up to ${stated}: those above it only detect.`;
  return stated > sum
    ? `${both} A rule that is not in this record scored, or the scores by severity were changed.`
    : `${both} An exclusion took a match back, or the scores by severity were changed.`;
}

/** The side whose evaluation rule matched; inbound where none did. */
export function decidingSide({ matches }: Transaction): 'inbound' | 'outbound' {
  const evaluations = matches.filter(({ id }) => /^9[45]91\d\d$/.test(id) || /^9[45]911\d$/.test(id));
  return evaluations.length > 0 && evaluations.every(({ id }) => id.startsWith('959')) ? 'outbound' : 'inbound';
}

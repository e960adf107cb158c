import type { Answer } from '@bartizan/api';
import { formatCount } from '../../format/number.ts';

type Replay = Answer<'wafTuning'>['groups'][number]['replay'];

/** What the records say that an exclusion would do. */
export function replayWords({ touched, passes, stillJudged, unknown }: Replay): string {
  const parts = [
    `${formatCount(passes)} of ${formatCount(touched)} ${touched === 1 ? 'request' : 'requests'} would pass`,
    ...(stillJudged > 0 ? [`${formatCount(stillJudged)} would be judged all the same`] : []),
    ...(unknown > 0 ? [`${formatCount(unknown)} cannot be told`] : []),
  ];
  return `${parts.join(', ')}.`;
}

/** How many of those that would pass show what attacks show; null where none does. */
export function attackWords({ passes, likelyAttacks: { count } }: Replay): string | null {
  if (count === 0) return null;
  if (passes === 1) return 'The one that would pass shows what attacks show:';
  const those = count === passes ? `All ${formatCount(count)}` : formatCount(count);
  return `${those} of those that would pass ${count === 1 ? 'shows' : 'show'} what attacks show:`;
}

/** The keys in the URL: each once, separated by commas. */
export function readKeys(text: string | undefined): readonly string[] {
  return [...new Set((text ?? '').split(',').filter((key) => /^[0-9a-f]{16}$/.test(key)))];
}

/** With the key where it was not, without it where it was; undefined for none. */
export function toggleKey(text: string | undefined, key: string): string | undefined {
  const keys = readKeys(text);
  const changed = keys.includes(key) ? keys.filter((one) => one !== key) : [...keys, key];
  return changed.join(',') || undefined;
}

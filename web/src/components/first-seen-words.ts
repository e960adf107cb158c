import type { Answer } from '@bartizan/api';
import { plural } from '../format/number.ts';
import { formatMoment, readMoment } from '../format/time.ts';
import type { Zone } from '../format/time.ts';

type FirstSeen = Answer<'flowFirstSeen'>;
export type NewThing = FirstSeen['items'][number];

/** How far the history reaches that says what is new; why nothing is called new where it is too short. */
export function historyWords({ history }: Pick<FirstSeen, 'history'>, zone: Zone): string {
  const sinceMs = readMoment(history.since);
  if (sinceMs === null) return 'No flows are stored yet, so it cannot be told what is new.';
  const since = formatMoment(sinceMs, zone);
  if (history.isEnough) return `Not seen before in the stored history, which begins ${since}.`;
  const toldMs = readMoment(history.tellsFrom);
  return toldMs !== null
    ? `Since ${formatMoment(toldMs, zone)}, and not seen before in the stored history, which begins ${since}: for the time before it is too short.`
    : `The stored history begins ${since}: too short before this window to tell what is new. Everything would count as new.`;
}

/** `3 events, all dropped` */
export function eventsWords({ count, dropped }: Pick<NewThing, 'count' | 'dropped'>): string {
  const events = plural(count, 'event');
  if (dropped === 0) return events;
  return dropped === count ? `${events}, ${count === 1 ? 'dropped' : 'all dropped'}` : `${events}, ${dropped} dropped`;
}

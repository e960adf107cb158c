import type { PendingChange } from '@bartizan/api';
import { formatCount, formatRate, plural } from '../format/number.ts';
import { formatAge } from '../format/time.ts';

type Drops = PendingChange['drops'];
type Seen = Drops['since'];

/** What is dropped at the workloads of a timed change, since it was made and before; or why that is not known. */
export function dropWords({ workloads, before, since, missing }: Drops): string {
  const now = dropsPerMinute(since);
  if (now === null) return `What is dropped meanwhile is not known: ${missing ?? 'nothing was recorded'}.`;
  const then = dropsPerMinute(before);
  const earlier =
    then === null
      ? 'before it is not known'
      : `${formatRate(then)} a minute in the ${spanOf(before)} before${outOf(before)}`;
  const gap = missing === undefined ? '' : ` Not all of it was seen: ${missing}.`;
  return `Dropped at ${whom(workloads ?? [])}: ${formatRate(now)} a minute since the change${outOf(since)}, ${earlier}.${gap}`;
}

/** Whether more is dropped since the change than before, where both are known. */
export function isMoreDropped({ before, since }: Drops): boolean {
  const [then, now] = [dropsPerMinute(before), dropsPerMinute(since)];
  return then !== null && now !== null && now > then;
}

function dropsPerMinute({ from, to, dropped }: Seen): number | null {
  const minutes = (Date.parse(to) - Date.parse(from)) / 60_000;
  return dropped === null || minutes <= 0 ? null : dropped / minutes;
}

function outOf({ events, dropped }: Seen): string {
  return events === null ? '' : ` (${formatCount(dropped)} of ${plural(events, 'flow event')})`;
}

function spanOf({ from, to }: Seen): string {
  return formatAge(Date.parse(to) - Date.parse(from));
}

function whom(workloads: readonly string[]): string {
  return workloads.length <= 2
    ? workloads.join(' and ')
    : `the ${plural(workloads.length, 'workload')} that it selects`;
}

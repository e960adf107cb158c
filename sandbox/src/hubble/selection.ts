import type { observerWire } from '@bartizan/flow';
import type { Filter } from './filters.ts';
import type { Recorded } from './rings.ts';
import { isFlow } from './rings.ts';

type Ask = Pick<observerWire.GetFlowsRequest, 'number' | 'first' | 'follow' | 'since' | 'until'>;

/** Which of the remembered events a request asks for. Losses are told with them, and are not counted. */
export function selectRecorded(all: readonly Recorded[], ask: Ask, match: Filter): readonly Recorded[] {
  const since = millisOf(ask.since) ?? -Infinity;
  const until = millisOf(ask.until) ?? Infinity;
  const number = Number(ask.number);
  if (ask.follow && number === 0 && ask.since === undefined) return [];
  const wanted = all.filter(
    ({ event }) => event.time >= since && event.time <= until && (isFlow(event) ? match(event) : true),
  );
  if (number === 0) return wanted;
  const flows = wanted.filter(({ event }) => isFlow(event));
  return ask.first ? flows.slice(0, number) : flows.slice(-number);
}

export function millisOf(time: { readonly seconds: bigint; readonly nanos: number } | undefined): number | undefined {
  return time && Number(time.seconds) * 1000 + time.nanos / 1_000_000;
}

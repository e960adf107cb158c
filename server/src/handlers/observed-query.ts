import { chooseInterval, parseDuration, parseFilter, readWindow } from '@bartizan/api';
import type { FilterFields, FilterTerm, Window } from '@bartizan/api';
import { badRequest } from '../http/problem.ts';

interface Asked {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly range?: string | undefined;
  readonly filter?: string | undefined;
}

export interface ObservedQuery {
  readonly window: Window;
  readonly filter: readonly FilterTerm[];
}

/** Window and filter of a request on observed data. */
export function readObservedQuery(asked: Asked, options: { fields: FilterFields; nowMs: number }): ObservedQuery {
  const window = readWindow(asked, options.nowMs);
  if (!window.ok) throw badRequest(window.message, 'bad-window');
  const filter = parseFilter(asked.filter ?? '', options.fields);
  if (!filter.ok) throw badRequest(filter.message, 'bad-filter', { offset: filter.offset });
  return { window: window.window, filter: filter.terms };
}

const mostBuckets = 2000;

/** The interval asked for, or one that fits the window. */
export function readInterval(
  asked: string | undefined,
  window: Window,
): { readonly text: string; readonly ms: number } {
  const spanMs = window.toMs - window.fromMs;
  const text = asked ?? chooseInterval(spanMs);
  const ms = parseDuration(text);
  if (ms === null) throw badRequest(`interval is written like 5m, 1h or 1d, not "${text}".`, 'bad-interval');
  if (spanMs / ms > mostBuckets)
    throw badRequest(
      `An interval of ${text} cuts this window into more than ${mostBuckets} buckets: take ${chooseInterval(spanMs)} or more.`,
      'bad-interval',
    );
  return { text, ms };
}

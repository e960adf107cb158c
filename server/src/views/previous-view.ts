import { previousWindow } from '@bartizan/api';
import type { Coverage, Window } from '@bartizan/api';
import type { Scope } from '@bartizan/backends';

interface Query {
  readonly window: Window;
  readonly scope: Scope;
}

/** The same figures for the window before; `unknown` where that was not recorded from its beginning. */
export async function previousTotals<Q extends Query, Totals>(
  reader: {
    statistics(query: Q): Promise<Totals>;
    coverage(window: Window, scope: Scope): Promise<Coverage>;
  } | null,
  query: Q,
  unknown: Totals,
): Promise<Totals> {
  if (!reader) return unknown;
  const before = { ...query, window: previousWindow(query.window) };
  return reachesBack(await reader.coverage(before.window, before.scope)) ? reader.statistics(before) : unknown;
}

/** Whether the beginning of a window was recorded: a comparison with a part of the time before would mislead. */
export function reachesBack({ from, gaps }: Coverage): boolean {
  return !gaps.some((gap) => gap.from === undefined || Date.parse(gap.from) <= Date.parse(from));
}

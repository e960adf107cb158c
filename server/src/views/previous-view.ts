import { previousWindow } from '@bartizan/api';
import type { Coverage, Window } from '@bartizan/api';

/** The same figures for the window before; `unknown` where that was not recorded from its beginning. */
export async function previousTotals<Q extends { readonly window: Window }, Totals>(
  reader: {
    statistics(query: Q): Promise<Totals>;
    coverage(query: Q): Promise<Coverage>;
  } | null,
  query: Q,
  unknown: Totals,
): Promise<Totals> {
  if (!reader) return unknown;
  const before = { ...query, window: previousWindow(query.window) };
  return reachesBack(await reader.coverage(before)) ? reader.statistics(before) : unknown;
}

/** Less than this of a window, as the hour that it cuts of many days, does not make a comparison mislead. */
const negligible = 0.01;

/** Whether the beginning of a window was recorded: a comparison with a part of the time before would mislead. */
export function reachesBack({ from, to, gaps }: Coverage): boolean {
  const [fromMs, toMs] = [Date.parse(from), Date.parse(to)];
  return !gaps.some((gap) => {
    if (gap.from !== undefined && Date.parse(gap.from) > fromMs) return false;
    const endMs = gap.to === undefined ? toMs : Date.parse(gap.to);
    return endMs - fromMs > (toMs - fromMs) * negligible;
  });
}

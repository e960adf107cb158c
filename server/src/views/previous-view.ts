import type { Coverage } from '@bartizan/api';

/** Whether the beginning of a window was recorded: a comparison with a part of the time before would mislead. */
export function reachesBack({ from, gaps }: Coverage): boolean {
  return !gaps.some((gap) => gap.from === undefined || Date.parse(gap.from) <= Date.parse(from));
}

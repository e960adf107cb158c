import type { Coverage } from '@bartizan/api';
import { readMoment } from '../format/time.ts';
import { lengthShort } from '../window/window-spec.ts';

/** How long the window of an answer is: `24 h`. */
export function periodOf({ from, to }: Pick<Coverage, 'from' | 'to'>): string {
  return lengthShort({ fromMs: readMoment(from) ?? 0, toMs: readMoment(to) ?? 1 });
}

import type { TimeZone } from './time.ts';

/** What a reader makes of a piece of log: what it says, or why it could not be read. */
export type Reading<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly reason: string };

export function failed(reason: string): { readonly ok: false; readonly reason: string } {
  return { ok: false, reason };
}

/** What the log itself does not say: the zone of times that are written without one. */
export interface ReadingContext {
  readonly zone: TimeZone;
  /** When the line was written, by the clock of what carried it here: for lines that have no time of their own. */
  readonly writtenMs?: number;
}

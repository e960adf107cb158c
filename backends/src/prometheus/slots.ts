import type { ByVerdict } from './decode.ts';
import type { Slot } from './buckets.ts';

export interface SlotQueries {
  readonly slots: readonly Slot[];
  readonly intervalMs: number;
  /** The query, for a range of so many seconds. */
  readonly query: (seconds: number) => string;
  /** Instead of the interval. */
  readonly seconds?: number;
}

export interface SlotAsker {
  range(
    query: string,
    span: { readonly startMs: number; readonly endMs: number; readonly stepMs: number },
  ): Promise<ReadonlyMap<number, ByVerdict>>;
  moment(query: string, atMs: number): Promise<ByVerdict>;
}

/** Values at the moment of each slot: whole ones in one question, the last one by itself where the window cuts it. */
export async function askSlots(
  asker: SlotAsker,
  { slots, intervalMs, query, seconds }: SlotQueries,
): Promise<ReadonlyMap<number, ByVerdict>> {
  const whole = slots.filter(({ startMs, askedAtMs }) => askedAtMs - startMs === intervalMs);
  const cut = slots.at(-1);
  const isCut = cut !== undefined && !whole.includes(cut);
  const [first, last] = [whole[0], whole.at(-1)];
  const [series, rest] = await Promise.all([
    first && last
      ? asker.range(query(seconds ?? intervalMs / 1000), {
          startMs: first.askedAtMs,
          endMs: last.askedAtMs,
          stepMs: intervalMs,
        })
      : new Map<number, ByVerdict>(),
    isCut ? asker.moment(query(seconds ?? secondsOf(cut)), cut.askedAtMs) : new Map<string, number>(),
  ]);
  return isCut && rest.size > 0 ? new Map([...series, [cut.askedAtMs, rest]]) : series;
}

function secondsOf({ startMs, askedAtMs }: Slot): number {
  return Math.max(1, Math.ceil((askedAtMs - startMs) / 1000));
}

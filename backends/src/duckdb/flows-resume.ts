/** A source that is followed anew, until it is known whether anything is missing. Times of events in nanoseconds since 1970. */
export interface Resumption {
  /** The newest event that it had sent before. */
  readonly newest: bigint;
  /** The oldest that it has sent since. */
  readonly oldest: bigint | null;
  readonly startedMs: number | null;
}

export type Resumed =
  | { readonly kind: 'pending'; readonly resumption: Resumption }
  | { readonly kind: 'whole' }
  | { readonly kind: 'hole'; readonly fromMs: number; readonly toMs: number };

/** A Relay finds its nodes one by one: each sends what overlaps only when it has been found. */
const patienceMs = 10_000;
const nanosPerMs = 1_000_000n;

/** Nothing is missing as soon as what is sent now reaches back to what was sent before. */
export function resume(
  resumption: Resumption,
  { times, nowMs }: { readonly times: readonly bigint[]; readonly nowMs: number },
): Resumed {
  const oldest = times.reduce((least, at) => (least === null || at < least ? at : least), resumption.oldest);
  if (oldest !== null && oldest <= resumption.newest) return { kind: 'whole' };
  const startedMs = resumption.startedMs ?? nowMs;
  if (nowMs - startedMs < patienceMs) return { kind: 'pending', resumption: { ...resumption, oldest, startedMs } };
  const toMs = oldest === null ? nowMs : Number(oldest / nanosPerMs);
  return { kind: 'hole', fromMs: Number(resumption.newest / nanosPerMs), toMs };
}

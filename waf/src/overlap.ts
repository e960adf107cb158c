/** A span of time in a log; both ends count. */
export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

/** A firewall writes only of what it matched: a silence so long, or half as long as what both logs cover, means that nothing matched. */
const quietMs = 10 * 60_000;

/** The time that both logs cover; null where there is none. */
export function sharedSpan(access: Span, audit: Span): Span | null {
  const fromMs = Math.max(access.fromMs, audit.fromMs);
  const toMs = Math.min(access.toMs, audit.toMs);
  if (toMs < fromMs - quietMs) return null;
  const quiet = Math.max(quietMs, (toMs - fromMs) / 2);
  return {
    fromMs: audit.fromMs - access.fromMs <= quiet ? access.fromMs : fromMs,
    toMs: access.toMs - audit.toMs <= quiet ? access.toMs : toMs,
  };
}

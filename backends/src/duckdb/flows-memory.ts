import type { Coverage, Gap, Window } from '@bartizan/api';

/** What is known of one source, in milliseconds since 1970. */
export interface RecordedSource {
  readonly oldestMs: number | null;
  readonly newestMs: number | null;
  /** It was being followed until then: no event up to it means that there was none. */
  readonly followedUntilMs: number | null;
}

export interface RecordedGap {
  readonly source: string;
  readonly reason: string;
  readonly fromMs: number;
  readonly toMs: number | null;
  /** Nothing at all was recorded in it, as opposed to a part. */
  readonly isHole: boolean;
}

export interface Recorded {
  readonly sources: ReadonlyMap<string, RecordedSource>;
  readonly gaps: readonly RecordedGap[];
}

/** Whether anything was recorded of a span: its zero is then a zero. */
export function isRecorded({ fromMs, toMs }: Window, recorded: Recorded): boolean {
  return [...recorded.sources].some(([name, { oldestMs, newestMs, followedUntilMs }]) => {
    if (oldestMs === null) return false;
    const untilMs = Math.max(newestMs ?? 0, followedUntilMs ?? 0);
    if (toMs <= oldestMs || fromMs > untilMs) return false;
    return !recorded.gaps.some(
      (gap) =>
        gap.isHole && gap.source === name && gap.fromMs <= fromMs && (gap.toMs ?? Infinity) >= Math.min(toMs, untilMs),
    );
  });
}

export function coverageOf(window: Window, recorded: Recorded): Coverage {
  const gaps = [
    ...[...recorded.sources].flatMap(([source, known]) => beginning({ source, known, window })),
    ...recorded.gaps.filter((gap) => overlaps(gap, window)).map((gap) => asGap(gap, window)),
  ];
  return {
    from: iso(window.fromMs),
    to: iso(window.toMs),
    sources: [...recorded.sources].map(([source, { newestMs }]) => ({
      source,
      newest: newestMs === null ? null : iso(newestMs),
    })),
    complete: gaps.length === 0,
    gaps,
  };
}

function beginning(options: { source: string; known: RecordedSource; window: Window }): Gap[] {
  const { source, known, window } = options;
  if (known.oldestMs === null) return [{ source, reason: 'nothing has been recorded yet' }];
  if (known.oldestMs >= window.toMs)
    return [{ source, reason: `recording began at ${iso(known.oldestMs)}, after this window` }];
  if (known.oldestMs <= window.fromMs) return [];
  return [{ source, reason: 'recording began then', from: iso(window.fromMs), to: iso(known.oldestMs) }];
}

function overlaps({ fromMs, toMs }: RecordedGap, window: Window): boolean {
  return fromMs < window.toMs && (toMs ?? Infinity) >= window.fromMs;
}

function asGap({ source, reason, fromMs, toMs }: RecordedGap, window: Window): Gap {
  return {
    source,
    reason,
    from: iso(Math.max(fromMs, window.fromMs)),
    ...(toMs === null ? {} : { to: iso(Math.min(toMs, window.toMs)) }),
  };
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}

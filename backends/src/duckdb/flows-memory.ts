import type { Coverage, Gap, Window } from '@bartizan/api';
import type { Span } from './flows-plan.ts';

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
  /** Whole events are kept since then, and counts by the hour; 0: nothing was dropped. */
  readonly wholeMs: number;
  readonly countsMs: number;
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

/** What counts by the hour could not answer, and why. */
export interface NotCounted {
  readonly spans: readonly Span[];
  /** Null where they do answer, but not for an hour that the window cuts. */
  readonly reason: string | null;
  readonly ofRecords: boolean;
}

export function coverageOf(window: Window, recorded: Recorded, notCounted: NotCounted): Coverage {
  const gaps = [
    ...[...recorded.sources].flatMap(([source, known]) => beginning({ source, known, window, recorded })),
    ...[...recorded.sources].flatMap(([source, known]) => countsOnly({ source, known, notCounted })),
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

function beginning(options: { source: string; known: RecordedSource; window: Window; recorded: Recorded }): Gap[] {
  const { source, known, window, recorded } = options;
  if (known.oldestMs === null) return [{ source, reason: 'nothing has been recorded yet' }];
  const wasDropped = known.oldestMs <= recorded.countsMs;
  if (known.oldestMs >= window.toMs)
    return [
      wasDropped
        ? { source, reason: `what was recorded before ${iso(known.oldestMs)} is no longer kept` }
        : { source, reason: `recording began at ${iso(known.oldestMs)}, after this window` },
    ];
  if (known.oldestMs <= window.fromMs) return [];
  const reason = wasDropped ? 'what was recorded before is no longer kept' : 'recording began then';
  return [{ source, reason, from: iso(window.fromMs), to: iso(known.oldestMs) }];
}

function countsOnly(options: { source: string; known: RecordedSource; notCounted: NotCounted }): Gap[] {
  const { source, known, notCounted } = options;
  const { spans, reason, ofRecords } = notCounted;
  const { oldestMs } = known;
  if (oldestMs === null) return [];
  const why = ofRecords ? '' : `: ${reason ?? 'an hour that the window cuts is left out'}`;
  return spans.flatMap((span) => {
    const fromMs = Math.max(Number(span.from / 1_000_000n), oldestMs);
    const toMs = Number(span.to / 1_000_000n);
    return fromMs < toMs
      ? [{ source, reason: `of this time only counts by the hour are kept${why}`, from: iso(fromMs), to: iso(toMs) }]
      : [];
  });
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

import { useCallback, useState } from 'react';
import type { KeyboardEvent, ReactNode } from 'react';
import { formatSpan } from '../../format/time.ts';
import type { Zone } from '../../format/time.ts';
import { bucketAt } from './plot.ts';
import type { GapSpan, Plot, Span } from './plot.ts';
import { PlotPicture } from './PlotPicture.tsx';
import { placeOf, timeTicks } from './scale.ts';
import { useBrush } from './use-brush.ts';

interface Props {
  /** What the picture shows, for those who do not see it. */
  readonly label: string;
  readonly window: Span;
  readonly buckets: readonly Span[];
  readonly plots: readonly Plot[];
  readonly gaps: readonly GapSpan[];
  readonly zone: Zone;
  readonly hasAxis?: boolean;
  /** The moment under the cursor, shared by the charts of a page. */
  readonly cursorMs: number | null;
  readonly onCursor: (ms: number | null) => void;
  readonly onZoom: (span: Span) => void;
  /** The values of one bucket, in words. */
  readonly describe: (at: number) => string;
}

/** Plots over one time axis: the asked window, not that of the data. */
export function TimeSeries(props: Props): ReactNode {
  const { label, window, buckets, plots, gaps, zone, hasAxis = true, cursorMs, onCursor, onZoom, describe } = props;
  const [area, width] = useWidth();
  const brush = useBrush({ window, onCursor, onZoom });
  const at = cursorMs === null ? null : bucketAt(buckets, cursorMs);
  const bucket = at === null ? undefined : buckets[at];
  const moveTo = (next: number) => {
    const target = buckets[Math.min(buckets.length - 1, Math.max(0, next))];
    if (target) onCursor((target.fromMs + target.toMs) / 2);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = keySteps[event.key];
    if (event.key === 'Escape' && brush.span) {
      event.preventDefault();
      brush.cancel();
    } else if (step !== undefined) {
      event.preventDefault();
      moveTo((at ?? (step < 0 ? buckets.length : -1)) + step);
    } else if (event.key === 'Enter' && bucket) onZoom(bucket);
  };
  return (
    <div
      className="chart"
      role="slider"
      tabIndex={0}
      aria-label={`${label}. Arrow keys read the values, Enter zooms in.`}
      aria-valuemin={0}
      aria-valuemax={Math.max(0, buckets.length - 1)}
      aria-valuenow={at ?? 0}
      aria-valuetext={at === null ? 'no moment chosen' : describe(at)}
      onKeyDown={onKeyDown}
    >
      <div className="plots" ref={area} {...brush.handlers}>
        {bucket && (
          <div className="cursor" style={{ left: `${placeOf((bucket.fromMs + bucket.toMs) / 2, window) * 100}%` }}>
            {hasAxis && <span>{formatSpan(bucket.fromMs, bucket.toMs, zone)}</span>}
          </div>
        )}
        {plots.map((plot) => (
          <PlotPicture key={plot.name ?? plot.kind} {...{ plot, buckets, window, gaps, width }} />
        ))}
        {brush.span && <BrushBox span={brush.span} window={window} zone={zone} />}
        {hasAxis && <Axis window={window} zone={zone} width={width} />}
      </div>
    </div>
  );
}

const keySteps: Readonly<Record<string, number>> = { ArrowLeft: -1, ArrowRight: 1, PageUp: -10, PageDown: 10 };

function BrushBox({
  span,
  window,
  zone,
}: {
  readonly span: Span;
  readonly window: Span;
  readonly zone: Zone;
}): ReactNode {
  const left = placeOf(span.fromMs, window) * 100;
  const right = placeOf(span.toMs, window) * 100;
  return (
    <div className="brush" style={{ left: `${left}%`, width: `${right - left}%` }}>
      <p className={left < 40 ? 'after' : undefined}>
        <b>{formatSpan(span.fromMs, span.toMs, zone)}</b>
        <br />
        Release to zoom · <kbd>Esc</kbd> to stay
      </p>
    </div>
  );
}

function Axis({
  window,
  zone,
  width,
}: {
  readonly window: Span;
  readonly zone: Zone;
  readonly width: number;
}): ReactNode {
  return (
    <ol className="x" aria-hidden="true">
      {timeTicks(window, zone, Math.max(3, Math.min(14, Math.floor(width / 66)))).map(({ ms, label, isDay }) => (
        <li key={ms} className={isDay ? 'day' : undefined} style={{ left: `${placeOf(ms, window) * 100}%` }}>
          {label}
        </li>
      ))}
    </ol>
  );
}

function useWidth(): [(element: HTMLElement | null) => (() => void) | undefined, number] {
  const [width, setWidth] = useState(864);
  const attach = useCallback((element: HTMLElement | null) => {
    if (!element) return undefined;
    const observer = new ResizeObserver(([entry]) => {
      if (entry && entry.contentRect.width > 0) setWidth(Math.round(entry.contentRect.width));
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return [attach, width];
}

import { Fragment } from 'react';
import type { ReactNode } from 'react';
import { across, highest, lineAndArea, stackedBars } from './plot.ts';
import type { GapSpan, Plot, Span } from './plot.ts';
import { niceAxis } from './scale.ts';

interface Props {
  readonly plot: Plot;
  readonly buckets: readonly Span[];
  readonly window: Span;
  readonly gaps: readonly GapSpan[];
  readonly width: number;
}

/** One plot with its axis of values. Silent to screen readers: the time series around it says the values. */
export function PlotPicture({ plot, buckets, window, gaps, width }: Props): ReactNode {
  const { height, series } = plot;
  const { top, ticks } = niceAxis(highest(plot), plot.parts ?? 3);
  const room = { width, height, top, window };
  const lines = ticks.slice(1, -1).map((tick) => Math.round(height - (tick / top) * height) - 0.5);
  return (
    <div className={plot.kind === 'bars' ? 'plot bars' : 'plot'} style={{ height }}>
      <ol className="y" aria-hidden="true">
        {ticks.map((tick) => (
          <li key={tick} style={{ bottom: `${(tick / top) * 100}%` }}>
            {plot.format(tick)}
          </li>
        ))}
      </ol>
      <svg viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" aria-hidden="true">
        <path className="grid" d={lines.map((y) => `M0 ${y}H${width}`).join('')} />
        {plot.kind === 'bars'
          ? stackedBars(buckets, series, room).map(({ mark, fill, edge }) => (
              <Fragment key={mark}>
                <path className={`mass-${mark}`} d={fill} />
                {edge && <path className={`edge-${mark}`} d={edge} />}
              </Fragment>
            ))
          : series.map((one) => {
              const { line, area } = lineAndArea(buckets, one, room);
              return (
                <Fragment key={one.mark}>
                  <path className={`mass-${one.mark}`} d={area} />
                  <path className={`line line-${one.mark}`} d={line} />
                </Fragment>
              );
            })}
        {gaps.map((gap) => {
          const left = across(gap.fromMs, room);
          const wide = Math.max(2, across(gap.toMs, room) - left);
          const look = gap.isPartial && wide > 24 ? 'mass-gap partial' : 'mass-gap';
          return (
            <rect
              key={`${gap.fromMs} ${gap.toMs} ${gap.isPartial}`}
              className={look}
              x={left}
              width={wide}
              height={height}
            />
          );
        })}
        <path className="axis" d={`M0 ${height - 0.5}H${width}`} />
      </svg>
      {plot.name && <p className="plot-name">{plot.name}</p>}
    </div>
  );
}

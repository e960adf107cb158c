import type { FlowStatistics } from '@bartizan/api';
import { useId, useState } from 'react';
import type { ReactNode } from 'react';
import { formatCount, formatRate, formatTick } from '../format/number.ts';
import { useScene } from '../frame/scene-context.ts';
import { Button } from '../ui/Button.tsx';
import { Legend } from '../ui/chart/Legend.tsx';
import { bucketAt } from '../ui/chart/plot.ts';
import { SeriesTable } from '../ui/chart/SeriesTable.tsx';
import { TimeSeries } from '../ui/chart/TimeSeries.tsx';
import { ChartBones } from './ChartBones.tsx';
import { describeFlows, flowSeries } from './flow-series.ts';
import type { ChartTime } from './use-chart-time.ts';

interface Props {
  readonly statistics: FlowStatistics | undefined;
  readonly time: ChartTime;
  readonly heights: { readonly forwarded: number; readonly dropped: number };
  readonly title?: string;
  /** Beside the title: another way to look at it. */
  readonly children?: ReactNode;
}

/** Flow events per second: forwarded, and dropped on a scale of its own. */
export function FlowsChart({
  statistics,
  time,
  heights,
  title = 'Flow events per second',
  children,
}: Props): ReactNode {
  const id = useId();
  const { zone } = useScene();
  const [isTable, setTable] = useState(false);
  if (!statistics) return <ChartBones title={title} height={heights.forwarded + heights.dropped + 36} />;
  const series = flowSeries(statistics);
  const { forwarded, dropped, buckets, gaps } = series;
  const at = time.cursorMs === null ? null : bucketAt(buckets, time.cursorMs);
  const sums = {
    forwarded: statistics.total === null ? null : (statistics.byVerdict['FORWARDED'] ?? 0),
    dropped: statistics.dropped,
  };
  const valueOf = (mark: 'forwarded' | 'dropped', values: readonly (number | null)[]) =>
    at === null ? formatCount(sums[mark]) : `${formatRate(values[at])} /s`;
  return (
    <section aria-labelledby={id} className="chart-block">
      <div className="sec">
        <h2 id={id}>{title}</h2>
        {children}
        <span className="push" />
        <Legend
          items={[
            { mark: 'forwarded', name: 'Forwarded', value: valueOf('forwarded', forwarded.values) },
            { mark: 'dropped', name: 'Dropped', value: valueOf('dropped', dropped.values) },
            ...(gaps.length > 0 ? [{ mark: 'gap', name: 'Gap', value: '' } as const] : []),
          ]}
        />
        <Button
          label={isTable ? 'Show as a picture' : 'Show as a table'}
          icon="list"
          iconOnly
          small
          kind="ghost"
          pressed={isTable}
          onPress={() => setTable(!isTable)}
        />
      </div>
      {isTable ? (
        <SeriesTable
          label={`${title}, as a table`}
          buckets={buckets}
          series={[forwarded, dropped]}
          format={formatRate}
          zone={zone}
        />
      ) : (
        <TimeSeries
          label={title}
          {...series}
          {...time}
          zone={zone}
          describe={(index) => describeFlows(series, index)}
          plots={[
            { kind: 'lines', height: heights.forwarded, series: [forwarded], format: formatTick, name: 'Forwarded' },
            {
              kind: 'lines',
              height: heights.dropped,
              series: [dropped],
              format: formatTick,
              name: 'Dropped',
              parts: 2,
            },
          ]}
        />
      )}
    </section>
  );
}

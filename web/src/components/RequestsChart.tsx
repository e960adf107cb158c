import type { WafStatistics } from '@bartizan/api';
import { useId, useState } from 'react';
import type { ReactNode } from 'react';
import { formatCount, formatTick } from '../format/number.ts';
import { intervalWords } from '../format/time.ts';
import { useScene } from '../frame/scene-context.ts';
import { Button } from '../ui/Button.tsx';
import { Legend } from '../ui/chart/Legend.tsx';
import { bucketAt } from '../ui/chart/plot.ts';
import { SeriesTable } from '../ui/chart/SeriesTable.tsx';
import { TimeSeries } from '../ui/chart/TimeSeries.tsx';
import { ChartBones } from './ChartBones.tsx';
import { describeRequests, difference, requestSeries } from './request-series.ts';
import type { ChartTime } from './use-chart-time.ts';

interface Props {
  /** Undefined while it is on its way. */
  readonly statistics: WafStatistics | undefined;
  readonly time: ChartTime;
  readonly heights: { readonly counts: number; readonly shares: number };
  readonly hasAxis?: boolean;
}

/** Requests per interval, stacked, with the anomalous share in a strip of its own. */
export function RequestsChart({ statistics, time, heights, hasAxis = true }: Props): ReactNode {
  const id = useId();
  const { zone } = useScene();
  const [isTable, setTable] = useState(false);
  if (!statistics) return <ChartBones title="Requests" height={heights.counts + heights.shares + 18} />;
  const series = requestSeries(statistics);
  const at = time.cursorMs === null ? null : bucketAt(series.buckets, time.cursorMs);
  const { total, anomalous, detected, blocked } = statistics;
  const sums = { blocked, detected, nominal: difference(total, anomalous) };
  const title = `Requests per ${intervalWords(statistics.interval)}`;
  const legend = series.counts.toReversed().map(({ name, mark, values }) => ({
    name,
    mark,
    value: formatCount(at === null ? sums[mark as keyof typeof sums] : values[at]),
  }));
  return (
    <section aria-labelledby={id} className="chart-block">
      <div className="sec">
        <h2 id={id}>{title}</h2>
        {series.isCut && <span className="sub">first and last interval partial</span>}
        <span className="push" />
        <Legend items={series.gaps.length > 0 ? [...legend, { mark: 'gap', name: 'Gap', value: '' }] : legend} />
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
          buckets={series.buckets}
          series={series.counts.toReversed()}
          format={formatCount}
          zone={zone}
        />
      ) : (
        <TimeSeries
          label={title}
          {...series}
          {...time}
          zone={zone}
          hasAxis={hasAxis}
          describe={(index) => describeRequests(series, index)}
          plots={[
            { kind: 'bars', height: heights.counts, series: series.counts, format: formatTick },
            {
              kind: 'bars',
              name: 'Anomalous share',
              height: heights.shares,
              series: series.shares,
              format: (share) => `${Number((share * 100).toPrecision(3))} %`,
              parts: 2,
            },
          ]}
        />
      )}
    </section>
  );
}

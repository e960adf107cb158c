import type { ReactNode } from 'react';
import { formatMoment } from '../../format/time.ts';
import type { Zone } from '../../format/time.ts';
import { ScrollRegion } from '../ScrollRegion.tsx';
import type { Series, Span } from './plot.ts';

interface Props {
  readonly label: string;
  readonly buckets: readonly Span[];
  readonly series: readonly Series[];
  readonly format: (value: number | null) => string;
  readonly zone: Zone;
}

/** The same as the picture, in numbers. */
export function SeriesTable({ label, buckets, series, format, zone }: Props): ReactNode {
  return (
    <ScrollRegion className="series-table" label={label}>
      <table className="tbl">
        <caption className="sr">{label}</caption>
        <thead>
          <tr>
            <th scope="col">From</th>
            {series.map(({ name }) => (
              <th key={name} scope="col" className="num">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {buckets.map((bucket, at) => (
            <tr key={bucket.fromMs}>
              <td>{formatMoment(bucket.fromMs, zone)}</td>
              {series.map(({ name, values }) => (
                <td key={name} className="num">
                  {format(values[at] ?? null)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollRegion>
  );
}

import type { ReactNode } from 'react';

const heights = Array.from({ length: 48 }, (_, at) => 55 + 30 * Math.sin(at / 7) + 8 * Math.sin(at * 1.7));

/** The place of a chart that is on its way. */
export function ChartBones({ title, height }: { readonly title: string; readonly height: number }): ReactNode {
  return (
    <section className="chart-block" aria-busy="true">
      <div className="sec">
        <h2>{title}</h2>
      </div>
      <div className="chart">
        <svg
          className="chart-bones"
          style={{ height }}
          viewBox="0 0 480 100"
          preserveAspectRatio="none"
          aria-hidden="true"
        >
          {heights.map((tall, at) => (
            <rect key={at} x={at * 10} y={100 - tall} width={8} height={tall} />
          ))}
        </svg>
        <span className="sr">Loading</span>
      </div>
    </section>
  );
}

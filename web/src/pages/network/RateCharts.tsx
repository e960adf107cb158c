import type { FlowStatistics } from '@bartizan/api';
import type { ReactNode } from 'react';
import { ageClass } from '../../components/FailedNote.tsx';
import { FlowsChart } from '../../components/FlowsChart.tsx';
import { useChartTime } from '../../components/use-chart-time.ts';
import { withTerm } from '../../filter/filter-terms.ts';
import { usePageSearch, useSearchChange } from '../../frame/scene-context.ts';
import type { Scene } from '../../queries/scene.ts';
import { useObserved } from '../../queries/use-observed.ts';
import type { NetworkSearch } from '../../search.ts';
import { Segments } from '../../ui/Segments.tsx';

interface Props {
  readonly scene: Scene;
  readonly statistics: FlowStatistics | undefined;
  readonly filter: string;
}

const together = { forwarded: 170, dropped: 92 };
const apart = { forwarded: 84, dropped: 48 };

/** Forwarded and dropped per second: all of it, or what goes to the environment and what comes from it by itself. */
export function RateCharts({ scene, statistics, filter }: Props): ReactNode {
  const { chart } = usePageSearch<NetworkSearch>();
  const change = useSearchChange<NetworkSearch>();
  const time = useChartTime();
  const isApart = chart === 'apart';
  const asked = (place: string) => ({ filter: withTerm(filter, `place:${place}`) });
  const inbound = useObserved('flowStatistics', scene, asked('ingress'), { enabled: isApart });
  const outbound = useObserved('flowStatistics', scene, asked('egress'), { enabled: isApart });
  const choice = (
    <Segments
      label="Directions"
      value={chart ?? 'together'}
      onChange={(next) => change({ chart: next === 'apart' ? 'apart' : undefined })}
      options={[
        { value: 'together', label: 'Together' },
        { value: 'apart', label: 'In and out apart' },
      ]}
    />
  );
  const note = statistics?.source.note;
  if (!isApart)
    return (
      <>
        <FlowsChart statistics={statistics} time={time} heights={together}>
          {choice}
        </FlowsChart>
        {note && <p className="small quiet chart-note">{note}</p>}
      </>
    );
  return (
    <>
      <div className={ageClass(inbound)}>
        <FlowsChart title="Inbound per second" statistics={inbound.data} time={time} heights={apart}>
          {choice}
        </FlowsChart>
      </div>
      <div className={ageClass(outbound)}>
        <FlowsChart title="Outbound per second" statistics={outbound.data} time={time} heights={apart} />
      </div>
      <p className="small quiet chart-note">
        Inbound goes to this environment, outbound comes from it; what stays inside is in both, as in the figures above.
      </p>
    </>
  );
}

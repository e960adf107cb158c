import type { ReactNode } from 'react';
import { ageClass, FailedNote } from '../../components/FailedNote.tsx';
import { FlowsChart } from '../../components/FlowsChart.tsx';
import { PageHead } from '../../components/PageHead.tsx';
import { RequestsChart } from '../../components/RequestsChart.tsx';
import { SourceFault, useHasFault } from '../../components/SourceFault.tsx';
import { useChartTime } from '../../components/use-chart-time.ts';
import { useScene } from '../../frame/scene-context.ts';
import { useObserved } from '../../queries/use-observed.ts';
import { usePolicies } from '../../queries/use-policies.ts';
import { NamespaceTable } from './NamespaceTable.tsx';
import { OverviewFigures } from './OverviewFigures.tsx';
import { WhatChanged } from './WhatChanged.tsx';

export function OverviewPage(): ReactNode {
  const scene = useScene();
  const waf = useObserved('wafStatistics', scene, {});
  const flows = useObserved('flowStatistics', scene, {});
  const policies = usePolicies(scene);
  const time = useChartTime();
  const [wafFault, flowFault] = [useHasFault('waf'), useHasFault('flows')];
  return (
    <>
      <PageHead
        title="Overview"
        coverages={[
          { name: 'Requests', coverage: waf.data?.coverage },
          { name: 'Flow events', coverage: flows.data?.coverage },
          { name: 'Policies', coverage: policies.data?.coverage },
        ]}
      />
      <FailedNote what="Requests" questions={[waf]} />
      <FailedNote what="Flow events" questions={[flows]} />
      <FailedNote what="Policies" questions={[policies]} />
      <OverviewFigures waf={waf} flows={flows} policies={policies} />
      <div className="ruled">
        <div className="span-3">
          <div className={ageClass(waf)}>
            {wafFault && !waf.data?.total ? (
              <FaultPlace title="Requests" signal="waf" />
            ) : (
              <RequestsChart statistics={waf.data} time={time} heights={{ counts: 150, shares: 48 }} hasAxis={false} />
            )}
          </div>
          <div className={ageClass(flows)}>
            {flowFault && !flows.data?.total ? (
              <FaultPlace title="Flow events per second" signal="flows" />
            ) : (
              <FlowsChart statistics={flows.data} time={time} heights={{ forwarded: 104, dropped: 56 }} />
            )}
          </div>
        </div>
        <WhatChanged policies={policies.data?.items} />
      </div>
      <NamespaceTable policies={policies.data?.items} />
    </>
  );
}

function FaultPlace({ title, signal }: { readonly title: string; readonly signal: 'waf' | 'flows' }): ReactNode {
  return (
    <section className="chart-block">
      <div className="sec">
        <h2>{title}</h2>
      </div>
      <SourceFault signal={signal} />
    </section>
  );
}

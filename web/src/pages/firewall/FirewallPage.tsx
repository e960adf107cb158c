import { transactionFields } from '@bartizan/api';
import { Outlet } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { ageClass, FailedNote } from '../../components/FailedNote.tsx';
import { FilterBar } from '../../components/FilterBar.tsx';
import { PageHead } from '../../components/PageHead.tsx';
import { RequestsChart } from '../../components/RequestsChart.tsx';
import { SourceFault, useHasFault } from '../../components/SourceFault.tsx';
import { useChartTime } from '../../components/use-chart-time.ts';
import { filterError } from '../../filter/filter-terms.ts';
import { usePageSearch, useScene, useSearchChange } from '../../frame/scene-context.ts';
import { useObserved } from '../../queries/use-observed.ts';
import type { FirewallSearch } from '../../search.ts';
import { Segments } from '../../ui/Segments.tsx';
import { FirewallFigures } from './FirewallFigures.tsx';
import { FirewallViews } from './FirewallViews.tsx';
import { FirewallLists, SideLists } from './FirewallLists.tsx';
import { scopeOptions } from './scope.ts';
import { TransactionTable } from './TransactionTable.tsx';

export function FirewallPage(): ReactNode {
  const scene = useScene();
  const { filter = '', show = 'anomalous' } = usePageSearch<FirewallSearch>();
  const change = useSearchChange<FirewallSearch>();
  const isReadable = filterError(filter, transactionFields) === null;
  const statistics = useObserved('wafStatistics', scene, { filter }, { enabled: isReadable });
  const time = useChartTime();
  const hasFault = useHasFault('waf');
  return (
    <>
      <PageHead
        title="Firewall"
        views={<FirewallViews />}
        coverages={[{ name: 'Requests', coverage: statistics.data?.coverage }]}
      />
      <FailedNote what="Requests" questions={[statistics]} />
      {hasFault && (
        <div className="pad">
          <SourceFault signal="waf" />
        </div>
      )}
      <FilterBar
        fields={transactionFields}
        filter={filter}
        onChange={(next) => change({ filter: next })}
        example="path:~login score:>=5"
      >
        <span className="small quiet">Lists and records show</span>
        <Segments
          label="Lists and records show"
          options={scopeOptions}
          value={show}
          onChange={(next) => change({ show: next === 'anomalous' ? undefined : next })}
        />
      </FilterBar>
      {isReadable && (
        <>
          <FirewallFigures
            statistics={statistics.data}
            hasFailed={statistics.isError}
            className={ageClass(statistics)}
          />
          <div className="ruled">
            <div className={`span-3 ${ageClass(statistics)}`}>
              <RequestsChart statistics={statistics.data} time={time} heights={{ counts: 205, shares: 64 }} />
            </div>
            <SideLists scene={scene} statistics={statistics.data} filter={filter} scope={show} />
          </div>
          <FirewallLists scene={scene} statistics={statistics.data} filter={filter} scope={show} />
          <TransactionTable statistics={statistics.data} filter={filter} scope={show} />
        </>
      )}
      <Outlet />
    </>
  );
}

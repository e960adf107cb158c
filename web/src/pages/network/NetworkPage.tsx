import { flowFields } from '@bartizan/api';
import { Outlet, useLocation } from '@tanstack/react-router';
import { useState } from 'react';
import type { ReactNode } from 'react';
import { ageClass, FailedNote } from '../../components/FailedNote.tsx';
import { FilterBar } from '../../components/FilterBar.tsx';
import { PageHead } from '../../components/PageHead.tsx';
import { SourceFault, useHasFault } from '../../components/SourceFault.tsx';
import { filterError } from '../../filter/filter-terms.ts';
import { usePageSearch, useScene, useSearchChange } from '../../frame/scene-context.ts';
import { networkViewOf } from '../../paths.ts';
import { useObserved } from '../../queries/use-observed.ts';
import type { NetworkSearch } from '../../search.ts';
import { FirstSeenLists } from './FirstSeenLists.tsx';
import { FlowTable } from './FlowTable.tsx';
import { NetworkFigures } from './NetworkFigures.tsx';
import { DropLists, PairLists } from './NetworkLists.tsx';
import { NetworkViews } from './NetworkViews.tsx';
import { RateCharts } from './RateCharts.tsx';
import { useValues } from './use-values.ts';

/** Figures, chart and lists of the flows of a window with their records; or, as `/network/flows`, the records alone. */
export function NetworkPage(): ReactNode {
  const scene = useScene();
  const { filter = '' } = usePageSearch<NetworkSearch>();
  const change = useSearchChange<NetworkSearch>();
  const { pathname } = useLocation();
  const isReadable = filterError(filter, flowFields) === null;
  const statistics = useObserved('flowStatistics', scene, { filter }, { enabled: isReadable });
  const hasFault = useHasFault('flows');
  const [typedField, setTypedField] = useState<string | null>(null);
  const values = useValues(scene, { field: typedField, filter });
  const lists = { scene, statistics: statistics.data, filter };
  return (
    <>
      <PageHead
        title="Network"
        views={<NetworkViews />}
        coverages={[{ name: 'Flow events', coverage: statistics.data?.coverage }]}
      />
      <FailedNote what="Flow events" questions={[statistics]} />
      {hasFault && (
        <div className="pad">
          <SourceFault signal="flows" />
        </div>
      )}
      <FilterBar
        fields={flowFields}
        filter={filter}
        onChange={(next) => change({ filter: next })}
        example="port:8443 -verdict:FORWARDED"
        values={values}
        onField={setTypedField}
      />
      {isReadable && networkViewOf(pathname) === 'statistics' && (
        <>
          <NetworkFigures
            statistics={statistics.data}
            hasFailed={statistics.isError}
            className={ageClass(statistics)}
          />
          <div className="ruled">
            <div className={`span-3 ${ageClass(statistics)}`}>
              <RateCharts {...lists} />
            </div>
            <DropLists {...lists} />
          </div>
          <PairLists {...lists} />
          <FirstSeenLists scene={scene} />
        </>
      )}
      {isReadable && <FlowTable statistics={statistics.data} filter={filter} />}
      <Outlet />
    </>
  );
}

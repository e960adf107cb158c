import { flowFields } from '@bartizan/api';
import type { ReactNode } from 'react';
import { FailedNote } from '../../components/FailedNote.tsx';
import { FilterBar } from '../../components/FilterBar.tsx';
import { PageHead } from '../../components/PageHead.tsx';
import { SourceFault, useHasFault } from '../../components/SourceFault.tsx';
import { filterError } from '../../filter/filter-terms.ts';
import { usePageSearch, useScene, useSearchChange } from '../../frame/scene-context.ts';
import { useObserved } from '../../queries/use-observed.ts';
import type { NetworkSearch } from '../../search.ts';
import { FlowTable } from './FlowTable.tsx';
import { NetworkViews } from './NetworkViews.tsx';

/** The records alone, for reading. */
export function FlowsPage(): ReactNode {
  const scene = useScene();
  const { filter = '' } = usePageSearch<NetworkSearch>();
  const change = useSearchChange<NetworkSearch>();
  const isReadable = filterError(filter, flowFields) === null;
  const statistics = useObserved('flowStatistics', scene, { filter }, { enabled: isReadable });
  const hasFault = useHasFault('flows');
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
      />
      {isReadable && <FlowTable statistics={statistics.data} filter={filter} />}
    </>
  );
}

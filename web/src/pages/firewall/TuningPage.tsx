import { transactionFields } from '@bartizan/api';
import type { ReactNode } from 'react';
import { ageClass, FailedNote } from '../../components/FailedNote.tsx';
import { FilterBar } from '../../components/FilterBar.tsx';
import { PageHead } from '../../components/PageHead.tsx';
import { SourceFault, useHasFault } from '../../components/SourceFault.tsx';
import { filterError } from '../../filter/filter-terms.ts';
import { usePageSearch, useScene, useSearchChange } from '../../frame/scene-context.ts';
import { useObserved } from '../../queries/use-observed.ts';
import type { TuningSearch } from '../../search.ts';
import { ChosenExclusions } from './ChosenExclusions.tsx';
import { FirewallViews } from './FirewallViews.tsx';
import { readKeys, toggleKey } from './replay-words.ts';
import { TuningGroups } from './TuningGroups.tsx';

/** What the firewall stops that may be ordinary traffic, the narrowest exclusions, and what they would let through. */
export function TuningPage(): ReactNode {
  const scene = useScene();
  const { filter = '', exclude } = usePageSearch<TuningSearch>();
  const change = useSearchChange<TuningSearch>();
  const isReadable = filterError(filter, transactionFields) === null;
  const keys = readKeys(exclude);
  // Thousands of records are read for it: only when it is asked for.
  const asked = { ...scene, refreshMs: false } as const;
  const tuning = useObserved('wafTuning', asked, { filter, exclude: keys.join(',') }, { enabled: isReadable });
  const hasFault = useHasFault('waf');
  return (
    <>
      <PageHead
        title="Firewall"
        views={<FirewallViews />}
        coverages={[{ name: 'Requests', coverage: tuning.data?.coverage }]}
      />
      <FailedNote what="Tuning" questions={[tuning]} />
      {hasFault && (
        <div className="pad">
          <SourceFault signal="waf" />
        </div>
      )}
      <FilterBar
        fields={transactionFields}
        filter={filter}
        onChange={(next) => change({ filter: next, exclude: undefined })}
        example="rule:942100 path:~notes"
        hint="Type a rule, a path or a client to see what of it matched"
      />
      {keys.length > 0 && tuning.data && (
        <ChosenExclusions
          chosen={tuning.data.chosen}
          onClear={() => change({ exclude: undefined })}
          className={ageClass(tuning)}
        />
      )}
      {isReadable && (
        <TuningGroups
          tuning={tuning.data}
          hasFailed={tuning.isError}
          chosen={keys}
          onChoose={(key) => change({ exclude: toggleKey(exclude, key) })}
          onClear={() => change({ filter: undefined })}
          isFiltered={filter !== ''}
        />
      )}
    </>
  );
}

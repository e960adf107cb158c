import { flowFields, printFilter } from '@bartizan/api';
import type { FlowStatistics, QueryInput } from '@bartizan/api';
import type { ReactNode } from 'react';
import { RankedList } from '../../components/RankedList.tsx';
import type { RankedRow } from '../../components/RankedList.tsx';
import { keptValues, pickValue, termsOf, withTerm } from '../../filter/filter-terms.ts';
import { useSearchChange } from '../../frame/scene-context.ts';
import type { Scene } from '../../queries/scene.ts';
import { useObserved } from '../../queries/use-observed.ts';
import type { NetworkSearch } from '../../search.ts';
import { Pair } from './Pair.tsx';
import { reasonWords } from './reasons.ts';

interface Props {
  readonly scene: Scene;
  readonly statistics: FlowStatistics | undefined;
  readonly filter: string;
}

/** Why and on which port: beside the chart. */
export function DropLists(props: Props): ReactNode {
  return (
    <div className="stack">
      <Ranked
        {...props}
        by="reason"
        title="Why dropped"
        of="dropped"
        most={4}
        show={({ value }) => <span>{reasonWords(value)}</span>}
      />
      <Ranked {...props} by="port" title="Port of dropped" of="dropped" most={6} isCode />
    </div>
  );
}

/** Who was dropped, and what is spoken with outside: under it. */
export function PairLists(props: Props): ReactNode {
  return (
    <div className="ruled">
      <div className="span-2">
        <Ranked {...props} by="pair" title="Dropped pairs" of="dropped" show={({ value }) => <Pair value={value} />} />
      </div>
      <div className="span-2">
        <Ranked {...props} by="name" title="Names outside the cluster" of="all" isCode />
        <p className="small quiet feed-foot">Names are what the pods asked the DNS for. Alt-click leaves one out.</p>
      </div>
    </div>
  );
}

interface RankedProps extends Props {
  readonly by: QueryInput<'flowBreakdown'>['by'] & keyof typeof flowFields;
  readonly title: string;
  readonly of: 'dropped' | 'all';
  readonly most?: number;
  readonly isCode?: boolean;
  readonly show?: (row: RankedRow) => ReactNode;
}

function Ranked({ scene, statistics, filter, by, title, of, most = 8, isCode = false, show }: RankedProps): ReactNode {
  const change = useSearchChange<NetworkSearch>();
  const asked = of === 'dropped' ? withTerm(filter, 'verdict:DROPPED') : filter;
  const list = useObserved('flowBreakdown', scene, { by, filter: asked, limit: most + 1 });
  return (
    <RankedList
      title={title}
      unit="Events"
      rows={list.data?.items.filter(({ value }) => value !== '').map(({ value, count }) => ({ value, count }))}
      whole={of === 'dropped' ? statistics?.dropped : statistics?.total}
      mark={of === 'dropped' ? 'dropped' : 'forwarded'}
      most={most}
      kept={keptValues(termsOf(filter, flowFields), by)}
      onPick={(value, how) =>
        change({ filter: printFilter(pickValue(termsOf(filter, flowFields), { field: by, value, how })) || undefined })
      }
      isCode={isCode}
      empty={of === 'dropped' ? 'Nothing was dropped in this window.' : 'None seen in this window.'}
      {...(show === undefined ? {} : { show })}
    />
  );
}

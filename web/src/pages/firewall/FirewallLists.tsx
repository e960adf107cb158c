import { printFilter, transactionFields } from '@bartizan/api';
import type { QueryInput, WafStatistics } from '@bartizan/api';
import type { ReactNode } from 'react';
import { RankedList } from '../../components/RankedList.tsx';
import { keptValues, pickValue, termsOf } from '../../filter/filter-terms.ts';
import { useSearchChange } from '../../frame/scene-context.ts';
import type { Scene } from '../../queries/scene.ts';
import { useObserved } from '../../queries/use-observed.ts';
import type { FirewallSearch, Scope } from '../../search.ts';
import { scopedFilter, scopeMark, scopeTotal } from './scope.ts';

interface Props {
  readonly scene: Scene;
  readonly statistics: WafStatistics | undefined;
  readonly filter: string;
  readonly scope: Scope;
}

type Dimension = QueryInput<'wafBreakdown'>['by'];

/** Category and status, beside the chart. */
export function SideLists(props: Props): ReactNode {
  return (
    <div className="stack">
      <Ranked {...props} by="category" title="Category" most={6} />
      <Ranked {...props} by="status" title="Status" most={3} others="Other statuses" isCode />
    </div>
  );
}

/** Rule, client, path, host and method, under it. */
export function FirewallLists(props: Props): ReactNode {
  return (
    <div className="ruled">
      <Ranked {...props} by="rule" title="Rule" isCode />
      <Ranked {...props} by="client" title="Client" most={7} others="Other clients" isCode />
      <Ranked {...props} by="path" title="Path" most={7} others="Other paths" isCode />
      <div className="stack">
        <Ranked {...props} by="host" title="Host" most={4} others="Other hosts" isCode />
        <Ranked {...props} by="method" title="Method" most={2} others="Other methods" isCode />
      </div>
    </div>
  );
}

interface RankedProps extends Props {
  readonly by: Dimension;
  readonly title: string;
  readonly most?: number;
  readonly others?: string;
  readonly isCode?: boolean;
}

function Ranked({
  scene,
  statistics,
  filter,
  scope,
  by,
  title,
  most = 8,
  others,
  isCode = false,
}: RankedProps): ReactNode {
  const change = useSearchChange<FirewallSearch>();
  const list = useObserved('wafBreakdown', scene, { by, filter: scopedFilter(filter, scope), limit: most + 1 });
  const terms = termsOf(filter, transactionFields);
  return (
    <RankedList
      title={title}
      unit="Requests"
      rows={list.data?.items.map(({ value, label, count, anomalous }) => ({
        value,
        label,
        count: scope === 'anomalous' ? anomalous : count,
      }))}
      whole={statistics && scopeTotal(statistics, scope)}
      mark={scopeMark(scope)}
      most={most}
      kept={keptValues(terms, by)}
      onPick={(value, how) => change({ filter: printFilter(pickValue(terms, { field: by, value, how })) || undefined })}
      isCode={isCode}
      empty={scope === 'all' ? 'No request in this window.' : 'No such request in this window.'}
      {...(others === undefined ? {} : { others })}
    />
  );
}

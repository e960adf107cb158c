import type { Policy, PolicyState } from '@bartizan/api';
import { useMemo } from 'react';
import type { ReactNode } from 'react';
import { stateLabel } from '../../components/policy-signs.tsx';
import { useScene, useSearchChange } from '../../frame/scene-context.ts';
import { useDeletedPolicies } from '../../queries/use-deleted-policies.ts';
import type { PoliciesSearch } from '../../search.ts';
import { Button } from '../../ui/Button.tsx';
import { SearchField } from '../../ui/SearchField.tsx';
import { Segments } from '../../ui/Segments.tsx';
import { Select } from '../../ui/Select.tsx';
import { countByState, kindLabel } from './policy-rows.ts';

const states: readonly PolicyState[] = ['enforced', 'disabled', 'not-applied', 'predefined'];
const kinds = ['NetworkPolicy', 'CiliumNetworkPolicy', 'CiliumClusterwideNetworkPolicy'] as const;

export function PolicyFilters({
  policies,
  search,
}: {
  /** Null while they are not all there: then nothing is counted. */
  readonly policies: readonly Policy[] | null;
  readonly search: PoliciesSearch;
}): ReactNode {
  const change = useSearchChange<PoliciesSearch>();
  const { data: deleted } = useDeletedPolicies(useScene());
  const { counts, withProblems, namespaces } = useMemo(() => summarize(policies), [policies]);
  const counted = (label: string, count: number | undefined) => (count === undefined ? label : `${label} ${count}`);
  return (
    <div className="filters" role="group" aria-label="Filters">
      <SearchField
        label="Name, label or text"
        text={search.q ?? ''}
        onChange={(q) => change({ q: q || undefined }, { replace: true })}
      />
      <Segments
        label="Status"
        value={search.state ?? 'all'}
        onChange={(state) => change({ state: state === 'all' ? undefined : state })}
        options={[
          { value: 'all' as const, label: counted('All', policies?.length) },
          ...states.map((state) => ({ value: state, label: counted(stateLabel(state), counts?.[state]) })),
          { value: 'deleted' as const, label: counted('Deleted', deleted?.length) },
        ]}
      />
      <Button
        label={counted('With problems', withProblems)}
        icon="warn"
        small
        pressed={search.problems === 'yes'}
        onPress={() => change({ problems: search.problems ? undefined : 'yes' })}
      />
      <Select
        label="Namespace"
        value={search.namespace ?? ''}
        onChange={(namespace) => change({ namespace: namespace || undefined })}
        options={[
          { value: '', label: 'all' },
          ...namespaces.map((name) => ({ value: name, label: name === '-' ? 'cluster-wide' : name })),
        ]}
      />
      <Select
        label="Kind"
        value={search.kind ?? ''}
        onChange={(chosen) => change({ kind: kinds.find((kind) => kind === chosen) })}
        options={[{ value: '', label: 'all' }, ...kinds.map((kind) => ({ value: kind, label: kindLabel(kind) }))]}
      />
    </div>
  );
}

function summarize(policies: readonly Policy[] | null) {
  if (!policies) return { namespaces: [] };
  return {
    counts: countByState(policies),
    withProblems: policies.filter(({ problems }) => problems.length > 0).length,
    namespaces: [...new Set(policies.map(({ namespace }) => namespace || '-'))].toSorted(),
  };
}

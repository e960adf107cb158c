import type { Policy } from '@bartizan/api';
import { Outlet, useParams } from '@tanstack/react-router';
import { memo, useMemo, useState } from 'react';
import type { ReactNode } from 'react';
import { Link, useOpen } from '../../components/Link.tsx';
import { ageClass, FailedNote } from '../../components/FailedNote.tsx';
import { PageHead } from '../../components/PageHead.tsx';
import { SourceFault, useHasFault } from '../../components/SourceFault.tsx';
import { plural } from '../../format/number.ts';
import { usePageSearch, useScene, useSearchChange } from '../../frame/scene-context.ts';
import { carried, paths } from '../../paths.ts';
import { useLivePolicies } from '../../queries/use-live-policies.ts';
import { useFirstPolicies, usePolicies } from '../../queries/use-policies.ts';
import type { PoliciesSearch, PolicySort } from '../../search.ts';
import { Blank } from '../../ui/Blank.tsx';
import { Button } from '../../ui/Button.tsx';
import { Icon } from '../../ui/Icon.tsx';
import { TableBones } from '../../ui/TableBones.tsx';
import { VirtualTable } from '../../ui/VirtualTable.tsx';
import { DeletedTable } from './DeletedTable.tsx';
import { policyColumns } from './policy-columns.tsx';
import { countByState, createPolicyFilter, policyKey, sortPolicies } from './policy-rows.ts';
import { PolicyFilters } from './PolicyFilters.tsx';

const noFilter = { q: undefined, state: undefined, kind: undefined, namespace: undefined, problems: undefined };

export function PoliciesPage(): ReactNode {
  const scene = useScene();
  const search = usePageSearch<PoliciesSearch>();
  const policies = usePolicies(scene);
  const first = useFirstPolicies(scene, policies.data === undefined);
  useLivePolicies(scene.env);
  const hasFault = useHasFault('policies');
  return (
    <>
      <PageHead
        title="Policies"
        coverages={[{ name: 'Policies', coverage: policies.data?.coverage }]}
        actions={
          <Link className="btn primary" href={paths.newPolicy(carried(search))}>
            <Icon name="plus" />
            <span>New policy</span>
          </Link>
        }
      />
      <FailedNote what="Policies" questions={[policies]} />
      <PolicyFilters policies={policies.data?.items ?? null} search={search} />
      {hasFault && (
        <div className="pad">
          <SourceFault signal="policies" />
        </div>
      )}
      {search.state === 'deleted' ? (
        <DeletedTable search={search} />
      ) : (
        <div className={ageClass(policies)}>
          {policies.data && <Table policies={policies.data.items} search={search} />}
          {!policies.data && !policies.isError && <Early first={first} search={search} />}
        </div>
      )}
      <Outlet />
    </>
  );
}

/** Until all policies are there: the first of them by name, where there are so many that it takes a while. */
function Early({
  first,
  search,
}: {
  readonly first: readonly Policy[] | null;
  readonly search: PoliciesSearch;
}): ReactNode {
  const open = useOpen();
  const columns = policyColumns(search).map((column) => ({ ...column, canSort: false }));
  const rows = first && createPolicyFilter()(first, search);
  if (!rows || rows.length === 0) return <TableBones columns={columns.map(({ label }) => label)} />;
  return (
    <>
      <VirtualTable
        label="The first policies"
        className="pols"
        columns={columns}
        rows={rows}
        keyOf={policyKey}
        onOpen={(policy) => open(paths.policy(policy, search), { keepsScroll: true })}
      />
      <p className="tbl-foot" role="status">
        The first by name; the others are being read, then they are sorted and counted.
      </p>
    </>
  );
}

/** Drawn anew only where the policies or the question changed. */
const Table = memo(function Table({
  policies,
  search,
}: {
  readonly policies: readonly Policy[];
  readonly search: PoliciesSearch;
}): ReactNode {
  const change = useSearchChange<PoliciesSearch>();
  const open = useOpen();
  const params = useParams({ strict: false });
  const [filter] = useState(createPolicyFilter);
  const sorted = useMemo(() => sortPolicies(policies, search.sort), [policies, search.sort]);
  const rows = useMemo(() => filter(sorted, search), [filter, sorted, search]);
  const { sort = 'problems' } = search;
  const key = sort.replace(/^-/, '') as PolicySort;
  if (policies.length === 0)
    return (
      <Blank title="There is no network policy here." icon="policies" tone="notice">
        <p>Every pod accepts any connection and may connect anywhere.</p>
      </Blank>
    );
  if (rows.length === 0)
    return (
      <Blank
        title="No policy matches."
        icon="search"
        tone="quiet"
        actions={<Button label="Clear the filter" icon="x" small onPress={() => change(noFilter)} />}
      >
        <p>{plural(policies.length, 'policy', 'policies')} without the filter.</p>
      </Blank>
    );
  const { predefined } = countByState(rows);
  return (
    <>
      <VirtualTable
        label="Policies"
        className="pols"
        columns={policyColumns(search)}
        rows={rows}
        keyOf={policyKey}
        selectedKey={params.name ? `${params.namespace}/${params.kind}/${params.name}` : undefined}
        onOpen={(policy) => open(paths.policy(policy, search), { keepsScroll: true })}
        rowClass={({ state }) => (state === 'disabled' || state === 'predefined' ? 'off' : undefined)}
        sort={{ key, direction: sort.startsWith('-') ? 'descending' : 'ascending' }}
        onSort={(next) =>
          change({ sort: sort === next ? `-${next as PolicySort}` : (next as PolicySort) }, { replace: true })
        }
      />
      <p className="tbl-foot">
        {rows.length} of {policies.length}: {rows.length - predefined} deployed
        {predefined > 0 && `, ${predefined} predefined and not deployed`}.
      </p>
    </>
  );
});

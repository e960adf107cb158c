import type { Policy } from '@bartizan/api';
import { Outlet, useParams } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Link, useOpen } from '../../components/Link.tsx';
import { ageClass, FailedNote } from '../../components/FailedNote.tsx';
import { PageHead } from '../../components/PageHead.tsx';
import { SourceFault, useHasFault } from '../../components/SourceFault.tsx';
import { plural } from '../../format/number.ts';
import { usePageSearch, useScene, useSearchChange } from '../../frame/scene-context.ts';
import { carried, paths } from '../../paths.ts';
import { useLivePolicies } from '../../queries/use-live-policies.ts';
import { usePolicies } from '../../queries/use-policies.ts';
import type { PoliciesSearch, PolicySort } from '../../search.ts';
import { Blank } from '../../ui/Blank.tsx';
import { Button } from '../../ui/Button.tsx';
import { Icon } from '../../ui/Icon.tsx';
import { TableBones } from '../../ui/TableBones.tsx';
import { VirtualTable } from '../../ui/VirtualTable.tsx';
import { DeletedTable } from './DeletedTable.tsx';
import { policyColumns } from './policy-columns.tsx';
import { countByState, policyKey, policyRows } from './policy-rows.ts';
import { PolicyFilters } from './PolicyFilters.tsx';

const noFilter = { q: undefined, state: undefined, kind: undefined, namespace: undefined, problems: undefined };

export function PoliciesPage(): ReactNode {
  const scene = useScene();
  const search = usePageSearch<PoliciesSearch>();
  const policies = usePolicies(scene);
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
      <PolicyFilters policies={policies.data?.items ?? []} search={search} />
      {hasFault && <SourceFault signal="policies" />}
      {search.state === 'deleted' ? (
        <DeletedTable search={search} />
      ) : (
        <div className={ageClass(policies)}>
          {policies.data ? (
            <Table policies={policies.data.items} search={search} />
          ) : (
            !policies.isError && <TableBones columns={policyColumns(search).map(({ label }) => label)} />
          )}
        </div>
      )}
      <Outlet />
    </>
  );
}

function Table({
  policies,
  search,
}: {
  readonly policies: readonly Policy[];
  readonly search: PoliciesSearch;
}): ReactNode {
  const change = useSearchChange<PoliciesSearch>();
  const open = useOpen();
  const params = useParams({ strict: false });
  const rows = policyRows(policies, search);
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
}

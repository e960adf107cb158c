import type { Policy } from '@bartizan/api';
import type { ReactNode } from 'react';
import { Ago } from '../../components/Ago.tsx';
import { Link } from '../../components/Link.tsx';
import { IsolatesSign, ownerIcon, PolicyStateSign, ProblemSign } from '../../components/policy-signs.tsx';
import { formatCount } from '../../format/number.ts';
import { paths } from '../../paths.ts';
import type { PoliciesSearch } from '../../search.ts';
import { Icon } from '../../ui/Icon.tsx';
import { Sign } from '../../ui/Sign.tsx';
import type { Column } from '../../ui/VirtualTable.tsx';
import { kindLabel, ownerLabel, selectsShort } from './policy-rows.ts';

type Place = Pick<Policy, 'namespace' | 'kind' | 'name'>;

/** What every list of policies says of one: which it is, and where. */
export function placeColumns(search: PoliciesSearch): readonly Column<Place>[] {
  return [
    {
      key: 'name',
      label: 'Name',
      width: 186,
      className: 'name',
      cell: (policy) => (
        <Link href={paths.policy(policy, search)} keepsScroll>
          <b>{policy.name}</b>
        </Link>
      ),
    },
    {
      key: 'namespace',
      label: 'Namespace',
      width: 96,
      cell: ({ namespace }) => namespace || <span className="sub">cluster-wide</span>,
    },
    { key: 'kind', label: 'Kind', width: 132, cell: ({ kind }) => <span title={kind}>{kindLabel(kind)}</span> },
  ];
}

export function policyColumns(search: PoliciesSearch): readonly Column<Policy>[] {
  const columns: readonly Column<Policy>[] = [
    { key: 'state', label: 'Status', width: 120, cell: ({ state }) => <PolicyStateSign state={state} /> },
    ...placeColumns(search),
    {
      key: 'selects',
      label: 'Selects',
      cell: (policy) => <span title={policy.selects.words}>{selectsShort(policy)}</span>,
    },
    {
      key: 'pods',
      label: 'Pods',
      width: 52,
      isNumber: true,
      cell: ({ selects, enabled }) => <Pods pods={selects.pods} isEnabled={enabled} />,
    },
    { key: 'isolates', label: 'Isolates', width: 92, cell: ({ isolates }) => <IsolatesSign isolates={isolates} /> },
    { key: 'problems', label: 'Problems', width: 164, cell: ({ problems }) => <ProblemSign problems={problems} /> },
    {
      key: 'owner',
      label: 'Owner',
      width: 124,
      cell: (policy) => <Sign icon={ownerIcon(policy)} tone="quiet" label={ownerLabel(policy)} />,
    },
    { key: 'modified', label: 'Modified', width: 146, cell: (policy) => <Modified policy={policy} /> },
  ];
  return columns.map((column) => ({ ...column, canSort: column.key !== 'isolates' }));
}

function Pods({ pods, isEnabled }: { readonly pods: number | null; readonly isEnabled: boolean }): ReactNode {
  return (
    <>
      {pods === 0 && isEnabled && <Icon name="warn" tone="warning" />} {formatCount(pods)}
    </>
  );
}

function Modified({ policy: { modified, createdAt, state } }: { readonly policy: Policy }): ReactNode {
  if (state === 'predefined') return <span className="sub">never deployed</span>;
  if (modified)
    return (
      <>
        <Ago at={modified.at} /> <span className="sub">{modified.by}</span>
      </>
    );
  return (
    <>
      <span className="sub">created</span> <Ago at={createdAt} />
    </>
  );
}

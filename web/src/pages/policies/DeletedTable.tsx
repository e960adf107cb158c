import type { DeletedPolicy } from '@bartizan/api';
import { useParams } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Ago } from '../../components/Ago.tsx';
import { FailedNote } from '../../components/FailedNote.tsx';
import { useOpen } from '../../components/Link.tsx';
import { plural } from '../../format/number.ts';
import { useScene } from '../../frame/scene-context.ts';
import { paths } from '../../paths.ts';
import { useDeletedPolicies } from '../../queries/use-deleted-policies.ts';
import type { PoliciesSearch } from '../../search.ts';
import { Blank } from '../../ui/Blank.tsx';
import { Sign } from '../../ui/Sign.tsx';
import { TableBones } from '../../ui/TableBones.tsx';
import { VirtualTable } from '../../ui/VirtualTable.tsx';
import type { Column } from '../../ui/VirtualTable.tsx';
import { placeColumns } from './policy-columns.tsx';
import { deletedRows, policyKey } from './policy-rows.ts';

/** What is in the history and no more in the cluster: a row opens it, to be compared and brought back. */
export function DeletedTable({ search }: { readonly search: PoliciesSearch }): ReactNode {
  const deleted = useDeletedPolicies(useScene());
  const open = useOpen();
  const params = useParams({ strict: false });
  if (deleted.isError) return <FailedNote what="Deleted policies" questions={[deleted]} />;
  if (!deleted.data) return <TableBones columns={columnsOf(search).map(({ label }) => label)} />;
  const rows = deletedRows(deleted.data, search);
  if (rows.length === 0)
    return (
      <Blank
        title={deleted.data.length === 0 ? 'No policy was deleted.' : 'No policy matches.'}
        icon="trash"
        tone="quiet"
      >
        <p>
          {deleted.data.length === 0
            ? 'A policy that goes, here or elsewhere, stays in the history and can be brought back.'
            : `${plural(deleted.data.length, 'deleted policy', 'deleted policies')} without the filter.`}
        </p>
      </Blank>
    );
  return (
    <VirtualTable
      label="Deleted policies"
      className="pols"
      columns={columnsOf(search)}
      rows={rows}
      keyOf={policyKey}
      selectedKey={params.name ? `${params.namespace}/${params.kind}/${params.name}` : undefined}
      onOpen={(policy) => open(paths.policy(policy, search), { keepsScroll: true })}
    />
  );
}

function columnsOf(search: PoliciesSearch): readonly Column<DeletedPolicy>[] {
  return [
    { key: 'state', label: 'Status', width: 112, cell: () => <Sign icon="trash" tone="quiet" label="Deleted" /> },
    ...placeColumns(search),
    {
      key: 'modified',
      label: 'Deleted',
      cell: ({ action, at, by }) => (
        <>
          <Ago at={at} />{' '}
          <span className="sub">{action === 'observed' ? 'made elsewhere, noticed then' : `by ${by}`}</span>
        </>
      ),
    },
  ];
}

import type { Answer, WafStatistics } from '@bartizan/api';
import { useParams } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { ClassSign } from '../../components/class-signs.tsx';
import { ageClass, FailedNote } from '../../components/FailedNote.tsx';
import { Link, useOpen } from '../../components/Link.tsx';
import { NothingHere } from '../../components/NothingHere.tsx';
import { formatCount, plural } from '../../format/number.ts';
import { formatClock, formatDay, formatMoment, readMoment } from '../../format/time.ts';
import type { Zone } from '../../format/time.ts';
import { usePageSearch, useScene, useSearchChange } from '../../frame/scene-context.ts';
import { paths } from '../../paths.ts';
import { windowOf } from '../../queries/scene.ts';
import { useObserved, useRecords } from '../../queries/use-observed.ts';
import type { FirewallSearch, Scope } from '../../search.ts';
import { TableBones } from '../../ui/TableBones.tsx';
import { VirtualTable } from '../../ui/VirtualTable.tsx';
import type { Column } from '../../ui/VirtualTable.tsx';
import { scopedFilter, scopeTotal } from './scope.ts';

type Row = Answer<'transactions'>['items'][number];

interface Props {
  readonly statistics: WafStatistics | undefined;
  readonly filter: string;
  readonly scope: Scope;
}

/** The transactions behind the figures, newest first. */
export function TransactionTable({ statistics, filter, scope }: Props): ReactNode {
  const scene = useScene();
  const search = usePageSearch<FirewallSearch>();
  const open = useOpen();
  const { id } = useParams({ strict: false });
  const records = useRecords('transactions', scene, { filter: scopedFilter(filter, scope) });
  const rows = records.data?.pages.flatMap(({ value }) => value.items);
  const total = statistics ? scopeTotal(statistics, scope) : null;
  const window = windowOf(scene, records.dataUpdatedAt || 1);
  const columns = transactionColumns({ zone: scene.zone, search, hasDays: window.toMs - window.fromMs > 86_400_000 });
  const onEnd = records.hasNextPage && !records.isFetching ? () => void records.fetchNextPage() : undefined;
  return (
    <section aria-labelledby="transactions" className={ageClass(records)}>
      <div className="tbl-head">
        <h2 id="transactions">Transactions</h2>
        <span className="small quiet">
          {total === null ? '' : `${formatCount(total)} ${scope === 'all' ? 'in all' : scope}`}
        </span>
      </div>
      <FailedNote what="Transactions" questions={[records]} />
      {!rows && !records.isError && <TableBones columns={columns.map(({ label }) => label)} />}
      {rows?.length === 0 && <Nothing filter={filter} scope={scope} statistics={statistics} />}
      {rows && rows.length > 0 && (
        <>
          <VirtualTable
            label="Transactions"
            className="tx"
            columns={columns}
            rows={rows}
            keyOf={(row) => row.id}
            selectedKey={id}
            onOpen={(row) => open(paths.transaction(row.id, search), { keepsScroll: true })}
            sort={{ key: 'time', direction: 'descending' }}
            onEnd={onEnd}
          />
          <p className="tbl-foot" role="status">
            Showing the newest {formatCount(rows.length)}
            {total !== null && total >= rows.length && ` of ${formatCount(total)}`}. Nothing is sampled.
            {records.isFetchingNextPage && ' Reading more …'}
          </p>
        </>
      )}
    </section>
  );
}

function Nothing({ filter, scope, statistics }: Props): ReactNode {
  const scene = useScene();
  const change = useSearchChange<FirewallSearch>();
  const all = useObserved('wafStatistics', scene, {}, { enabled: filter !== '' });
  const without = filter === '' ? statistics?.total : all.data?.total;
  const isFiltered = filter !== '' || (scope !== 'all' && (statistics?.total ?? 0) > 0);
  return (
    <NothingHere
      what="request"
      isFiltered={isFiltered}
      without={without}
      coverage={statistics?.coverage}
      onClear={() => change({ filter: undefined, show: 'all' })}
    >
      {scope !== 'all' &&
        filter === '' &&
        isFiltered &&
        `None of ${plural(statistics?.total ?? 0, 'request')} was ${scope}.`}
    </NothingHere>
  );
}

interface Look {
  readonly zone: Zone;
  readonly search: FirewallSearch;
  readonly hasDays: boolean;
}

function transactionColumns({ zone, search, hasDays }: Look): readonly Column<Row>[] {
  return [
    {
      key: 'time',
      label: 'Time',
      width: hasDays ? 132 : 92,
      cell: ({ id, time }) => {
        const ms = readMoment(time) ?? 0;
        return (
          <Link href={paths.transaction(id, search)} title={formatMoment(ms, zone)} keepsScroll>
            {hasDays && `${formatDay(ms, zone)} `}
            {formatClock(ms, zone)}
          </Link>
        );
      },
    },
    { key: 'class', label: 'Class', width: 98, cell: (row) => <ClassSign of={row.class} /> },
    {
      key: 'score',
      label: 'Score',
      width: 56,
      isNumber: true,
      cell: ({ score }) => (score === null ? <span className="sub">–</span> : score),
    },
    { key: 'client', label: 'Client', width: 132, cell: ({ client }) => <code title={client}>{client}</code> },
    { key: 'method', label: 'Method', width: 66, cell: ({ method }) => <code>{method}</code> },
    { key: 'path', label: 'Path', className: 'path', cell: ({ path }) => <code title={path}>{path}</code> },
    {
      key: 'host',
      label: 'Host',
      width: 172,
      cell: ({ host }) => (
        <code className="sub" title={host}>
          {host}
        </code>
      ),
    },
    {
      key: 'status',
      label: 'Status',
      width: 60,
      isNumber: true,
      cell: ({ status }) => status ?? <span className="sub">–</span>,
    },
    {
      key: 'rule',
      label: 'Top rule',
      width: 254,
      cell: ({ rules }) => <TopRule rule={rules[0]} more={rules.length - 1} />,
    },
  ];
}

function TopRule({
  rule,
  more,
}: {
  readonly rule: Row['rules'][number] | undefined;
  readonly more: number;
}): ReactNode {
  if (!rule) return <span className="sub">–</span>;
  return (
    <span title={`${rule.id} ${rule.message}${more > 0 ? `\nand ${more} more` : ''}`}>
      <code>{rule.id}</code> <span className="sub">{rule.message}</span>
    </span>
  );
}

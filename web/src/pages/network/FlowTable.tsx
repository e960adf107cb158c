import type { Answer, FlowStatistics } from '@bartizan/api';
import { useLocation, useParams } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { VerdictSign } from '../../components/class-signs.tsx';
import { ageClass, FailedNote } from '../../components/FailedNote.tsx';
import { Link, useOpen } from '../../components/Link.tsx';
import { NothingHere } from '../../components/NothingHere.tsx';
import { withTerm } from '../../filter/filter-terms.ts';
import { formatCount } from '../../format/number.ts';
import { formatClock, formatDay, formatMoment, readMoment } from '../../format/time.ts';
import type { Zone } from '../../format/time.ts';
import { usePageSearch, useScene, useSearchChange } from '../../frame/scene-context.ts';
import { networkViewOf, paths } from '../../paths.ts';
import { windowOf } from '../../queries/scene.ts';
import { useObserved, useRecords } from '../../queries/use-observed.ts';
import type { NetworkSearch } from '../../search.ts';
import { Button } from '../../ui/Button.tsx';
import { Segments } from '../../ui/Segments.tsx';
import { Sign } from '../../ui/Sign.tsx';
import { TableBones } from '../../ui/TableBones.tsx';
import { VirtualTable } from '../../ui/VirtualTable.tsx';
import type { Column } from '../../ui/VirtualTable.tsx';
import { ExportLinks } from './ExportLinks.tsx';
import { EndName } from './EndName.tsx';
import { LastFlow } from './LastFlow.tsx';
import { decidedBy, endName, portText } from './flow-words.ts';

type Flow = Answer<'flows'>['items'][number];

interface Props {
  readonly statistics: FlowStatistics | undefined;
  readonly filter: string;
}

const liveMs = 2000;

/** The flow events behind the figures, newest first. */
export function FlowTable({ statistics, filter }: Props): ReactNode {
  const scene = useScene();
  const search = usePageSearch<NetworkSearch>();
  const { show = 'all', live } = search;
  const { pathname } = useLocation();
  const { id } = useParams({ strict: false });
  const open = useOpen();
  const address = (flow: Flow) => paths.flow(flow.id, { ...search, on: networkViewOf(pathname) });
  const change = useSearchChange<NetworkSearch>();
  const asked = show === 'dropped' ? withTerm(filter, 'verdict:DROPPED') : filter;
  const isFixed = scene.spec.kind === 'between' && !scene.spec.to.startsWith('now');
  // A drawer is being read: what it belongs to stays where it is.
  const isLive = live === 'yes' && !isFixed && id === undefined;
  const records = useRecords('flows', isLive ? { ...scene, refreshMs: liveMs } : scene, { filter: asked });
  const rows = records.data?.pages.flatMap(({ value }) => value.items);
  const total = show === 'dropped' ? statistics?.dropped : statistics?.total;
  const window = windowOf(scene, records.dataUpdatedAt || 1);
  const columns = flowColumns({ zone: scene.zone, hasDays: window.toMs - window.fromMs > 86_400_000, address });
  const onEnd = records.hasNextPage && !records.isFetching ? () => void records.fetchNextPage() : undefined;
  return (
    <section aria-labelledby="flows" className={ageClass(records)}>
      <div className="tbl-head">
        <h2 id="flows">Flows</h2>
        <span className="small quiet">
          {typeof total === 'number' && `${formatCount(total)} ${show === 'dropped' ? 'dropped' : 'match'}`}
        </span>
        <span className="push" />
        <Segments
          label="Verdict"
          value={show}
          onChange={(next) => change({ show: next === 'all' ? undefined : next })}
          options={[
            { value: 'all', label: 'All' },
            { value: 'dropped', label: 'Dropped' },
          ]}
        />
        <Button
          label="Live"
          icon="play"
          small
          pressed={live === 'yes'}
          disabledBecause={isFixed ? 'The window ends in the past' : undefined}
          onPress={() => change({ live: live === 'yes' ? undefined : 'yes' })}
        />
        <ExportLinks filter={asked} />
      </div>
      <FailedNote what="Flows" questions={[records]} />
      {!rows && !records.isError && <TableBones columns={columns.map(({ label }) => label)} />}
      {rows?.length === 0 && <Nothing statistics={statistics} filter={filter} isDropped={show === 'dropped'} />}
      {rows && rows.length > 0 && (
        <>
          <VirtualTable
            label="Flows"
            className="flows"
            columns={columns}
            rows={rows}
            keyOf={(flow) => flow.id}
            selectedKey={id}
            onOpen={(flow) => open(address(flow), { keepsScroll: true })}
            sort={{ key: 'time', direction: 'descending' }}
            onEnd={onEnd}
          />
          <p className="tbl-foot" role="status">
            Showing the newest {formatCount(rows.length)}
            {typeof total === 'number' && total >= rows.length && ` of ${formatCount(total)}`}.
            {records.isFetchingNextPage && ' Reading more …'}
            {isLive && ' New ones come in by themselves.'}
          </p>
        </>
      )}
    </section>
  );
}

function Nothing({ statistics, filter, isDropped }: Props & { readonly isDropped: boolean }): ReactNode {
  const scene = useScene();
  const change = useSearchChange<NetworkSearch>();
  const all = useObserved('flowStatistics', scene, {}, { enabled: filter !== '' });
  return (
    <NothingHere
      what="flow"
      isFiltered={filter !== '' || (isDropped && (statistics?.total ?? 0) > 0)}
      without={filter === '' ? statistics?.total : all.data?.total}
      coverage={statistics?.coverage}
      onClear={() => change({ filter: undefined, show: undefined })}
    >
      {isDropped && filter === '' ? 'None was dropped.' : <LastFlow />}
    </NothingHere>
  );
}

const directions = { ingress: { icon: 'in', label: 'Inbound' }, egress: { icon: 'out', label: 'Outbound' } } as const;

interface Look {
  readonly zone: Zone;
  readonly hasDays: boolean;
  readonly address: (flow: Flow) => string;
}

function flowColumns({ zone, hasDays, address }: Look): readonly Column<Flow>[] {
  return [
    {
      key: 'time',
      label: 'Time',
      width: hasDays ? 132 : 92,
      cell: (flow) => {
        const ms = readMoment(flow.time);
        return (
          <Link
            href={address(flow)}
            title={ms === null ? 'Its time was not recorded' : formatMoment(ms, zone)}
            keepsScroll
          >
            {ms === null ? 'no time' : `${hasDays ? `${formatDay(ms, zone)} ` : ''}${formatClock(ms, zone)}`}
          </Link>
        );
      },
    },
    { key: 'verdict', label: 'Verdict', width: 112, cell: ({ verdict }) => <VerdictSign of={verdict} /> },
    {
      key: 'direction',
      label: 'Judged',
      width: 106,
      cell: ({ direction }) =>
        direction === 'unknown' ? (
          <span className="sub">not known</span>
        ) : (
          <Sign tone="quiet" {...directions[direction]} />
        ),
    },
    { key: 'from', label: 'From', width: 212, cell: ({ source }) => <EndName name={endName(source)} /> },
    { key: 'to', label: 'To', width: 222, cell: ({ destination }) => <EndName name={endName(destination)} /> },
    { key: 'port', label: 'Port', width: 96, cell: (flow) => <code>{portText(flow)}</code> },
    {
      key: 'type',
      label: 'Seen as',
      width: 150,
      cell: ({ type, subtype }) => (
        <span className="sub">
          {type}
          {subtype && ` ${subtype}`}
        </span>
      ),
    },
    {
      key: 'decided',
      label: 'Decided by',
      cell: (flow) => {
        const { words, policies } = decidedBy(flow);
        return (
          <span title={`${words} ${policies}`}>
            <span className="sub">{words}</span> {policies && <code>{policies}</code>}
          </span>
        );
      },
    },
  ];
}

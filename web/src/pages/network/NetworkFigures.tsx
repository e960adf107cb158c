import type { FlowStatistics } from '@bartizan/api';
import type { ReactNode } from 'react';
import { ChangeNote, Figure, InvestigateNote } from '../../components/Figure.tsx';
import { periodOf } from '../../components/period.ts';
import { changeOfShare } from '../../format/change.ts';
import { formatCount } from '../../format/number.ts';
import { formatShare, shareOf } from '../../format/share.ts';
import { usePageSearch, useScene } from '../../frame/scene-context.ts';
import { paths } from '../../paths.ts';
import type { NetworkSearch } from '../../search.ts';
import { Key } from '../../ui/chart/Legend.tsx';
import { otherVerdicts } from './verdicts.ts';

interface Props {
  readonly statistics: FlowStatistics | undefined;
  readonly hasFailed: boolean;
  readonly className: string;
}

const whatCounts =
  'Flow events are what Hubble counts: traces at several points, policy verdicts, drops and L7 records. One connection makes many of them.';

export function NetworkFigures({ statistics, hasFailed, className }: Props): ReactNode {
  const search = usePageSearch<NetworkSearch>();
  const { thresholds } = useScene();
  if (!statistics) {
    const value = hasFailed ? '–' : undefined;
    return (
      <div className="ruled figures">
        <Figure label="Flow events in" icon="in" value={value} />
        <Figure label="Flow events out" icon="out" value={value} />
        <Figure label="Dropped share" icon="dropped" value={value} />
        <Figure label="Verdicts" value={value} />
      </div>
    );
  }
  const { total, dropped, droppedShare, ingress, egress, previous, byVerdict, coverage } = statistics;
  return (
    <div className={`ruled figures ${className}`} title={whatCounts}>
      <Figure label="Flow events in" icon="in" value={formatCount(ingress?.total)}>
        <Dropped of={ingress} />
        <p className="note">to pods of this environment</p>
      </Figure>
      <Figure label="Flow events out" icon="out" value={formatCount(egress?.total)}>
        <Dropped of={egress} />
        <p className="note">from pods of this environment</p>
      </Figure>
      <Figure
        label="Dropped share"
        icon="dropped"
        value={formatShare(droppedShare)}
        small={total === null ? 'not known' : `${formatCount(dropped)} of ${formatCount(total)}`}
      >
        <ChangeNote
          change={changeOfShare(droppedShare, previous.droppedShare)}
          period={periodOf(coverage)}
          growthIsWorse
        />
        <InvestigateNote
          share={droppedShare}
          threshold={thresholds.droppedShare}
          what="the dropped flows"
          href={paths.flows({ ...search, show: 'dropped' })}
        />
      </Figure>
      <Figure label="Verdicts" value="">
        <dl className="lines">
          <dt>
            <Key mark="forwarded" />
            Forwarded
          </dt>
          <dd>{formatCount(verdict(byVerdict, 'FORWARDED', total))}</dd>
          <dt>
            <Key mark="dropped" />
            Dropped
          </dt>
          <dd>{formatCount(verdict(byVerdict, 'DROPPED', total))}</dd>
          {otherVerdicts(byVerdict).map(({ name, count }) => (
            <div key={name} className="line-pair">
              <dt>{name}</dt>
              <dd>{formatCount(count)}</dd>
            </div>
          ))}
        </dl>
      </Figure>
    </div>
  );
}

/** What a known answer does not list did not happen; in an unknown one it is not known. */
function verdict(byVerdict: FlowStatistics['byVerdict'], name: string, total: number | null): number | null {
  return byVerdict[name] ?? (total === null ? null : 0);
}

function Dropped({ of }: { readonly of: FlowStatistics['ingress'] }): ReactNode {
  if (!of) return <p className="note">not known</p>;
  return (
    <p className="note">
      <b>{formatCount(of.dropped)}</b> dropped, {formatShare(of.total === 0 ? 0 : shareOf(of.dropped, of.total))}
    </p>
  );
}

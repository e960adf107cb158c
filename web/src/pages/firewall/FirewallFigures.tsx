import type { WafStatistics } from '@bartizan/api';
import type { ReactNode } from 'react';
import { ChangeNote, Figure, InvestigateNote } from '../../components/Figure.tsx';
import { periodOf } from '../../components/period.ts';
import { changeOfCount, changeOfShare } from '../../format/change.ts';
import { formatCount, plural } from '../../format/number.ts';
import { formatShare, shareOf } from '../../format/share.ts';
import { usePageSearch, useScene } from '../../frame/scene-context.ts';
import { paths } from '../../paths.ts';
import type { FirewallSearch } from '../../search.ts';

interface Props {
  readonly statistics: WafStatistics | undefined;
  readonly hasFailed: boolean;
  readonly className: string;
}

export function FirewallFigures({ statistics, hasFailed, className }: Props): ReactNode {
  const search = usePageSearch<FirewallSearch>();
  const { thresholds } = useScene();
  if (!statistics) {
    const value = hasFailed ? '–' : undefined;
    return (
      <div className="ruled figures">
        <Figure label="Requests" value={value} />
        <Figure label="Anomalous share" value={value} />
        <Figure label="Blocked" icon="blocked" value={value} />
        <Figure label="Detected only: it went through" icon="detected" value={value} />
      </div>
    );
  }
  const { total, anomalous, anomalousShare, blocked, detected, previous, coverage } = statistics;
  const period = periodOf(coverage);
  const { show: _, ...all } = search;
  return (
    <div className={`ruled figures ${className}`}>
      <Figure label="Requests" value={formatCount(total)} small={total === null ? 'no access log tells' : undefined}>
        <ChangeNote change={changeOfCount(total, previous.total)} period={period} />
      </Figure>
      <Figure
        label="Anomalous share"
        value={formatShare(anomalousShare)}
        small={anomalous === null ? undefined : plural(anomalous, 'request')}
      >
        <ChangeNote change={changeOfShare(anomalousShare, previous.anomalousShare)} period={period} growthIsWorse />
        <InvestigateNote
          share={anomalousShare}
          threshold={thresholds.anomalousShare}
          what="the anomalous transactions"
          href={`${paths.firewall(all)}#transactions`}
        />
      </Figure>
      <Figure label="Blocked" icon="blocked" value={formatCount(blocked)} small={ofAnomalous(blocked, anomalous)}>
        <ChangeNote change={changeOfCount(blocked, previous.blocked)} period={period} />
      </Figure>
      <Figure
        label="Detected only: it went through"
        icon="detected"
        value={formatCount(detected)}
        small={ofAnomalous(detected, anomalous)}
      >
        <ChangeNote change={changeOfCount(detected, previous.detected)} period={period} growthIsWorse />
      </Figure>
    </div>
  );
}

function ofAnomalous(part: number | null, anomalous: number | null): string {
  const share = shareOf(part, anomalous);
  return share === null ? '' : `${formatShare(share)} of anomalous`;
}

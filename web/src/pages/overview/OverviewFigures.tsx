import type { FlowStatistics, WafStatistics } from '@bartizan/api';
import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { ageClass } from '../../components/FailedNote.tsx';
import { ChangeNote, Figure, InvestigateNote } from '../../components/Figure.tsx';
import { periodOf } from '../../components/period.ts';
import { kindName, needingAttention, signalName, stateSign } from '../../components/source-signs.ts';
import { SourceFault, useHasFault } from '../../components/SourceFault.tsx';
import { changeOfShare } from '../../format/change.ts';
import { formatCount, plural } from '../../format/number.ts';
import { formatShare } from '../../format/share.ts';
import { usePageSearch, useScene } from '../../frame/scene-context.ts';
import { carried, paths } from '../../paths.ts';
import type { AllPolicies } from '../../queries/use-policies.ts';
import { countByState } from '../policies/policy-rows.ts';

interface Props {
  readonly waf: UseQueryResult<WafStatistics>;
  readonly flows: UseQueryResult<FlowStatistics>;
  readonly policies: UseQueryResult<AllPolicies>;
}

/** Four answers at a glance, each a link to the records behind it. */
export function OverviewFigures({ waf, flows, policies }: Props): ReactNode {
  return (
    <div className="ruled figures">
      <div className={`cell ${ageClass(waf)}`}>
        <RequestsFigure statistics={waf.data} hasFailed={waf.isError} />
      </div>
      <div className={`cell ${ageClass(flows)}`}>
        <FlowsFigure statistics={flows.data} hasFailed={flows.isError} />
      </div>
      <div className={`cell ${ageClass(policies)}`}>
        <PoliciesFigure policies={policies.data} hasFailed={policies.isError} />
      </div>
      <div className="cell">
        <SourcesFigure />
      </div>
    </div>
  );
}

interface FigureProps<Statistics> {
  readonly statistics: Statistics | undefined;
  readonly hasFailed: boolean;
}

function RequestsFigure({ statistics, hasFailed }: FigureProps<WafStatistics>): ReactNode {
  const search = usePageSearch();
  const { thresholds } = useScene();
  const hasFault = useHasFault('waf');
  const label = 'Requests the firewall judged an attack';
  const href = paths.firewall(carried(search));
  if (hasFault && !statistics?.total) return <Absent label={label} signal="waf" />;
  if (!statistics) return <Figure label={label} icon="firewall" value={hasFailed ? '–' : undefined} href={href} />;
  const { anomalous, anomalousShare, total, blocked, detected, previous } = statistics;
  return (
    <Figure
      label={label}
      icon="firewall"
      href={href}
      value={formatShare(anomalousShare)}
      small={
        total === null ? `${formatCount(anomalous)} requests` : `${formatCount(anomalous)} of ${formatCount(total)}`
      }
    >
      <ChangeNote
        change={changeOfShare(anomalousShare, previous.anomalousShare)}
        period={periodOf(statistics.coverage)}
        growthIsWorse
      />
      <p className="note">
        <b>{formatCount(blocked)}</b> blocked · <b>{formatCount(detected)}</b> detected and let through
      </p>
      <InvestigateNote share={anomalousShare} threshold={thresholds.anomalousShare} what="these requests" />
    </Figure>
  );
}

function FlowsFigure({ statistics, hasFailed }: FigureProps<FlowStatistics>): ReactNode {
  const search = usePageSearch();
  const { thresholds } = useScene();
  const hasFault = useHasFault('flows');
  const label = 'Flow events dropped';
  const href = paths.network(carried(search));
  if (hasFault && !statistics?.total) return <Absent label={label} signal="flows" />;
  if (!statistics) return <Figure label={label} icon="network" value={hasFailed ? '–' : undefined} href={href} />;
  const { dropped, droppedShare, total, ingress, egress, previous } = statistics;
  return (
    <Figure
      label={label}
      icon="network"
      href={href}
      value={formatShare(droppedShare)}
      small={total === null ? 'not known' : `${formatCount(dropped)} of ${formatCount(total)}`}
    >
      <ChangeNote
        change={changeOfShare(droppedShare, previous.droppedShare)}
        period={periodOf(statistics.coverage)}
        growthIsWorse
      />
      <p className="note">
        <b>{formatCount(ingress?.dropped)}</b> inbound · <b>{formatCount(egress?.dropped)}</b> outbound
      </p>
      <InvestigateNote share={droppedShare} threshold={thresholds.droppedShare} what="these drops" />
    </Figure>
  );
}

function PoliciesFigure({
  policies,
  hasFailed,
}: {
  readonly policies: AllPolicies | undefined;
  readonly hasFailed: boolean;
}): ReactNode {
  const search = usePageSearch();
  const hasFault = useHasFault('policies');
  const label = 'Policies enforced';
  const href = paths.policies(carried(search));
  if (hasFault && !policies) return <Absent label={label} signal="policies" />;
  if (!policies) return <Figure label={label} icon="policies" value={hasFailed ? '–' : undefined} href={href} />;
  const { enforced, disabled, predefined, 'not-applied': notApplied } = countByState(policies.items);
  const deployed = enforced + disabled + notApplied;
  const problems = policies.items.filter((policy) => policy.problems.length > 0).length;
  return (
    <Figure
      label={label}
      icon="policies"
      href={href}
      value={formatCount(enforced)}
      small={`of ${formatCount(deployed)} deployed`}
    >
      <p className="note">
        <b>{disabled}</b> disabled · <b>{notApplied}</b> not applied
        {predefined > 0 && ` · ${predefined} predefined not in use`}
      </p>
      <p className="note">
        {problems > 0 ? (
          <span className="delta worse">{plural(problems, 'policy has', 'policies have')} problems</span>
        ) : (
          'No policy has problems'
        )}
      </p>
    </Figure>
  );
}

function SourcesFigure(): ReactNode {
  const search = usePageSearch();
  const { environment, environments } = useScene();
  const shown = environment ? [environment] : environments;
  const all = shown.flatMap(({ sources }) => sources);
  const wrong = needingAttention(shown);
  if (all.length === 0)
    return <Figure label="Sources connected" icon="server" value={undefined} href={paths.sources(carried(search))} />;
  return (
    <Figure
      label="Sources connected"
      icon="server"
      href={paths.sources(carried(search))}
      value={String(all.length - wrong.length)}
      small={`of ${all.length}`}
    >
      {wrong.length === 0 && <p className="note">{[...new Set(all.map(({ kind }) => kindName(kind)))].join(', ')}</p>}
      {wrong.slice(0, 2).map((source) => (
        <p className="note" key={`${source.signal} ${source.kind}`}>
          <span className="delta worse">
            {signalName(source.signal)} from {kindName(source.kind)}: {stateSign(source.state).label.toLowerCase()}
          </span>
        </p>
      ))}
    </Figure>
  );
}

function Absent({
  label,
  signal,
}: {
  readonly label: string;
  readonly signal: 'waf' | 'flows' | 'policies';
}): ReactNode {
  return (
    <div className="figure">
      <p className="label">
        <span>{label}</span>
      </p>
      <SourceFault signal={signal} />
    </div>
  );
}

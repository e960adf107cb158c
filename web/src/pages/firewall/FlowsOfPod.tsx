import type { Answer } from '@bartizan/api';
import type { ReactNode } from 'react';
import { Link } from '../../components/Link.tsx';
import { formatCount, unknown } from '../../format/number.ts';
import { usePageSearch, useScene } from '../../frame/scene-context.ts';
import { carried, paths } from '../../paths.ts';
import { useObserved } from '../../queries/use-observed.ts';
import { podFlows } from './pod-flows.ts';

type Transaction = Answer<'transaction'>;

/** What the workload of the pod that answered did around the request: did the attack get in? */
export function FlowsOfPod({ transaction }: { readonly transaction: Transaction }): ReactNode {
  const asked = podFlows(transaction);
  if ('reason' in asked)
    return (
      <li className="off">
        <span>
          <span>Flows of the pod that answered. {asked.reason}</span>
          <b>–</b>
        </span>
      </li>
    );
  return <Flows {...asked} />;
}

interface Asked {
  readonly workload: string;
  readonly from: string;
  readonly to: string;
  readonly filter: string;
}

function Flows({ workload, from, to, filter }: Asked): ReactNode {
  const scene = useScene();
  const { range: _range, refresh: _refresh, ...search } = carried(usePageSearch());
  const { data } = useObserved('flowStatistics', { ...scene, spec: { kind: 'between', from, to } }, { filter });
  return (
    <li>
      <Link href={paths.flows({ ...search, from, to, filter })}>
        <span>
          What the pod that answered sent
          <span className="quiet">flows from {workload}, a minute before to ten minutes after</span>
        </span>
        <b>{data ? (data.total === null ? unknown : formatCount(data.total)) : '…'}</b>
      </Link>
    </li>
  );
}

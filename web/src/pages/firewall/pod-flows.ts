import type { Answer } from '@bartizan/api';
import { onlyValue } from '../../filter/filter-terms.ts';

type Transaction = Pick<Answer<'transaction'>, 'time' | 'class' | 'upstreamAddress' | 'answeredBy'>;

export type PodFlows =
  | { readonly reason: string }
  | { readonly workload: string; readonly from: string; readonly to: string; readonly filter: string };

const minuteMs = 60_000;

/** What the workload of the pod that answered sent in the minutes around the request, or why that cannot be told. */
export function podFlows({ time, class: judged, upstreamAddress, answeredBy }: Transaction): PodFlows {
  if (upstreamAddress === null)
    return {
      reason: judged === 'blocked' ? 'None did: it was stopped at the ingress' : 'No log says which one did',
    };
  if (answeredBy === null) return { reason: `No pod that runs now had ${upstreamAddress} then` };
  const workload = `${answeredBy.namespace}/${answeredBy.workload}`;
  const at = Date.parse(time);
  return {
    workload,
    from: new Date(at - minuteMs).toISOString(),
    to: new Date(at + 10 * minuteMs).toISOString(),
    filter: onlyValue('source', workload),
  };
}

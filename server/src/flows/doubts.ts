import type { FlowRecord } from '@bartizan/flow';
import type { AskedConnection } from './ends-of.ts';
import type { PoliciesThen } from './policies-then.ts';

interface Known {
  readonly flow: FlowRecord;
  readonly asked: AskedConnection;
  readonly policies: PoliciesThen;
  readonly agrees: boolean | null;
}

const most = 4;

/** What makes an answer less sure, or may lie behind a disagreement. */
export function doubtsOf({ flow, asked, policies, agrees }: Known): string[] {
  const { withoutHistory, changedAround, recordedSince, then, unread } = policies;
  const isBefore = recordedSince !== null && Date.parse(flow.time) < Date.parse(recordedSince);
  return [
    ...unread.map(({ kind, reason }) => `Not one ${kind} could be read, so any of them may say otherwise: ${reason}`),
    ...(withoutHistory.length > 0
      ? [`The history of ${listed(withoutHistory)} does not reach back to it: judged by what it says now.`]
      : []),
    ...(isBefore
      ? ['It is older than the first recorded version of any policy: one that was deleted before that is not known.']
      : []),
    ...(changedAround.length > 0
      ? [`${listed(changedAround)} changed within a minute of it, and the agents take a moment to follow.`]
      : []),
    ...(then.refused.length > 0
      ? [`${listed(then.refused)} is in the cluster, but Cilium refuses it: it counts as without effect.`]
      : []),
    ...(agrees === false ? behindDisagreement(flow, asked) : []),
  ];
}

function listed(refs: readonly string[]): string {
  const rest = refs.length - most;
  return `${refs.slice(0, most).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}

function behindDisagreement(flow: FlowRecord, { from, to }: AskedConnection): string[] {
  const isOutside = [from, to].some(({ cidr }) => cidr !== undefined);
  return [
    'The agents may run with other settings than Cilium’s defaults (host firewall, policy enforcement mode, CIDR matching of nodes).',
    'Cilium may not have taken a policy over: look at its condition “Valid”, and at the policy revision of the endpoint.',
    ...(isOutside
      ? [
          'DNS names of an address are those that Hubble knew: a rule for a name may have matched one that it did not tell.',
        ]
      : []),
    ...(flow.type === 'Trace'
      ? ['A connection that was open before a policy changed may go on where the event is only a trace of it.']
      : []),
  ];
}

import type { FlowWhy } from '@bartizan/api';
import type { Cluster } from '@bartizan/backends';
import { createConnectionReader, endName } from '@bartizan/flow';
import type { FlowRecord } from '@bartizan/flow';
import { clusterOf, compile, observedOf } from '@bartizan/policy';
import type { EndpointDescription, Explanation, NearMiss } from '@bartizan/policy';
import { inventoryOf } from '../policies/inventory.ts';
import type { PoliciesThen } from './policies-then.ts';

const policyDrops = new Set(['POLICY_DENIED', 'POLICY_DENY', 'Policy denied', 'Policy denied by denylist']);

/** Why a flow was let through or dropped, by our own engine, beside what Hubble said of it. */
export function whyOf(flow: FlowRecord, { cluster, then }: { cluster: Cluster; then: PoliciesThen }): FlowWhy {
  const base = { reported: reportedOf(flow), policiesAsOf: then.asOf } as const;
  const unjudged = (verdict: 'not-policy' | 'unknown', reason: string): FlowWhy => ({
    ...base,
    verdict,
    reason,
    egress: 'none',
    ingress: 'none',
    decidedBy: [],
    agrees: null,
  });
  if (flow.verdict === 'DROPPED' && flow.type !== 'L7' && flow.dropReason !== null && !policyDrops.has(flow.dropReason))
    return unjudged('not-policy', `It was dropped because of ${flow.dropReason}, which no policy causes.`);
  const ends = endsOf(flow, cluster);
  if (typeof ends === 'string') return unjudged('unknown', ends);
  const inventory = ends.inventory;
  const engine = compile(then.policies, {
    cluster: ends.clusterName,
    endpoints: [],
    services: inventory.services,
    cidrGroups: inventory.cidrGroups,
  });
  const explanation = engine.explain({ from: ends.from, to: ends.to, port: ends.port, protocol: ends.protocol });
  if (explanation.verdict === 'error')
    return unjudged('unknown', explanation.error ?? 'Cilium would decide by chance.');
  return { ...base, ...explained(explanation), agrees: agreement(flow, explanation.verdict) };
}

function explained(
  explanation: Explanation,
): Pick<FlowWhy, 'verdict' | 'egress' | 'ingress' | 'because' | 'decidedBy' | 'nearest' | 'fix'> {
  const { verdict, egress, ingress, sides, decidedBy, nearest: all } = explanation;
  const [nearest] = all;
  const fix = nearest && smallestFix(nearest);
  return {
    verdict: verdict === 'denied' ? 'denied' : 'allowed',
    egress,
    ingress,
    because: { egress: sides.egress.reason, ingress: sides.ingress.reason },
    decidedBy: decidedBy.map(({ policy, direction, rule, effect, path }) => ({
      policy,
      direction,
      rule,
      effect,
      path,
    })),
    ...(nearest
      ? { nearest: { ...nearest, differs: nearest.differs.map((difference) => withoutUndefined(difference)) } }
      : {}),
    ...(fix ? { fix } : {}),
  };
}

function withoutUndefined({ what, path, message, expected, actual }: NearMiss['differs'][number]) {
  return {
    what,
    path,
    message,
    ...(expected === undefined ? {} : { expected }),
    ...(actual === undefined ? {} : { actual }),
  };
}

/** In words, where one thing keeps the nearest rule from allowing it: more than one is no small change. */
function smallestFix({ policy, differs }: NearMiss): FlowWhy['fix'] {
  const [difference, second] = differs;
  if (!difference || second) return undefined;
  const { what, path, expected, actual } = difference;
  if (what === 'denied')
    return { policy, path, words: `A deny rule of ${policy} matches. Take this connection out of it.` };
  const change =
    actual === undefined
      ? difference.message
      : `Add ${what.replaceAll('-', ' ')} ${actual}${expected === undefined ? '' : ` beside ${expected}`}.`;
  return { policy, path, words: change };
}

function reportedOf({ verdict, allowedBy, deniedBy }: FlowRecord): FlowWhy['reported'] {
  const names = (policies: FlowRecord['allowedBy']): string[] =>
    policies.map(({ kind, namespace, name }) =>
      [kind, namespace, name].filter((part) => part !== null && part !== '').join('/'),
    );
  return { verdict, allowedBy: names(allowedBy), deniedBy: names(deniedBy) };
}

/** In audit mode a flow is let through that would be dropped: to say that it is denied agrees with that. */
function agreement({ verdict }: FlowRecord, ours: 'allowed' | 'denied'): boolean | null {
  if (verdict === 'FORWARDED' || verdict === 'REDIRECTED') return ours === 'allowed';
  if (verdict === 'DROPPED' || verdict === 'AUDIT') return ours === 'denied';
  return null;
}

interface Ends {
  readonly from: EndpointDescription;
  readonly to: EndpointDescription;
  readonly port: number;
  readonly protocol: string;
  readonly clusterName: string | undefined;
  readonly inventory: ReturnType<typeof inventoryOf>;
}

/** Both ends in the engine's words, or why they cannot be had. A reply is judged as the connection that it belongs to. */
function endsOf(flow: FlowRecord, cluster: Cluster): Ends | string {
  const asked = flow.isReply ? { ...flow, source: flow.destination, destination: flow.source, isReply: false } : flow;
  const reader = createConnectionReader();
  reader.add({ ...asked, type: 'PolicyVerdict', isReply: false });
  const { edges } = reader.finish();
  const inventory = inventoryOf(cluster);
  const { ends, connections } = observedOf(edges, { nameOf: endName, inventory, podAddresses: false });
  const [connection] = connections;
  if (!connection) return 'The event does not say which connection it belongs to.';
  const [from, to] = [ends[connection.from], ends[connection.to]];
  if (!from?.endpoint || !to?.endpoint)
    return from?.missing ?? to?.missing ?? 'The event does not say enough of its ends.';
  if (connection.port === null) return 'The event does not say the port.';
  return {
    from: from.endpoint,
    to: to.endpoint,
    port: connection.port,
    protocol: connection.protocol,
    clusterName: clusterOf(edges),
    inventory,
  };
}

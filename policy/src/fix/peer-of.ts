import { parseCidr, formatCidr } from '../model/address.ts';
import type { Direction, PolicyKind } from '../model/policy.ts';
import type { Endpoint } from '../model/world.ts';
import type { JsonObject } from '../source/json.ts';
import { steadyLabels } from './steady-labels.ts';

export interface PeerQuestion {
  readonly kind: PolicyKind;
  readonly direction: Direction;
  /** Empty for a cluster-wide policy. */
  readonly namespace: string;
  readonly peer: Endpoint;
  readonly cluster: string;
  /** Whether the agent learns which addresses a name has: only then does a rule with a name ever match. */
  readonly learnsNames: boolean;
}

/** The entities that a manifest can name (the enumeration of the CRD). */
const entities = ['host', 'remote-node', 'kube-apiserver', 'ingress', 'health', 'init', 'unmanaged'];

/** The fields of a rule that name just this peer; a sentence where there is no way to. */
export function peerOf(question: PeerQuestion): JsonObject | string {
  const { kind, direction, peer } = question;
  if (kind === 'NetworkPolicy') return kubernetesPeer(question);
  const prefix = direction === 'ingress' ? 'from' : 'to';
  if (peer.entity !== undefined) {
    if (entities.includes(peer.entity)) return { [`${prefix}Entities`]: [peer.entity] };
    return `A rule for ${peer.entity} would let in every address outside: write it by hand if that is what you want.`;
  }
  if (peer.namespace !== undefined) return { [`${prefix}Endpoints`]: [{ matchLabels: podLabels(question) }] };
  const [name] = peer.names ?? [];
  if (name !== undefined && direction === 'egress' && question.learnsNames)
    return { toFQDNs: [{ matchName: name.replace(/\.$/, '') }] };
  const block = blockOf(peer);
  return block === undefined ? 'The address of the other end was not recorded.' : { [`${prefix}CIDR`]: [block] };
}

/** What the pods of a workload are known by from the policy's namespace. */
function podLabels({ peer, namespace, cluster }: PeerQuestion): JsonObject {
  const own = steadyLabels(peer.labels ?? {});
  const isElsewhere = peer.namespace !== namespace;
  return {
    ...own,
    ...(isElsewhere || Object.keys(own).length === 0
      ? { 'k8s:io.kubernetes.pod.namespace': peer.namespace ?? '' }
      : {}),
    ...(peer.cluster === undefined || peer.cluster === cluster
      ? {}
      : { 'k8s:io.cilium.k8s.policy.cluster': peer.cluster }),
  };
}

function kubernetesPeer({ direction, namespace, peer, cluster }: PeerQuestion): JsonObject | string {
  const key = direction === 'ingress' ? 'from' : 'to';
  if (peer.namespace !== undefined && (peer.cluster === undefined || peer.cluster === cluster)) {
    const podSelector = { matchLabels: steadyLabels(peer.labels ?? {}) };
    const namespaceSelector = { matchLabels: { 'kubernetes.io/metadata.name': peer.namespace } };
    return { [key]: [peer.namespace === namespace ? { podSelector } : { namespaceSelector, podSelector }] };
  }
  const block = peer.entity === undefined ? blockOf(peer) : undefined;
  return block === undefined ? 'A NetworkPolicy cannot name this peer.' : { [key]: [{ ipBlock: { cidr: block } }] };
}

function blockOf({ cidr }: Endpoint): string | undefined {
  const block =
    cidr === undefined ? undefined : parseCidr(cidr.includes('/') ? cidr : `${cidr}/${cidr.includes(':') ? 128 : 32}`);
  return block && formatCidr(block);
}

import type { Direction, Peer, Peers, PeerTarget, Ports, Rule } from '../model/policy.ts';
import { clusterKey, namespaceKey, namespaceLabelPrefix } from '../model/selector.ts';
import type { Requirement } from '../model/selector.ts';
import { readKubernetesPorts } from './ports.ts';
import { fieldsOf, itemsOf, textOf, textsOf } from './read.ts';
import type { Fields, Reading } from './read.ts';
import { placeInNamespace, readRequirements, readSelector } from './selectors.ts';
import type { ReadSelector } from './selectors.ts';

export interface KubernetesContext {
  readonly reading: Reading;
  readonly namespace: string;
  readonly as: 'cilium' | 'kubernetes';
}

const nothing = { labels: [], expressions: [] };

const directions = [
  { direction: 'ingress', type: 'Ingress', peers: 'from' },
  { direction: 'egress', type: 'Egress', peers: 'to' },
] as const;

/** The rules of a NetworkPolicy; a direction that isolates without items is a rule that matches nobody. */
export function readNetworkPolicyRules(context: KubernetesContext, object: Fields): Rule[] {
  const { reading, namespace } = context;
  const spec = fieldsOf(reading, object['spec'], 'spec') ?? {};
  const text = { value: spec['podSelector'], path: 'spec.podSelector', source: 'k8s' };
  const subject = {
    requirements: placeInNamespace(readSelector(reading, text) ?? nothing, namespace),
    cluster: 'any',
  } as const;
  const types = textsOf(reading, spec['policyTypes'], 'spec.policyTypes') ?? [];
  return directions.flatMap(({ direction, type, peers }): Rule[] => {
    const items = itemsOf(reading, spec[direction], `spec.${direction}`) ?? [];
    const rule = { direction, effect: 'allow', defaultDeny: true, subject, subjectIs: 'endpoint' } as const;
    const isListed = types.includes(type);
    if (!counts({ ...context, direction, isListed, types, hasItems: items.length > 0 })) return [];
    if (items.length === 0) {
      const nobody: Peers = { type: 'nobody', empty: 'no-rule' };
      return [{ ...rule, peers: nobody, ports: 'all', path: `spec.${direction}`, name: direction }];
    }
    return items.map((item) => ({
      ...rule,
      peers: readPeers(context, item.fields[peers], `${item.path}.${peers}`),
      ports: readKubernetesPorts(reading, item.fields['ports'], `${item.path}.ports`) satisfies Ports,
      path: item.path,
      name: `${direction}[${item.index}]`,
    }));
  });
}

interface Counting extends KubernetesContext {
  readonly direction: Direction;
  readonly isListed: boolean;
  readonly types: readonly string[];
  readonly hasItems: boolean;
}

/**
 * Whether a direction isolates. Without `policyTypes` both agree: ingress always, egress where it has rules.
 * With them Kubernetes goes by the list alone; Cilium also counts a section that the list leaves out.
 */
function counts({ as, direction, isListed, types, hasItems }: Counting): boolean {
  if (types.length === 0) return direction === 'ingress' || hasItems;
  return isListed || (as === 'cilium' && (hasItems || (direction === 'ingress' && !types.includes('Egress'))));
}

function readPeers(context: KubernetesContext, value: unknown, path: string): Peers {
  const peers = (itemsOf(context.reading, value, path) ?? []).map((peer): Peer => ({
    ...readPeer(context, peer.fields, peer.path),
    index: peer.index,
    path: peer.path,
  }));
  return peers.length === 0 ? { type: 'any' } : { type: 'list', peers, ifEmpty: 'nobody' };
}

function readPeer({ reading, namespace, as }: KubernetesContext, peer: Fields, path: string): PeerTarget {
  const block = fieldsOf(reading, peer['ipBlock'], `${path}.ipBlock`);
  if (block) {
    const cidr = textOf(reading, block['cidr'], `${path}.ipBlock.cidr`) ?? '';
    const except = textsOf(reading, block['except'], `${path}.ipBlock.except`) ?? [];
    return { type: 'cidr', cidr, except, matchesPods: as === 'kubernetes' };
  }
  const podText = { value: peer['podSelector'], path: `${path}.podSelector`, source: 'k8s' };
  const selector = withoutEmptyCluster(readSelector(reading, podText) ?? nothing);
  const pods = [...selector.labels, ...selector.expressions];
  const cluster = pods.some(({ key }) => key === clusterKey) ? ('any' as const) : ('default' as const);
  const namespaces = readRequirements(reading, {
    value: peer['namespaceSelector'],
    path: `${path}.namespaceSelector`,
    source: 'k8s',
    prefix: namespaceLabelPrefix,
  });
  if (!namespaces) {
    return { type: 'endpoints', selector: { requirements: placeInNamespace(selector, namespace), cluster } };
  }
  const anyNamespace: Requirement = { source: 'k8s', key: namespaceKey, operator: 'Exists', values: [] };
  const requirements = [...(namespaces.length === 0 ? [anyNamespace] : namespaces), ...pods];
  return { type: 'endpoints', selector: { requirements, cluster } };
}

/** A cluster label without a value names no cluster: Cilium sets the local one over it. */
function withoutEmptyCluster({ labels, expressions }: ReadSelector): ReadSelector {
  return { labels: labels.filter(({ key, values }) => !(key === clusterKey && values[0] === '')), expressions };
}

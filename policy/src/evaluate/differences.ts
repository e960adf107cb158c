import { disabledLabel } from '../edit/disabled-label.ts';
import { contains, formatCidr, parseCidr } from '../model/address.ts';
import type { Difference } from '../model/explanation.ts';
import type { Peer, PortMatch } from '../model/policy.ts';
import { keysOf, keysPerProtocol, protocolAt } from '../model/protocol.ts';
import { clusterKey, namespaceKey, namespaceLabelPrefix } from '../model/selector.ts';
import type { Requirement } from '../model/selector.ts';
import type { CompiledPeer, CompiledRule } from './compiled-policy.ts';
import { parseCidrKey } from './labels.ts';
import type { Identity } from './labels.ts';
import type { Condition, Universe } from './universe.ts';

/** What an identity is, in words. */
export function describeIdentity({ labels, cidr }: Identity): string {
  const namespace = labels.get(namespaceKey);
  if (namespace) return `a pod of namespace ${namespace.value}`;
  const reserved = [...labels].filter(([, { source }]) => source === 'reserved').map(([key]) => key);
  const others = reserved.filter((name) => !name.startsWith('world'));
  if (others.length > 0) return `the ${others.join(' and ')}`;
  return cidr ? `an address in ${formatCidr(cidr)}, outside the cluster` : 'an address outside the cluster';
}

/** What keeps a rule's peers from being this one; empty where nothing does. The peer that lacks least speaks for all. */
export function peerDifferences(rule: CompiledRule, identity: Identity, universe: Universe): readonly Difference[] {
  if (rule.peers === 'any') return [];
  if (rule.peers === 'nobody') {
    return [
      { what: 'no-peer', path: rule.rule.path, message: `${rule.rule.name} names nobody, so it matches nothing` },
    ];
  }
  const each = rule.peers.map((peer) => differencesOf(peer, identity, universe));
  return least(each) ?? [];
}

function differencesOf(
  { peer, conditions }: CompiledPeer,
  identity: Identity,
  universe: Universe,
): readonly Difference[] {
  const known = conditions.map((place) => universe.conditionAt(place));
  if (conditions.some((place) => universe.isMet(place, identity))) return [];
  const single = (what: Difference['what'], message: string, expected?: string): Difference[] => [
    { what, path: peer.path, message, expected, actual: describeIdentity(identity) },
  ];
  const is = describeIdentity(identity);
  switch (peer.type) {
    case 'endpoints':
    case 'nodes':
    case 'service': {
      if (!identity.labels.has(namespaceKey))
        return single('kind-of-peer', `the rule names pods, and the peer is ${is}`);
      return least(known.map((condition) => labelDifferences(condition, identity, peer.path))) ?? [];
    }
    case 'entity':
      return single('entity', `the rule names the entity ${peer.entity}, and the peer is ${is}`, peer.entity);
    case 'cidr':
      return blockDifferences(peer, identity);
    case 'cidr-group':
      return single('address', `the peer is ${is}, not in the CIDR group ${peer.group}`, peer.group);
    case 'cidr-groups':
      return single('address', `the peer is ${is}, not in a CIDR group that the rule selects`);
    case 'fqdn': {
      const name = peer.matchName ?? peer.matchPattern ?? '';
      return single('name', `the peer is ${is}, not known by a name that matches ${name}`, name);
    }
    case 'external-group':
      return single('address', 'the rule names an external group, whose addresses are not in the manifests');
  }
}

function blockDifferences(peer: Peer & { type: 'cidr' }, identity: Identity): readonly Difference[] {
  const is = describeIdentity(identity);
  const difference = (what: Difference['what'], message: string, path = peer.path): Difference[] => [
    { what, path, message, expected: peer.cidr, actual: is },
  ];
  if (!['world', 'world-ipv4', 'world-ipv6'].some((key) => identity.labels.has(key))) {
    return difference('kind-of-peer', `${peer.cidr} means addresses outside the cluster, and the peer is ${is}`);
  }
  const hole = peer.except.findIndex((text) => {
    const block = parseCidr(text);
    return block && identity.cidr && contains(block, identity.cidr);
  });
  if (hole < 0) return difference('address', `the peer is ${is}, which is not within ${peer.cidr}`);
  return difference('exception', `${peer.except[hole]} is excepted from ${peer.cidr}`, `${peer.path}.except[${hole}]`);
}

export function labelDifferences(condition: Condition, identity: Identity, path: string): Difference[] {
  if (condition.type !== 'labels') return [];
  return condition.requirements
    .filter((each) => !isMet(each, identity))
    .map((each) => labelDifference(each, identity, path));
}

/** The same question as the label index answers, for one identity. */
export function isMet({ source, key, operator, values }: Requirement, identity: Identity): boolean {
  const block = source === 'cidr' ? parseCidrKey(key) : undefined;
  const label = block ? undefined : identity.labels.get(key);
  const found = block
    ? identity.cidr && contains(block, identity.cidr) && { value: '' }
    : label && (source === 'any' || label.source === source) && label;
  if (operator === 'Exists') return Boolean(found);
  if (operator === 'DoesNotExist') return !found;
  const isOneOf = Boolean(found) && values.includes(found ? found.value : '');
  return operator === 'In' ? isOneOf : !isOneOf;
}

function labelDifference({ key, source, operator, values }: Requirement, identity: Identity, path: string): Difference {
  if (key === disabledLabel.key) return { what: 'disabled', path, message: 'its policy is disabled' };
  const label = identity.labels.get(key);
  const actual = label && (source === 'any' || label.source === source) ? label.value : undefined;
  const what = key === namespaceKey ? 'namespace' : key === clusterKey ? 'cluster' : 'label';
  const name = nameOf(key);
  const wanted = values.join(' or ');
  const is = actual === undefined ? 'is absent' : `is ${actual === '' ? 'empty' : actual}`;
  const message = {
    In: `${name} ${is}, not ${wanted}`,
    NotIn: `${name} ${is}, which the rule leaves out`,
    Exists: `${name} is absent`,
    DoesNotExist: `${name} ${is}, and the rule wants it absent`,
  }[operator];
  return { what, path, message, expected: values.length === 1 ? values[0] : undefined, actual };
}

function nameOf(key: string): string {
  if (key === namespaceKey) return 'the namespace';
  if (key === clusterKey) return 'the cluster';
  if (key.startsWith(namespaceLabelPrefix)) return `the namespace's label ${key.slice(namespaceLabelPrefix.length)}`;
  return `label ${key}`;
}

/** What keeps a rule's ports from holding for a key; empty where nothing does. */
export function portDifferences(rule: CompiledRule, key: number, holder: Identity): readonly Difference[] {
  const { ports, path, name } = rule.rule;
  if (ports === 'all') return [];
  if (ports.length === 0) {
    return [{ what: 'no-port', path, message: `${name} lists no port, so it matches nothing` }];
  }
  return least(ports.map((port) => portDifference(port, key, rule.direction === 'ingress', holder))) ?? [];
}

function portDifference(match: PortMatch, key: number, isIngress: boolean, holder: Identity): readonly Difference[] {
  const protocol = protocolAt(key);
  const port = key % keysPerProtocol;
  const actual = `${port}/${protocol}`;
  const { path } = match;
  if (!match.protocols.includes(protocol)) {
    const expected = match.protocols.join(' or ');
    return [{ what: 'protocol', path, message: `protocol ${protocol} is not ${expected}`, expected, actual: protocol }];
  }
  if (match.port.type === 'range') {
    const { first, last } = keysOf(protocol, match.port.first, match.port.last);
    if (first <= key && key <= last) return [];
    const expected =
      match.port.first === match.port.last ? `${match.port.first}` : `${match.port.first}-${match.port.last}`;
    return [{ what: 'port', path, message: `port ${port} is not ${expected}`, expected, actual }];
  }
  const { name } = match.port;
  const named = holder.ports.get(name);
  if (named?.protocol === protocol && named.port === port) return [];
  const meaning = named ? `which is ${named.port}/${named.protocol} there` : 'which the destination does not have';
  const message = `port ${port} is not ${name}, ${meaning}`;
  return isIngress || named
    ? [{ what: 'port', path, message, expected: name, actual }]
    : [{ what: 'port', path, message, actual }];
}

const weights: Readonly<Partial<Record<Difference['what'], number>>> = {
  'kind-of-peer': 4,
  'no-peer': 6,
  'no-port': 6,
  entity: 3,
  cluster: 3,
  'subject-label': 3,
  disabled: 3,
  protocol: 2,
  namespace: 2,
};

export function weightOf(differences: readonly Difference[]): number {
  return differences.reduce((sum, { what }) => sum + (weights[what] ?? 1), 0);
}

function least(each: readonly (readonly Difference[])[]): readonly Difference[] | undefined {
  return each.reduce<readonly Difference[] | undefined>(
    (best, next) => (best === undefined || weightOf(next) < weightOf(best) ? next : best),
    undefined,
  );
}

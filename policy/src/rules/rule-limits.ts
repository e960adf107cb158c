import type { PolicyKind } from '../model/policy.ts';
import type { Port, Rule } from './model.ts';
import { at, obstruct } from './reading.ts';
import type { At } from './reading.ts';

/** What a rule says that its kind of policy cannot. */
export function checkRule(rule: Rule, kind: PolicyKind, place: At): void {
  const types = new Set(rule.peers.map(({ type }) => type));
  if (types.has('any') && rule.peers.length > 1)
    obstruct(at(place, 'peers'), 'mixed-peers', 'any stands alone: it takes in all the others');
  rule.ports.forEach((port, index) => checkPort(port, kind, at(place, 'ports', index)));
  if (kind === 'NetworkPolicy') checkKubernetes(rule, types, place);
  else checkCilium(rule, types, place);
}

function checkKubernetes(rule: Rule, types: ReadonlySet<string>, place: At): void {
  if (rule.action === 'deny')
    obstruct(at(place, 'action'), 'not-here', 'A NetworkPolicy cannot deny: what no rule allows is denied');
  if (rule.peers.length === 0) {
    obstruct(
      at(place, 'peers'),
      'not-here',
      'A rule of a NetworkPolicy cannot name nobody: leave the rule out, or name any',
    );
  }
  for (const type of types) {
    if (type === 'entity' || type === 'dns')
      obstruct(at(place, 'peers'), 'not-here', `A NetworkPolicy has no peers of type ${type}`);
  }
  for (const key of ['icmp', 'http', 'dns'] as const) {
    if (rule[key]) obstruct(at(place, key), 'not-here', `A NetworkPolicy cannot name ${key}`);
  }
}

function checkCilium(rule: Rule, types: ReadonlySet<string>, place: At): void {
  const { direction, action, ports, icmp, http, dns } = rule;
  if (types.size > 1)
    obstruct(at(place, 'peers'), 'mixed-peers', 'Cilium takes one type of peers in a rule: make a rule for each');
  if (types.has('any') && ports.length === 0 && !icmp) {
    obstruct(
      at(place, 'peers'),
      'not-here',
      'A Cilium rule without peers and ports allows nothing: name ports, or the entity all',
    );
  }
  if (types.has('dns') && (direction === 'ingress' || action === 'deny')) {
    obstruct(at(place, 'peers'), 'not-here', 'Cilium takes DNS names only where outgoing connections are allowed');
  }
  if (icmp && ports.length > 0)
    obstruct(at(place, 'icmp'), 'ports-and-icmp', 'Cilium takes either ports or ICMP types in a rule');
  for (const key of ['http', 'dns'] as const) {
    const requests = rule[key];
    if (requests === undefined) continue;
    if (requests.length === 0)
      obstruct(at(place, key), 'incomplete', `An empty list of ${key} rules says nothing: leave it out`);
    if (ports.length === 0) obstruct(at(place, key), 'incomplete', `${key} rules need ports`);
    if (ports.length > 40)
      obstruct(at(place, 'ports'), 'too-many', 'Cilium takes at most 40 ports where requests are limited');
    if (action === 'deny') obstruct(at(place, key), 'not-here', 'A deny rule cannot name requests');
  }
  if (http && dns) obstruct(at(place, 'dns'), 'not-here', 'Cilium takes either HTTP or DNS requests in a rule');
}

function checkPort({ port, endPort }: Port, kind: PolicyKind, place: At): void {
  const isNumber = /^(?:0|[1-9][0-9]*)$/.test(port);
  if (!isNumber && !/^[a-zA-Z0-9-]*[a-zA-Z][a-zA-Z0-9-]*$/.test(port)) {
    obstruct(at(place, 'port'), 'bad-port', `${JSON.stringify(port)} is neither a plain number nor a name`);
  }
  if (endPort === undefined) return;
  if (!isNumber || endPort < Number(port) || (kind === 'NetworkPolicy' && port === '0')) {
    obstruct(
      at(place, 'endPort'),
      'bad-range',
      'The end of a range should not be below its first port, which should be a number',
    );
  }
}

import type { PolicyKind } from '@bartizan/api';
import type { PolicyRule, PolicyRules, RulePeer } from '@bartizan/policy';
import { readScope, labelsOf, withScope } from './peer-scope.ts';
import { ruleFault } from './rule-fault.ts';
import type { Typed } from './selector-text.ts';

/** The same rules as another kind of policy, where that kind can say all of them. */
export function changeKind(rules: PolicyRules, kind: PolicyKind, namespace: string): Typed<PolicyRules> {
  const { policyTypes: _types, enableDefaultDeny, subject: _subject, ...rest } = rules;
  const changed = rules.rules.map((rule) => convert(rule, rules.kind, kind));
  for (const [index, rule] of changed.entries()) {
    const fault = rule === null ? 'it chooses namespaces by labels' : whyNot(rule, kind);
    if (fault) return { ok: false, message: `A ${kind} cannot say rule ${index + 1}: ${fault}` };
  }
  if (enableDefaultDeny && kind === 'NetworkPolicy')
    return { ok: false, message: 'A NetworkPolicy always drops what its rules do not name' };
  return {
    ok: true,
    value: {
      ...rest,
      kind,
      namespace: kind === 'CiliumClusterwideNetworkPolicy' ? '' : rules.namespace || namespace,
      ...(enableDefaultDeny ? { enableDefaultDeny } : {}),
      rules: changed.filter((rule) => rule !== null),
    },
  };
}

function whyNot(rule: PolicyRule, kind: PolicyKind): string | null {
  if (kind !== 'NetworkPolicy') return ruleFault(rule, kind);
  const type = rule.peers.find((peer) => peer.type === 'entity' || peer.type === 'dns')?.type;
  if (type) return type === 'entity' ? 'it names an entity' : 'it names a domain';
  if (rule.icmp) return 'it names ICMP types';
  if (rule.http || rule.dns) return 'it limits requests';
  if (rule.ports.some(({ protocol }) => protocol === 'ANY')) return 'it names a port of any protocol';
  return ruleFault(rule, kind);
}

function convert(rule: PolicyRule, from: PolicyKind, to: PolicyKind): PolicyRule | null {
  const peers = rule.peers.map((peer) => convertPeer(peer, from, to));
  if (!peers.every((peer) => peer !== null)) return null;
  const isBare = rule.ports.length === 0 && !rule.icmp;
  return { ...rule, peers: peers.map((peer) => anyone(peer, { isBare, isOnly: peers.length === 1, to })) };
}

function convertPeer(peer: RulePeer, from: PolicyKind, to: PolicyKind): RulePeer | null {
  if (peer.type !== 'pods' || (from === 'NetworkPolicy') === (to === 'NetworkPolicy')) return peer;
  const scope = readScope(peer, from);
  return scope.kind === 'labelled' ? null : withScope({ type: 'pods', pods: labelsOf(peer, from) }, scope, to);
}

/** Anyone on any port is the entity `all` to Cilium. */
function anyone(
  peer: RulePeer,
  { isBare, isOnly, to }: { isBare: boolean; isOnly: boolean; to: PolicyKind },
): RulePeer {
  if (to !== 'NetworkPolicy') return peer.type === 'any' && isBare ? { type: 'entity', entity: 'all' } : peer;
  return peer.type === 'entity' && peer.entity === 'all' && isOnly ? { type: 'any' } : peer;
}

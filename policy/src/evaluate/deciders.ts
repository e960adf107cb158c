import type { Decider } from '../model/verdict.ts';
import { hasBit } from './bitset.ts';
import type { CompiledRule } from './compiled-policy.ts';
import type { Side } from './side.ts';
import type { Universe } from './universe.ts';

/**
 * The rules that decided about a peer: all that deny, else all that allow, else those that switched default deny on.
 * Empty where nothing but the absence of rules, or the exemption of the local host, decided.
 */
export function decidersOf(side: Side, key: number, peer: number, universe: Universe): readonly Decider[] {
  const denying: Decider[] = [];
  const allowing: Decider[] = [];
  let last: CompiledRule | undefined;
  for (const { rule, port, first, last: end, peers } of side.matches) {
    if (key < first || key > end || (peers && !hasBit(peers, peer)) || rule === last) continue;
    last = rule;
    (rule.isDeny ? denying : allowing).push(rule.decider(peerIndexOf(rule, peer, universe), port?.index));
  }
  if (denying.length > 0) return denying;
  if (allowing.length > 0) return allowing;
  const isExempt = side.exempt !== undefined && hasBit(side.exempt, peer);
  return side.isDefaultDeny && !isExempt ? defaultDeniers(side) : [];
}

function peerIndexOf(rule: CompiledRule, peer: number, universe: Universe): number | undefined {
  if (typeof rule.peers === 'string') return undefined;
  return rule.peers.find(({ conditions }) => conditions.some((each) => hasBit(universe.matching(each), peer)))?.peer
    .index;
}

/** The first rule of each policy that switches default deny on. */
function defaultDeniers(side: Side): Decider[] {
  const first = new Map<string, CompiledRule>();
  for (const rule of side.rules) {
    if (rule.rule.defaultDeny && !first.has(rule.policy.ref)) first.set(rule.policy.ref, rule);
  }
  return [...first.values()].map(({ policy, rule }) => ({
    policy: policy.ref,
    direction: rule.direction,
    rule: rule.name,
    effect: 'default-deny',
    path: rule.path,
  }));
}

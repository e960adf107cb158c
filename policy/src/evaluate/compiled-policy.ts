import type { Cidr } from '../model/address.ts';
import type { Direction, Peer, Policy, Rule } from '../model/policy.ts';
import type { Decider } from '../model/verdict.ts';
import { orInto } from './bitset.ts';
import type { Bitset } from './bitset.ts';
import { blocksOfPeer, conditionOfSelector, conditionsOfPeer } from './conditions.ts';
import type { ConditionContext } from './conditions.ts';
import { fqdnSelector } from './fqdn.ts';
import type { FqdnSelector } from './fqdn.ts';
import type { Universe } from './universe.ts';

export interface CompiledPolicy {
  readonly policy: Policy;
  readonly rules: readonly CompiledRule[];
  readonly blocks: readonly Cidr[];
  readonly fqdns: readonly FqdnSelector[];
}

/** A rule whose peers are sets of identities. */
export interface CompiledRule {
  /** Unique among all rules of the universe. */
  readonly id: number;
  readonly policy: Policy;
  readonly rule: Rule;
  readonly direction: Direction;
  readonly isDeny: boolean;
  /** The condition that its subjects meet. */
  readonly subject: number;
  readonly peers: 'any' | 'nobody' | readonly CompiledPeer[];
  /** The identities that are a peer; `undefined` stands for all. */
  matching(): Bitset | undefined;
  /** The same without the identities that only their aggregate lets in: named ports are looked up for each. */
  matchingExactly(): Bitset | undefined;
  decider(peer: number | undefined, port: number | undefined): Decider;
}

export interface CompiledPeer {
  readonly peer: Peer;
  readonly conditions: readonly number[];
}

export interface CompileContext extends ConditionContext {
  readonly universe: Universe;
  nextRuleId(): number;
}

export function compilePolicy(policy: Policy, context: CompileContext): CompiledPolicy {
  const peers = policy.rules.flatMap(({ peers: each }) => (each.type === 'list' ? each.peers : []));
  return {
    policy,
    rules: policy.rules.map((rule) => compileRule(policy, rule, context)),
    blocks: peers.flatMap((peer) => blocksOfPeer(peer, context)),
    fqdns: peers.flatMap((peer) => (peer.type === 'fqdn' ? [fqdnSelector(peer)] : [])),
  };
}

function compileRule(policy: Policy, rule: Rule, context: CompileContext): CompiledRule {
  const { universe } = context;
  const peers = compilePeers(rule, context);
  const deciders = new Map<string, Decider>();
  const union = (matching: (condition: number) => Bitset): Bitset | undefined => {
    if (peers === 'any') return undefined;
    const bits = new Uint32Array(universe.words);
    if (peers === 'nobody') return bits;
    for (const { conditions } of peers) for (const condition of conditions) orInto(bits, matching(condition));
    return bits;
  };
  const effective = remember(universe, () => union(universe.matching));
  const exact = remember(universe, () => union(universe.matchingExactly));
  return {
    id: context.nextRuleId(),
    policy,
    rule,
    direction: rule.direction,
    isDeny: rule.effect === 'deny',
    subject: universe.conditionOf(conditionOfSelector(rule.subject, context)),
    peers,
    matching: effective,
    matchingExactly: exact,
    decider(peer, port) {
      const key = `${peer}/${port}`;
      const known = deciders.get(key);
      if (known) return known;
      const { ref } = policy;
      const { direction, name, path, effect } = rule;
      const decider: Decider = { policy: ref, direction, rule: name, effect, path, peer, port };
      deciders.set(key, decider);
      return decider;
    },
  };
}

/** Keeps a result until the universe grows. */
function remember<T>(universe: Universe, compute: () => T): () => T {
  let count = -1;
  let value: T | undefined;
  return () => {
    if (count !== universe.identities.length || value === undefined) {
      value = compute();
      count = universe.identities.length;
    }
    return value;
  };
}

function compilePeers(rule: Rule, context: CompileContext): CompiledRule['peers'] {
  const { peers } = rule;
  if (peers.type !== 'list') return peers.type;
  const compiled = peers.peers
    .map((peer) => ({ peer, conditions: conditionsOfPeer(peer, context).map(context.universe.conditionOf) }))
    .filter(({ conditions }) => conditions.length > 0);
  return compiled.length > 0 ? compiled : peers.ifEmpty;
}

import { formatCidr } from '../model/address.ts';
import type { Cidr } from '../model/address.ts';
import type { Direction, Peer, Policy, Rule } from '../model/policy.ts';
import type { Decider } from '../model/verdict.ts';
import { orInto } from './bitset.ts';
import type { Bitset } from './bitset.ts';
import { blocksOfPeer, conditionOfSelector, conditionsOfPeer } from './conditions.ts';
import type { ConditionContext } from './conditions.ts';
import { fqdnSelector } from './fqdn.ts';
import type { FqdnSelector } from './fqdn.ts';
import { fixedMatches } from './match.ts';
import type { Match } from './match.ts';
import type { Universe } from './universe.ts';

export interface CompiledPolicy {
  readonly policy: Policy;
  readonly rules: readonly CompiledRule[];
  readonly blocks: readonly Cidr[];
  readonly fqdns: readonly FqdnSelector[];
  /** Blocks and names as one text: the same where addresses are told apart by the same. */
  readonly addressKey: string;
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
  /** Everything that does not depend on the subject. Not to be changed. */
  matches(): readonly Match[];
  /** Whether it asks for a proxy or for authentication. */
  readonly isSpecial: boolean;
  /** Whether named ports of the subject add to that. */
  readonly hasSubjectPorts: boolean;
  decider(peer: number | undefined, port: number | undefined): Decider;
}

export interface CompiledPeer {
  readonly peer: Peer;
  readonly conditions: readonly number[];
  /** The identities that are this peer. Not to be changed. */
  matching(): Bitset;
  /** The same without those that only their aggregate lets in: named ports are looked up for each identity. */
  matchingExactly(): Bitset;
}

export interface CompileContext extends ConditionContext {
  readonly universe: Universe;
  nextRuleId(): number;
}

export function compilePolicy(policy: Policy, context: CompileContext): CompiledPolicy {
  const peers = policy.rules.flatMap(({ peers: each }) => (each.type === 'list' ? each.peers : []));
  const blocks = peers.flatMap((peer) => blocksOfPeer(peer, context));
  const fqdns = peers.flatMap((peer) => (peer.type === 'fqdn' ? [fqdnSelector(peer)] : []));
  const texts = [...blocks.map(formatCidr), ...fqdns.map(({ text }) => `name ${text}`)];
  return {
    policy,
    rules: policy.rules.map((rule) => compileRule(policy, rule, context)),
    blocks,
    fqdns,
    addressKey: [...new Set(texts)].toSorted().join(),
  };
}

function compileRule(policy: Policy, rule: Rule, context: CompileContext): CompiledRule {
  const peers = compilePeers(rule, context);
  const deciders = new Map<string, Decider>();
  const compiled: CompiledRule = {
    id: context.nextRuleId(),
    policy,
    rule,
    direction: rule.direction,
    isDeny: rule.effect === 'deny',
    subject: context.universe.conditionOf(conditionOfSelector(rule.subject, context)),
    peers,
    matches: remember(context.universe, () => fixedMatches(compiled, context.universe)),
    isSpecial: rule.authentication !== undefined || hasL7(rule.ports),
    hasSubjectPorts: rule.direction === 'ingress' && hasNames(rule.ports),
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
  return compiled;
}

function hasL7(ports: Rule['ports']): boolean {
  return ports !== 'all' && ports.some(({ l7 }) => l7 !== undefined);
}

function hasNames(ports: Rule['ports']): boolean {
  return ports !== 'all' && ports.some(({ port }) => port.type === 'name');
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
    .map((peer) => compilePeer(peer, context))
    .filter(({ conditions }) => conditions.length > 0);
  return compiled.length > 0 ? compiled : peers.ifEmpty;
}

function compilePeer(peer: Peer, context: CompileContext): CompiledPeer {
  const { universe } = context;
  const conditions = conditionsOfPeer(peer, context).map(universe.conditionOf);
  const union = (matching: (condition: number) => Bitset): Bitset => {
    const [first] = conditions;
    if (conditions.length === 1 && first !== undefined) return matching(first);
    const bits = new Uint32Array(universe.words);
    for (const condition of conditions) orInto(bits, matching(condition));
    return bits;
  };
  return {
    peer,
    conditions,
    matching: remember(universe, () => union(universe.matching)),
    matchingExactly: remember(universe, () => union(universe.matchingExactly)),
  };
}

import type { WalkedRule } from '../model/explanation.ts';
import { hasBit } from './bitset.ts';
import type { CompiledRule } from './compiled-policy.ts';
import { peerDifferences, portDifferences } from './differences.ts';
import type { Identity } from './labels.ts';
import type { Side } from './side.ts';
import type { Universe } from './universe.ts';

interface Question {
  readonly key: number;
  readonly peer: Identity;
  /** Whose named ports count: the destination. */
  readonly holder: Identity;
  readonly universe: Universe;
}

/** What every rule of a side says of one connection, in the order in which the policies have them. */
export function walkOf({ rules, matches }: Side, { key, peer, holder, universe }: Question): readonly WalkedRule[] {
  const holding = new Set(
    matches
      .filter(({ first, last, peers }) => first <= key && key <= last && (!peers || hasBit(peers, peer.place)))
      .map(({ rule }) => rule),
  );
  return rules.map((rule): WalkedRule => {
    const isHolding = holding.has(rule);
    return {
      policy: rule.policy.ref,
      rule: rule.rule.name,
      path: rule.rule.path,
      says: isHolding ? (rule.isDeny ? 'denies' : 'allows') : isIsolation(rule) ? 'isolates' : 'nothing',
      effect: rule.rule.effect,
      peerDiffers: isHolding ? [] : peerDifferences(rule, peer, universe),
      portDiffers: isHolding ? [] : portDifferences(rule, key, holder),
    };
  });
}

function isIsolation({ rule, peers, isDeny }: CompiledRule): boolean {
  return !isDeny && rule.defaultDeny && peers === 'nobody';
}

import type { Decider } from '../model/verdict.ts';
import type { CompiledRule } from './compiled-policy.ts';
import type { Side } from './side.ts';

/** The first rule of each policy that switches default deny on. */
export function defaultDeniersOf(side: Side): Decider[] {
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

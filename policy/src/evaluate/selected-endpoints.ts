import type { Policy } from '../model/policy.ts';
import { hasBit } from './bitset.ts';
import { compilePolicy } from './compiled-policy.ts';
import type { Engine } from './engine.ts';

/** Ids of the pods of the engine's world that the policy selects, whether or not the policy is in the engine. */
export function selectedEndpoints({ state }: Engine, policy: Policy): readonly string[] {
  const { universe } = state;
  const rules = compilePolicy(policy, state.compile).rules.filter(({ rule }) => rule.subjectIs === 'endpoint');
  const subjects = [...new Set(rules.map(({ subject }) => subject))].map((subject) =>
    universe.matchingExactly(subject),
  );
  return [...state.slots].flatMap(([id, { endpoint, identity }]) => {
    const isPod = endpoint.namespace !== undefined && endpoint.entity === undefined;
    return isPod && subjects.some((bits) => hasBit(bits, identity.place)) ? [id] : [];
  });
}

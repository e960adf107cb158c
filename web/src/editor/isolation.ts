import type { PolicyRule, PolicyRules, PolicyType } from '@bartizan/policy';
import type { RuleModel } from './rule-model.ts';

type Direction = PolicyRule['direction'];

const typeOf = { ingress: 'Ingress', egress: 'Egress' } as const;

/** Whether what no rule names is dropped in a direction. */
export function isolates({ policy, cards }: RuleModel, direction: Direction): boolean {
  const hasRules = cards.some(({ rule }) => rule.direction === direction);
  if (policy.kind !== 'NetworkPolicy') return policy.enableDefaultDeny?.[direction] ?? hasRules;
  return policy.policyTypes?.includes(typeOf[direction]) ?? (direction === 'ingress' || hasRules);
}

export function setIsolation(model: RuleModel, direction: Direction, isOn: boolean): RuleModel['policy'] {
  const { policy } = model;
  return policy.kind === 'NetworkPolicy'
    ? setTypes(model, direction, isOn)
    : setDefaultDeny(policy, { direction, isOn, usual: model.cards.some(({ rule }) => rule.direction === direction) });
}

function setTypes(model: RuleModel, direction: Direction, isOn: boolean): RuleModel['policy'] {
  const wanted = (['ingress', 'egress'] as const).filter((one) => (one === direction ? isOn : isolates(model, one)));
  const policyTypes: readonly PolicyType[] = wanted.map((one) => typeOf[one]);
  return { ...model.policy, policyTypes };
}

function setDefaultDeny(
  policy: RuleModel['policy'],
  { direction, isOn, usual }: { direction: Direction; isOn: boolean; usual: boolean },
): RuleModel['policy'] {
  const { enableDefaultDeny = {}, ...rest } = policy;
  const { [direction]: _, ...other } = enableDefaultDeny;
  const next: PolicyRules['enableDefaultDeny'] = isOn === usual ? other : { ...other, [direction]: isOn };
  return { ...rest, ...(Object.keys(next).length > 0 ? { enableDefaultDeny: next } : {}) };
}

/** What the policy does to the connections of a direction, in a few words. */
export function isolationWords(model: RuleModel, direction: Direction): string {
  const own = model.cards.filter(({ rule }) => rule.direction === direction);
  const allowing = own.filter(({ rule }) => rule.action === 'allow').length;
  const verb = direction === 'ingress' ? 'accept' : 'may send';
  if (!isolates(model, direction)) {
    if (own.length > 0) return 'these rules are applied; what they do not name stays as it was';
    return `no rule: this policy leaves what the selected pods ${direction === 'ingress' ? 'accept' : 'send'} alone`;
  }
  if (allowing === 0) return `the selected pods ${verb} nothing, unless another policy allows it`;
  return `the selected pods ${verb} only what ${allowing === 1 ? 'this rule allows' : `these ${allowing} rules allow`}`;
}

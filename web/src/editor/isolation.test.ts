import { expect, test } from 'vitest';
import { isolates, isolationWords, setIsolation } from './isolation.ts';
import { newRule } from './rule-edit.ts';
import { modelOf } from './rule-model.ts';

const cilium = { kind: 'CiliumNetworkPolicy', name: 'web', namespace: 'shop', enabled: true, selector: {} } as const;
const kubernetes = { ...cilium, kind: 'NetworkPolicy' } as const;

test('a NetworkPolicy isolates what comes in even without a rule, Cilium only with one', () => {
  expect(isolates(modelOf({ ...kubernetes, rules: [] }, 1), 'ingress')).toBe(true);
  expect(isolates(modelOf({ ...kubernetes, rules: [] }, 1), 'egress')).toBe(false);
  expect(isolates(modelOf({ ...cilium, rules: [] }, 1), 'ingress')).toBe(false);
  expect(isolates(modelOf({ ...cilium, rules: [newRule('ingress')] }, 1), 'ingress')).toBe(true);
});

test('isolation is written only where it is not what the rules say by themselves', () => {
  const model = modelOf({ ...cilium, rules: [newRule('ingress')] }, 1);
  const off = setIsolation(model, 'ingress', false);
  expect(off.enableDefaultDeny).toEqual({ ingress: false });
  expect(setIsolation({ ...model, policy: off }, 'ingress', true)).toEqual(model.policy);
  const both = setIsolation(modelOf({ ...kubernetes, rules: [] }, 1), 'egress', true);
  expect(both.policyTypes).toEqual(['Ingress', 'Egress']);
});

test('the four empty cases each have their words', () => {
  const words = (rules: Parameters<typeof modelOf>[0]) => isolationWords(modelOf(rules, 1), 'ingress');
  expect(words({ ...cilium, rules: [] })).toBe('no rule: this policy leaves what the selected pods accept alone');
  expect(words({ ...kubernetes, rules: [] })).toBe('the selected pods accept nothing, unless another policy allows it');
  expect(words({ ...cilium, rules: [newRule('ingress')] })).toBe('the selected pods accept only what this rule allows');
  const open = { ...cilium, rules: [newRule('ingress')], enableDefaultDeny: { ingress: false } };
  expect(words(open)).toBe('these rules are applied; what they do not name stays as it was');
});

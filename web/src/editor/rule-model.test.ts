import type { PolicyRule } from '@bartizan/policy';
import { expect, test } from 'vitest';
import { newRule } from './rule-edit.ts';
import { editCards, modelFault, modelOf, numbered, writable } from './rule-model.ts';

const pods = newRule('ingress');
const world: PolicyRule = { ...newRule('egress'), peers: [{ type: 'entity', entity: 'world' }] };
const host: PolicyRule = { ...newRule('ingress'), peers: [{ type: 'entity', entity: 'host' }] };
const open: PolicyRule = { ...newRule('ingress'), peers: [{ type: 'entity', entity: '' }] };
const policy = { kind: 'CiliumNetworkPolicy', name: 'web', namespace: 'shop', enabled: true, selector: {} } as const;
const model = modelOf({ ...policy, rules: [pods, world, host] }, 1);

test('an incomplete rule is left out of what is written, and named', () => {
  const edited = { ...model, cards: editCards(model.cards, { do: 'add', rule: open }, 9) };
  expect(writable(edited).rules).toEqual([pods, world, host]);
  expect(modelFault(edited)).toBe('Inbound rule 3 is not complete: Choose an entity');
  expect(modelFault(model)).toBeNull();
});

test('rules are counted within their direction, and marked against what the cluster has', () => {
  const edited = { ...model, cards: editCards(model.cards, { do: 'change', id: 3, rule: open }, 9) };
  const marks = numbered(edited.cards, { kind: policy.kind, direction: 'ingress' }, model.cards).map(
    ({ number, mark }) => [number, mark],
  );
  expect(marks).toEqual([
    [1, null],
    [2, 'changed'],
  ]);
  expect(numbered(edited.cards, { kind: policy.kind, direction: 'egress' }, []).map(({ mark }) => mark)).toEqual([
    'new',
  ]);
});

test('a rule moves past the next of its direction, whatever stands between', () => {
  const down = editCards(model.cards, { do: 'move', id: 1, by: 1 }, 9);
  expect(down.map(({ id }) => id)).toEqual([3, 2, 1]);
  expect(editCards(down, { do: 'move', id: 1, by: 1 }, 9)).toEqual(down);
});

test('adding twice gives two more, removing one gives one fewer, and the selector stays the policy’s own', () => {
  const once = editCards(model.cards, { do: 'add', rule: pods }, 8);
  const twice = editCards(once, { do: 'add', rule: world }, 9);
  expect(twice).toHaveLength(model.cards.length + 2);
  expect(editCards(twice, { do: 'remove', id: 8 }, 10).map(({ id }) => id)).toEqual([1, 2, 3, 9]);
  expect(writable({ ...model, cards: twice })).toMatchObject({ selector: {}, name: 'web' });
});

test('a copy stands behind its rule', () => {
  expect(editCards(model.cards, { do: 'duplicate', id: 1 }, 7).map(({ id }) => id)).toEqual([1, 7, 2, 3]);
});

test('a rule that is read again unchanged keeps its card, and a copy has one of its own', () => {
  const again = modelOf({ ...policy, rules: [pods, open, world, host] }, 10, model.cards);
  expect(again.cards.map(({ id }) => id)).toEqual([1, 11, 2, 3]);
  const copied = editCards(model.cards, { do: 'duplicate', id: 1 }, 7);
  expect(numbered(copied, { kind: policy.kind, direction: 'ingress' }, model.cards).map(({ id }) => id)).toEqual([
    1, 7, 3,
  ]);
});

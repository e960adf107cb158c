import type { Policy } from '@bartizan/api';
import { expect, test } from 'vitest';
import { countByState, deletedRows, ownerLabel, policyKey, policyRows, selectsShort } from './policy-rows.ts';

const policy = (name: string, change: Partial<Policy> = {}): Policy => ({
  name,
  namespace: 'shop',
  kind: 'NetworkPolicy',
  enabled: true,
  state: 'enforced',
  description: null,
  manifest: '',
  selects: { words: 'every pod', pods: 2 },
  isolates: [],
  words: null,
  problems: [],
  cilium: null,
  owner: null,
  createdAt: '2026-01-01T00:00:00Z',
  modified: null,
  ...change,
});
const problem = { code: 'x', severity: 'warning', message: '', path: '' } as const;
const names = (...args: Parameters<typeof policyRows>) => policyRows(...args).map(({ name }) => name);

test('what has problems stands first unless something else is asked for', () => {
  const policies = [
    policy('a'),
    policy('b', { problems: [problem] }),
    policy('c', { problems: [{ ...problem, severity: 'error' }] }),
  ];
  expect(names(policies, {})).toEqual(['c', 'b', 'a']);
  expect(names(policies, { sort: 'name' })).toEqual(['a', 'b', 'c']);
  expect(names(policies, { sort: '-name' })).toEqual(['c', 'b', 'a']);
});

test('what is only offered stands after what is deployed in every order but that of the status', () => {
  const offered = policy('a', { state: 'predefined', problems: [problem] });
  const policies = [offered, policy('b'), policy('c', { problems: [problem] })];
  expect(names(policies, {})).toEqual(['c', 'b', 'a']);
  expect(names(policies, { sort: 'name' })).toEqual(['b', 'c', 'a']);
  expect(names(policies, { sort: '-name' })).toEqual(['c', 'b', 'a']);
  expect(names(policies, { sort: '-state' })).toEqual(['a', 'b', 'c']);
});

test('policies are found by any text in them', () => {
  const policies = [policy('a', { manifest: 'app: Checkout' }), policy('b')];
  expect(names(policies, { q: 'checkout' })).toEqual(['a']);
});

test('filters add up', () => {
  const policies = [policy('a', { state: 'disabled' }), policy('b', { state: 'disabled', namespace: '' }), policy('c')];
  expect(names(policies, { state: 'disabled', namespace: '-' })).toEqual(['b']);
  expect(countByState(policies)).toEqual({ enforced: 1, disabled: 2, predefined: 0, 'not-applied': 0 });
});

test('the last to be modified comes first, and creation stands in where nothing says more', () => {
  const policies = [policy('old'), policy('new', { modified: { at: '2026-02-01T00:00:00Z', by: 'kubectl' } })];
  expect(names(policies, { sort: 'modified' })).toEqual(['new', 'old']);
});

test('what nothing owns was made by hand', () => {
  expect(ownerLabel(policy('a'))).toBe('By hand');
  expect(ownerLabel(policy('a', { state: 'predefined' }))).toBe('Bartizan');
  expect(policyKey(policy('a', { namespace: '' }))).toBe('-/NetworkPolicy/a');
});

test('what is selected is said without the namespace of the row', () => {
  const selects = (words: string, namespace = 'shop') => selectsShort({ namespace, selects: { words, pods: 1 } });
  expect(selects('pods with app=web in namespace shop')).toBe('app=web');
  expect(selects('every pod in namespace shop')).toBe('every pod');
  expect(selects('every pod in any namespace', '')).toBe('every pod');
});

test('deleted policies are found by namespace, kind and name', () => {
  const gone = { ...policy('web'), revision: 2, at: '2026-01-01T00:00:00Z', by: 'mara', action: 'delete' } as const;
  const cluster = { ...gone, name: 'block', namespace: '', kind: 'CiliumClusterwideNetworkPolicy' } as const;
  const found = (search: Parameters<typeof deletedRows>[1]) =>
    deletedRows([gone, cluster], search).map(({ name }) => name);
  expect(found({})).toEqual(['web', 'block']);
  expect(found({ q: 'shop/W' })).toEqual(['web']);
  expect(found({ namespace: '-' })).toEqual(['block']);
  expect(found({ kind: 'NetworkPolicy' })).toEqual(['web']);
});

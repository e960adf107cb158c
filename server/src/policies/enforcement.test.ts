import { isEnabled } from '@bartizan/policy';
import type { JsonObject } from '@bartizan/policy';
import { expect, test } from 'vitest';
import { withEnforcement } from './enforcement.ts';

const label = 'network-policy.gitlab.com/disabled_by';
const selectors: readonly [string, object][] = [
  ['no selector', {}],
  ['a selector that is null', { podSelector: null }],
  ['an empty selector', { podSelector: {} }],
  ['labels that are null', { podSelector: { matchLabels: null } }],
  ['no labels', { podSelector: { matchLabels: {} } }],
  ['labels', { podSelector: { matchLabels: { app: 'web' } } }],
  ['expressions', { podSelector: { matchExpressions: [{ key: 'a', operator: 'Exists' }] } }],
];

function policy(spec: object) {
  return { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name: 'web' }, spec };
}

function isOn(object: object): boolean {
  return isEnabled(object as JsonObject);
}

test.each(selectors)(
  '%s: on as it is, off with the label, on again without it, and no more changes the second time',
  (_, spec) => {
    const given = policy(spec);
    expect(isOn(given)).toBe(true);
    const off = withEnforcement(given, false);
    expect(isOn(off)).toBe(false);
    expect(off['spec']).toMatchObject({ podSelector: { matchLabels: { [label]: 'gitlab' } } });
    expect(withEnforcement(off, false)).toEqual(off);
    const on = withEnforcement(off, true);
    expect(isOn(on)).toBe(true);
    expect(JSON.stringify(on)).not.toContain(label);
    expect(withEnforcement(on, true)).toEqual(on);
  },
);

test('the label disables whatever its value is', () => {
  for (const value of ['gitlab', 'me', ''])
    expect(isOn(policy({ podSelector: { matchLabels: { [label]: value } } }))).toBe(false);
});

import { expect, test } from 'vitest';
import { printRequirement, readRequirement, requirementsOf, selectorOf } from './selector-text.ts';

test.each([
  ['app=web', 'app=web'],
  [' app == web ', 'app=web'],
  ['app=', 'app='],
  ['k8s:app.kubernetes.io/name=a:b', 'k8s:app.kubernetes.io/name=a:b'],
  ['tier in (a,b)', 'tier in (a, b)'],
  ['tier notin (a)', 'tier not in (a)'],
  ['tier not in (a, b)', 'tier not in (a, b)'],
  ['tier!=a', 'tier not in (a)'],
  ['!tier', 'tier does not exist'],
  ['tier exists', 'tier exists'],
  ['tier does not exist', 'tier does not exist'],
])('%s is read as %s', (typed, printed) => {
  const read = readRequirement(typed);
  expect(read.ok && printRequirement(read.value)).toBe(printed);
});

test.each([
  ['app', 'A label needs a key and a value, for example app=web'],
  ['', 'A label needs a key and a value, for example app=web'],
  ['app:web', 'A label is written app=web'],
  ['tier in ()', 'Name at least one value: tier in (a, b)'],
  ['a=b c=d', 'A label needs a key and a value, for example app=web'],
])('%s is refused with what to write', (typed, message) => {
  expect(readRequirement(typed)).toEqual({ ok: false, message });
});

test('a selector and its conditions say the same; an empty map is left out', () => {
  const selector = { matchLabels: { a: '1' }, matchExpressions: [{ key: 'b', operator: 'Exists' as const }] };
  expect(selectorOf(requirementsOf(selector))).toEqual(selector);
  expect(selectorOf([])).toEqual({});
});

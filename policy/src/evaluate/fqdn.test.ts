import { expect, test } from 'vitest';
import { canonicalName, fqdnSelector } from './fqdn.ts';

test.each([
  { matchPattern: '*', names: ['a.b.c', '.'], others: ['a b.c'] },
  { matchPattern: '**.', names: ['a.b.c'], others: [] },
  { matchPattern: '*.cilium.io', names: ['a.cilium.io', 'A.CILIUM.IO.'], others: ['cilium.io', 'a.b.cilium.io'] },
  { matchPattern: '*cilium.io', names: ['cilium.io', 'subcilium.io'], others: ['a.cilium.io'] },
  { matchPattern: 'sub*.cilium.io', names: ['sub.cilium.io', 'sub1.cilium.io'], others: ['a.sub.cilium.io'] },
  { matchPattern: '**.cilium.io', names: ['a.cilium.io', 'a.b.cilium.io'], others: ['cilium.io', '.cilium.io'] },
  { matchPattern: 'a.**.io', names: ['a.b.io'], others: ['a.b.c.io', 'a.io'] },
  { matchName: 'Example.net', names: ['example.net', 'EXAMPLE.net.'], others: ['www.example.net', 'example.net.evil'] },
])('$matchPattern$matchName matches what Cilium’s pattern does — EVAL-61', ({ names, others, ...selector }) => {
  const { matches } = fqdnSelector(selector);
  expect(names.filter((name) => !matches(canonicalName(name)))).toEqual([]);
  expect(others.filter((name) => matches(canonicalName(name)))).toEqual([]);
});

test('a name made to take for ever is judged', () => {
  const { matches } = fqdnSelector({ matchPattern: `${'*a'.repeat(100)}b.net` });
  expect(matches(canonicalName(`${'a'.repeat(60_000)}.net`))).toBe(false);
});

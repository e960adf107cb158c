import fc from 'fast-check';
import { expect, test } from 'vitest';
import { applyDifference, differenceOf } from './difference.ts';

test('whatever stood there before, the value after comes out', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (before, after) => {
      expect(applyDifference(before, differenceOf(before, after))).toEqual(after);
    }),
  );
});

test('of a long list only what changed is told, and the rest stays the same objects', () => {
  const before = { rules: Array.from({ length: 500 }, (_, port) => ({ port })), name: 'web' };
  const after = { rules: before.rules.map(({ port }) => ({ port: port === 250 ? 1 : port })), name: 'web' };
  const difference = differenceOf(before, after);
  expect(JSON.stringify(difference).length).toBeLessThan(200);
  const made = applyDifference(before, difference) as typeof before;
  expect(made).toEqual(after);
  expect(made.rules.filter((rule, at) => rule === before.rules[at])).toHaveLength(499);
});

test('a field that went is not there afterwards, and an equal value is the one before', () => {
  expect(applyDifference({ a: 1, b: 2 }, differenceOf({ a: 1, b: 2 }, { a: 1 }))).toEqual({ a: 1 });
  expect(applyDifference({ a: undefined }, differenceOf({ a: undefined }, { b: undefined }))).toHaveProperty('b');
  const before = { a: [{ b: [1] }] };
  expect(applyDifference(before, differenceOf(before, { a: [{ b: [1] }] }))).toBe(before);
});

import { expect, test } from 'vitest';
import { formatPercent, formatShare, shareOf } from './share.ts';

test.each([
  [0, '0 %'],
  [0.0004, '< 0.1 %'],
  [0.00099, '< 0.1 %'],
  [0.001, '0.1 %'],
  [0.0217, '2.2 %'],
  [0.5, '50.0 %'],
  [0.9996, '> 99.9 %'],
  [1, '100 %'],
])('a share of %d is written %s', (share, text) => expect(formatShare(share)).toBe(text));

test('a share that is not known is a dash, not a zero', () => {
  expect(formatShare(null)).toBe('–');
  expect(shareOf(5, null)).toBeNull();
  expect(shareOf(null, 5)).toBeNull();
});

test('a share of nothing is not known', () => expect(shareOf(0, 0)).toBeNull());

test('a column under % has no unit', () => expect(formatPercent(0.537)).toBe('53.7'));

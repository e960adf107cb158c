import { expect, test } from 'vitest';
import { formatBytes, formatCount, formatRate, formatTick, plural } from './number.ts';

test.each([
  [0, '0'],
  [999, '999'],
  [1000, '1,000'],
  [1_792_186, '1,792,186'],
  [-1234.5, '−1,234.5'],
])('a count of %d is written %s', (count, text) => expect(formatCount(count)).toBe(text));

test.each([null, undefined, Number.NaN, Infinity])('a count that is not known (%s) is a dash, not a zero', (count) => {
  expect(formatCount(count)).toBe('–');
  expect(formatRate(count)).toBe('–');
});

test.each([
  [0, '0'],
  [0.25, '0.25'],
  [1200, '1,200'],
  [24_000, '24 k'],
  [1_500_000, '1.5 M'],
])('an axis writes %d as %s', (value, text) => expect(formatTick(value)).toBe(text));

test.each([
  [0, '0 B'],
  [999, '999 B'],
  [1_234_567, '1.2 MB'],
  [20e9, '20 GB'],
  [5e15, '5000 TB'],
])('%d bytes are %s', (bytes, text) => expect(formatBytes(bytes)).toBe(text));

test('a rate that is not zero never looks like zero', () => {
  expect(formatRate(0)).toBe('0');
  expect(formatRate(0.0001)).toBe('< 0.01');
  expect(formatRate(5.432)).toBe('5.43');
  expect(formatRate(1444.2)).toBe('1,444');
});

test('one thing is singular', () => {
  expect(plural(1, 'request')).toBe('1 request');
  expect(plural(0, 'policy', 'policies')).toBe('0 policies');
});

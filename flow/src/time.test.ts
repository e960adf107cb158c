import { expect, test } from 'vitest';
import { compareTimes, timeOf, utcTime } from './time.ts';

test('a time keeps its nanoseconds and has no digits that say nothing', () => {
  expect(timeOf(1_781_524_800, 0)).toBe('2026-06-15T12:00:00Z');
  expect(timeOf(1_781_524_800, 5_000_000)).toBe('2026-06-15T12:00:00.005Z');
  expect(timeOf(1_781_524_800, 123_456_789)).toBe('2026-06-15T12:00:00.123456789Z');
});

test('a time of another zone is told in UTC, one in UTC as it was written', () => {
  expect(utcTime('2026-06-15T14:00:00.123456789+02:00')).toBe('2026-06-15T12:00:00.123456789Z');
  expect(utcTime('2026-06-15T12:00:00.5Z')).toBe('2026-06-15T12:00:00.5Z');
});

test.each(['', 'yesterday', '2026-13-45T99:00:00Z'])('%j is no time', (text) => {
  expect(utcTime(text)).toBe('');
});

test('times compare to the nanosecond, and none comes last', () => {
  const times = ['', '2026-06-15T12:00:00.000000002Z', '2026-06-15T12:00:00Z', '2026-06-15T12:00:00.1Z'];
  expect(times.toSorted(compareTimes)).toEqual([times[2], times[1], times[3], '']);
});

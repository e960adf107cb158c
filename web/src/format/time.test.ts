import { expect, test } from 'vitest';
import {
  formatAge,
  formatClock,
  formatMoment,
  formatRelative,
  formatSince,
  formatSpan,
  formatWeekday,
  intervalWords,
  zoneName,
} from './time.ts';

const at = Date.UTC(2026, 10, 25, 14, 36, 58);

test('a moment is written whole, with its zone', () => {
  expect(formatClock(at, 'utc')).toBe('14:36:58');
  expect(formatMoment(at, 'utc')).toBe('25 Nov 2026 14:36:58 UTC');
  expect(formatWeekday(at, 'utc')).toBe('Wed 25 Nov');
  expect(zoneName(at, 'utc')).toBe('UTC');
});

test('a span names its second day only where it has one', () => {
  expect(formatSpan(Date.UTC(2026, 10, 25, 12, 15), Date.UTC(2026, 10, 25, 12, 30), 'utc')).toBe('25 Nov 12:15–12:30');
  expect(formatSpan(Date.UTC(2026, 10, 25), Date.UTC(2026, 10, 26), 'utc')).toBe('25 Nov 00:00–26 Nov 00:00');
});

test('ages take the largest unit', () => {
  expect(formatAge(4200)).toBe('4 s');
  expect(formatAge(400 * 86_400_000)).toBe('1 y');
  expect(formatRelative(at - 16 * 60_000, at)).toBe('16 m ago');
  expect(formatRelative(at + 300_000, at)).toBe('in 5 m');
});

test('a time that is not known is a dash', () => {
  expect(formatSince(null, at)).toBe('–');
  expect(formatSince('yesterday', at)).toBe('–');
});

test('an interval of one has no number', () => {
  expect(intervalWords('15m')).toBe('15 minutes');
  expect(intervalWords('1h')).toBe('hour');
});

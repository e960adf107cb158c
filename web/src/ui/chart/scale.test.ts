import { expect, test } from 'vitest';
import { niceAxis, placeOf, timeTicks } from './scale.ts';

test.each([
  [34_000, 36_000, [0, 12_000, 24_000, 36_000]],
  [27, 30, [0, 10, 20, 30]],
  [0.21, 0.24, [0, 0.08, 0.16, 0.24]],
  [1, 1.2, [0, 0.4, 0.8, 1.2]],
])('an axis up to %d ends at %d', (max, top, ticks) => {
  const axis = niceAxis(max);
  expect(axis.top).toBeCloseTo(top);
  expect(axis.ticks).toEqual(ticks);
});

test('an axis over nothing still has a zero and a top', () => {
  expect(niceAxis(0)).toEqual({ top: 1, ticks: [0, 1] });
  expect(niceAxis(Number.NaN).top).toBe(1);
});

test('a day is cut at round hours, midnight names the date', () => {
  const window = { fromMs: Date.UTC(2026, 10, 24, 14, 37), toMs: Date.UTC(2026, 10, 25, 14, 37) };
  const ticks = timeTicks(window, 'utc', 12);
  expect(ticks.map(({ label }) => label)).toContain('Wed 25 Nov');
  expect(ticks[0]).toMatchObject({ label: '16:00', isMinor: false });
  expect(ticks).toHaveLength(12);
});

test('a month is cut at days', () => {
  const window = { fromMs: Date.UTC(2026, 9, 26), toMs: Date.UTC(2026, 10, 25) };
  expect(timeTicks(window, 'utc', 10)[0]).toMatchObject({ label: '26 Oct', isDay: false });
});

test('a moment outside the window stands at its edge', () => {
  const window = { fromMs: 100, toMs: 200 };
  expect([placeOf(50, window), placeOf(150, window), placeOf(300, window)]).toEqual([0, 0.5, 1]);
});

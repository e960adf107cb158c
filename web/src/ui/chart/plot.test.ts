import { expect, test } from 'vitest';
import { bucketAt, bucketSpans, highest, lineAndArea, stackedBars, unknownSpans } from './plot.ts';
import type { Plot, Series } from './plot.ts';

const window = { fromMs: 0, toMs: 100 };
const room = { width: 100, height: 50, top: 10, window };
const buckets = bucketSpans([-10, 40, 90], 50, window);
const series = (values: (number | null)[], mark: Series['mark'] = 'blocked'): Series => ({ name: mark, mark, values });
const plot = (kind: Plot['kind'], all: Series[]): Plot => ({ kind, height: 50, series: all, format: String });

test('the first and the last bucket are cut to the asked window', () => {
  expect(buckets).toEqual([
    { fromMs: 0, toMs: 40 },
    { fromMs: 40, toMs: 90 },
    { fromMs: 90, toMs: 100 },
  ]);
});

test('bars add up, lines do not', () => {
  const both = [series([1, 5, null]), series([2, 1, 3], 'nominal')];
  expect(highest(plot('bars', both))).toBe(6);
  expect(highest(plot('lines', both))).toBe(5);
  expect(highest(plot('bars', []))).toBe(0);
});

test('what is there is never thinner than a pixel, what is not there has no bar', () => {
  const [bars] = stackedBars(buckets, [series([0.001, 0, null])], room);
  expect(bars?.fill).toBe('M0 50V49H39V50z');
});

test('the next series stands on the one before, a quiet mass has an edge', () => {
  const [, mass] = stackedBars(buckets, [series([2, 0, 0]), series([8, 0, 0], 'nominal')], room);
  expect(mass?.fill).toBe('M0 40V0H39V40z');
  expect(mass?.edge).toBe('M0 1.5V0H39V1.5z');
});

test('a line is broken where nothing is known', () => {
  const { line } = lineAndArea(buckets, series([5, null, 5], 'forwarded'), room);
  expect(line.match(/M/g)).toHaveLength(2);
  expect(unknownSpans(buckets, [5, null, null])).toEqual([{ fromMs: 40, toMs: 100 }]);
});

test('a moment has its bucket, or none', () => {
  expect(bucketAt(buckets, 40)).toBe(1);
  expect(bucketAt(buckets, 100)).toBeNull();
});

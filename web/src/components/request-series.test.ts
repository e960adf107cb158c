import type { WafStatistics } from '@bartizan/api';
import { expect, test } from 'vitest';
import { describeRequests, requestSeries } from './request-series.ts';

const totals = { total: 100, anomalous: 20, anomalousShare: 0.2, blocked: 15, detected: 5, matched: 0 };
const statistics: WafStatistics = {
  ...totals,
  previous: totals,
  interval: '1h',
  buckets: [
    { start: '2026-11-25T10:00:00Z', total: 100, anomalous: 20, blocked: 15 },
    { start: '2026-11-25T11:00:00Z', total: null, anomalous: 3, blocked: 3 },
    { start: '2026-11-25T12:00:00Z', total: 0, anomalous: 0, blocked: 0 },
  ],
  coverage: { from: '2026-11-25T10:30:00Z', to: '2026-11-25T13:00:00Z', sources: [], complete: true, gaps: [] },
};
const series = requestSeries(statistics);

test('detected is what was judged an attack and not stopped', () => {
  expect(series.counts.map(({ values }) => values[0])).toEqual([15, 5, 80]);
});

test('an interval without an access log has no nominal requests, no share, and is hatched', () => {
  expect(series.counts[2]?.values[1]).toBeNull();
  expect(series.shares[0]?.values[1]).toBeNull();
  expect(series.gaps).toEqual([{ fromMs: Date.UTC(2026, 10, 25, 11), toMs: Date.UTC(2026, 10, 25, 12) }]);
  expect(describeRequests(series, 1)).toBe('– nominal, 0 detected, 3 blocked, – anomalous');
});

test('the axis is the asked window, not that of the data', () => {
  expect(series.window.fromMs).toBe(Date.UTC(2026, 10, 25, 10, 30));
  expect(series.buckets[0]?.fromMs).toBe(series.window.fromMs);
});

test('an interval is said in words', () => {
  expect(describeRequests(series, 0)).toBe('80 nominal, 5 detected, 15 blocked, 20.0 % anomalous');
});

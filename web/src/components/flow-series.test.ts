import type { FlowStatistics } from '@bartizan/api';
import { expect, test } from 'vitest';
import { describeFlows, flowSeries } from './flow-series.ts';

const totals = { total: 10, dropped: 1, droppedShare: 0.1, ingress: null, egress: null, internal: null, byVerdict: {} };
const statistics: FlowStatistics = {
  ...totals,
  unit: 'events',
  previous: totals,
  interval: '1h',
  buckets: [
    { start: '2026-11-25T10:00:00Z', forwardedPerSecond: 1444.2, droppedPerSecond: 5.432 },
    { start: '2026-11-25T11:00:00Z', forwardedPerSecond: null, droppedPerSecond: null },
  ],
  source: { kind: 'history' },
  coverage: { from: '2026-11-25T10:00:00Z', to: '2026-11-25T12:00:00Z', sources: [], complete: false, gaps: [] },
};

test('an interval in which nothing was recorded is a gap, not a zero', () => {
  const series = flowSeries(statistics);
  expect(series.gaps).toHaveLength(1);
  expect(describeFlows(series, 0)).toBe('1,444 forwarded and 5.43 dropped per second');
  expect(describeFlows(series, 1)).toBe('– forwarded and – dropped per second');
});

test('where no source gives any interval, the whole window is a gap', () => {
  const { gaps, window } = flowSeries({ ...statistics, buckets: [] });
  expect(gaps).toEqual([window]);
});

test('an interval without events inside a gap is not known either', () => {
  const gap = { source: 'Hubble', reason: 'still being read', from: '2026-11-25T11:00:00Z' };
  const silent = { start: '2026-11-25T11:00:00Z', forwardedPerSecond: 0, droppedPerSecond: 0 };
  const [first] = statistics.buckets;
  const buckets = first ? [first, silent] : [];
  const series = flowSeries({ ...statistics, buckets, coverage: { ...statistics.coverage, gaps: [gap] } });
  expect(series.forwarded.values).toEqual([1444.2, null]);
  expect(series.dropped.values).toEqual([5.432, null]);
});

test('a few seconds at the ends of the window are told with the interval beside them, so that one event is no peak', () => {
  const series = flowSeries({
    ...statistics,
    coverage: { ...statistics.coverage, from: '2026-11-25T09:59:00Z', to: '2026-11-25T12:10:00Z' },
    buckets: [
      { start: '2026-11-25T09:00:00Z', forwardedPerSecond: 62, droppedPerSecond: 61 },
      { start: '2026-11-25T10:00:00Z', forwardedPerSecond: 1, droppedPerSecond: 0 },
      { start: '2026-11-25T11:00:00Z', forwardedPerSecond: 5, droppedPerSecond: 0 },
      { start: '2026-11-25T12:00:00Z', forwardedPerSecond: 12, droppedPerSecond: 7 },
    ],
  });
  expect(series.forwarded.values).toEqual([2, 6]);
  expect(series.dropped.values).toEqual([1, 1]);
  expect(series.buckets.map(({ fromMs, toMs }) => (toMs - fromMs) / 60_000)).toEqual([61, 70]);
});

test('an end of which nothing is known stays unknown', () => {
  const series = flowSeries({
    ...statistics,
    coverage: { ...statistics.coverage, to: '2026-11-25T11:10:00Z' },
  });
  expect(series.forwarded.values).toEqual([1444.2, null]);
});

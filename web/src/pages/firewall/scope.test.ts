import { expect, test } from 'vitest';
import { scopedFilter, scopeTotal } from './scope.ts';

test('lists and records show a class of what the figures cover', () => {
  expect(scopedFilter('client:192.0.2.7', 'blocked')).toBe('client:192.0.2.7 class:blocked');
  expect(scopedFilter(undefined, 'anomalous')).toBe('class:anomalous');
  expect(scopedFilter('method:GET', 'all')).toBe('method:GET');
});

test('the whole of a list is the figure of its class', () => {
  const totals = { total: null, anomalous: 30, anomalousShare: null, blocked: 20, detected: 10, matched: 4 };
  expect([scopeTotal(totals, 'anomalous'), scopeTotal(totals, 'detected'), scopeTotal(totals, 'all')]).toEqual([
    30,
    10,
    null,
  ]);
});

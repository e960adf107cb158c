import type { PolicyEffect } from '@bartizan/api';
import { expect, test } from 'vitest';
import { effectRows, unseenWords } from './effect-words.ts';

const none = { count: 0, items: [] };
const item = {
  from: 'shop/a',
  to: 'shop/b',
  port: 80,
  protocol: 'TCP',
  count: 3,
  firstSeen: '2026-01-01T00:00:00Z',
  lastSeen: '2026-01-01T00:00:00Z',
  examples: [],
};
const effect: PolicyEffect = {
  connections: 10,
  newlyDenied: { count: 3, items: [item] },
  newlyAllowed: none,
  unchanged: { count: 6 },
  unknown: { count: 1, items: [{ ...item, reason: 'the pod is gone' }] },
  audited: none,
  disagrees: none,
  coverage: {
    from: '2026-01-01T00:00:00Z',
    to: '2026-01-02T00:00:00Z',
    sources: [],
    complete: false,
    gaps: [{ source: 'relay', reason: '12 minutes were lost' }],
  },
};

test('what is newly denied comes first, and rare classes only where there are any', () => {
  expect(effectRows(effect).map(({ label, count, note }) => `${label} ${count} ${note}`)).toEqual([
    'Newly denied 3 1 pair',
    'Newly allowed 0 none',
    'As before 6 allowed or denied, as now',
    'Not known 1 1 pair',
  ]);
  expect(effectRows({ ...effect, audited: { count: 1, items: [item] } })).toHaveLength(5);
});

test('gaps and the reasons of what is not known are said', () => {
  expect(unseenWords(effect)).toEqual(['relay: 12 minutes were lost.', 'Not known: the pod is gone.']);
});

import { expect, test } from 'vitest';
import { reachesBack } from './previous-view.ts';

const coverage = { from: '2026-06-15T00:00:00.000Z', to: '2026-06-16T00:00:00.000Z', sources: [], complete: false };

test('a window reaches back where its beginning was recorded, whatever is missing later', () => {
  expect(reachesBack({ ...coverage, gaps: [] })).toBe(true);
  expect(reachesBack({ ...coverage, gaps: [{ source: 'a', reason: 'lost', from: '2026-06-15T12:00:00Z' }] })).toBe(
    true,
  );
  expect(
    reachesBack({ ...coverage, gaps: [{ source: 'a', reason: 'recording began then', from: coverage.from }] }),
  ).toBe(false);
  const cut = { source: 'a', reason: 'an hour that the window cuts', from: coverage.from };
  expect(reachesBack({ ...coverage, gaps: [{ ...cut, to: '2026-06-15T00:40:00.000Z' }] })).toBe(false);
  expect(
    reachesBack({ ...coverage, to: '2026-06-22T00:00:00.000Z', gaps: [{ ...cut, to: '2026-06-15T00:40:00.000Z' }] }),
  ).toBe(true);
  expect(reachesBack({ ...coverage, gaps: [{ source: 'a', reason: 'nothing has been recorded yet' }] })).toBe(false);
});

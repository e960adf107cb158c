import type { Coverage } from '@bartizan/api';
import { expect, test } from 'vitest';
import { coverageNote, distinctGaps, gapPeriod, gapSpans } from './coverage-words.ts';

const coverage: Coverage = {
  from: '2026-11-24T14:37:00Z',
  to: '2026-11-25T14:37:00Z',
  sources: [{ source: 'audit log', newest: '2026-11-25T14:36:56Z' }],
  complete: true,
  gaps: [],
};
const reader = { zone: 'utc', nowMs: Date.UTC(2026, 10, 25, 14, 37) } as const;
const gap = {
  source: 'Hubble Relay',
  reason: '2 nodes lost events',
  from: '2026-11-25T03:10:00Z',
  to: '2026-11-25T03:22:00Z',
};

test('a complete page says what it covers', () => {
  expect(coverageNote([coverage], reader)).toEqual({
    tone: 'fine',
    word: 'Complete.',
    text: 'Audit log, 24 h to 14:37 UTC. Newest record 4 s old.',
  });
});

test('a partial page names the gap first, once', () => {
  const partial = { ...coverage, complete: false, gaps: [gap] };
  const note = coverageNote([coverage, partial, partial], reader);
  expect(note).toMatchObject({ tone: 'warning', word: 'Partial.' });
  expect(note.text).toMatch(/^Hubble Relay: 2 nodes lost events 03:10–03:22\. 24 h to/);
  expect(distinctGaps([partial, partial])).toHaveLength(1);
});

test('a page without an answer claims nothing', () => expect(coverageNote([], reader).word).toBe('Loading.'));

test('a gap lies on the axis where it says when', () => {
  const open = { source: 'log', reason: 'unreadable', from: '2026-11-25T12:00:00Z' };
  expect(gapSpans({ ...coverage, gaps: [gap, open, { source: 'x', reason: 'down' }] })).toEqual([
    { fromMs: Date.UTC(2026, 10, 25, 3, 10), toMs: Date.UTC(2026, 10, 25, 3, 22) },
    { fromMs: Date.UTC(2026, 10, 25, 12), toMs: reader.nowMs },
  ]);
});

test('a gap without times is the whole window', () => {
  expect(gapPeriod({ source: 'x', reason: 'down' }, 'utc')).toBe('the whole window');
  expect(gapPeriod(gap, 'utc')).toBe('25 Nov 2026 03:10:00 UTC to 25 Nov 2026 03:22:00 UTC');
});

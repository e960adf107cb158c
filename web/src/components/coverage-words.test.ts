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
const partial = { ...coverage, complete: false, gaps: [gap] };

test('a complete page says what it covers', () => {
  expect(coverageNote([{ name: 'Requests', coverage }], reader)).toEqual({
    tone: 'fine',
    word: 'Complete.',
    text: 'Audit log, 24 h to 14:37 UTC. Newest record 4 s old.',
  });
});

test('a partial page says what is partial, why and when, and what is complete', () => {
  const all = [
    { name: 'Requests', coverage },
    { name: 'Flow events', coverage: partial },
  ];
  expect(coverageNote(all, reader)).toEqual({
    tone: 'warning',
    word: 'Partial.',
    text: 'Flow events: Hubble Relay: 2 nodes lost events 03:10–03:22. Requests complete. 24 h to 14:37 UTC. Newest record 4 s old.',
  });
});

test('many gaps are counted, the last is told', () => {
  const gaps = [gap, { ...gap, from: '2026-11-25T05:00:00Z', to: '2026-11-25T05:00:09Z' }];
  const { text } = coverageNote([{ name: 'Flow events', coverage: { ...partial, gaps } }], reader);
  expect(text).toMatch(/^Flow events: 2 gaps, the last at 05:00: Hubble Relay/);
});

test('what has no window was read at a moment', () => {
  const now = { ...coverage, sources: [], from: coverage.to };
  expect(coverageNote([{ name: 'Policies', coverage: now }], reader).text).toBe('Read at 14:37:00 UTC.');
});

test('a page without an answer claims nothing', () => {
  expect(coverageNote([{ name: 'Requests', coverage: undefined }], reader).word).toBe('Loading.');
});

test('a gap is listed once', () => expect(distinctGaps([partial, partial])).toEqual([gap]));

test('a gap lies on the axis where it says when', () => {
  const open = { source: 'log', reason: 'unreadable', from: '2026-11-25T12:00:00Z' };
  expect(gapSpans({ ...coverage, gaps: [gap, open, { source: 'x', reason: 'down' }] })).toEqual([
    { fromMs: Date.UTC(2026, 10, 25, 3, 10), toMs: Date.UTC(2026, 10, 25, 3, 22), isPartial: true },
    { fromMs: Date.UTC(2026, 10, 25, 12), toMs: reader.nowMs, isPartial: true },
  ]);
});

test('a gap without times is the whole window', () => {
  expect(gapPeriod({ source: 'x', reason: 'down' }, 'utc')).toBe('the whole window');
  expect(gapPeriod(gap, 'utc')).toBe('25 Nov 2026 03:10:00 UTC to 25 Nov 2026 03:22:00 UTC');
});

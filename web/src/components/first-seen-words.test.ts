import { expect, test } from 'vitest';
import { eventsWords, historyWords } from './first-seen-words.ts';

test('a short history calls nothing new, and says why', () => {
  const since = '2026-06-15T11:00:00Z';
  expect(historyWords({ history: { since, tellsFrom: since, isEnough: true } }, 'utc')).toMatch(
    /^Not seen before.*15 Jun/,
  );
  expect(historyWords({ history: { since, tellsFrom: null, isEnough: false } }, 'utc')).toContain(
    'Everything would count as new',
  );
  expect(historyWords({ history: { since: null, tellsFrom: null, isEnough: false } }, 'utc')).toContain(
    'No flows are stored yet',
  );
});

test('where the history is too short for all of the window, it is said of which part it tells', () => {
  const history = { since: '2026-06-15T11:00:00Z', tellsFrom: '2026-06-15T11:30:00Z', isEnough: false };
  expect(historyWords({ history }, 'utc')).toMatch(/^Since 15 Jun .*11:30.*which begins 15 Jun .*11:00/);
});

test('what was dropped is told apart from what got through', () => {
  expect(eventsWords({ count: 1, dropped: 0 })).toBe('1 event');
  expect(eventsWords({ count: 3, dropped: 3 })).toBe('3 events, all dropped');
  expect(eventsWords({ count: 3, dropped: 1 })).toBe('3 events, 1 dropped');
});

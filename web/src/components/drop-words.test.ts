import type { PendingChange } from '@bartizan/api';
import { describe, expect, test } from 'vitest';
import { dropWords, isMoreDropped } from './drop-words.ts';

type Drops = PendingChange['drops'];

const before = { from: '2026-06-15T11:50:00Z', to: '2026-06-15T12:00:00Z', events: 1200, dropped: 4 };
const since = { from: '2026-06-15T12:00:00Z', to: '2026-06-15T12:00:40Z', events: 300, dropped: 12 };

function drops(changed: Partial<Drops> = {}): Drops {
  return { workloads: ['shop/web'], before, since, ...changed };
}

describe('what is dropped while a change waits to be confirmed', () => {
  test('is a rate since the change beside the one before, each with its counts', () => {
    expect(dropWords(drops())).toBe(
      'Dropped at shop/web: 18.0 a minute since the change (12 of 300 flow events), 0.4 a minute in the 10 m before (4 of 1,200 flow events).',
    );
    expect(dropWords(drops({ workloads: ['a/a', 'a/b', 'a/c'] }))).toContain('the 3 workloads that it selects');
  });

  test('is unknown where nobody can tell, never zero', () => {
    const dark = { ...since, events: null, dropped: null };
    expect(dropWords(drops({ since: dark, missing: 'no source of flows is configured' }))).toBe(
      'What is dropped meanwhile is not known: no source of flows is configured.',
    );
    expect(dropWords(drops({ before: dark }))).toContain('before it is not known');
    expect(isMoreDropped(drops({ before: dark }))).toBe(false);
  });

  test('is said to be more only where it is', () => {
    expect(isMoreDropped(drops())).toBe(true);
    expect(isMoreDropped(drops({ since: { ...since, dropped: 0 } }))).toBe(false);
  });
});

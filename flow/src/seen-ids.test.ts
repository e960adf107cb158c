import { expect, test } from 'vitest';
import { createSeenIds } from './seen-ids.ts';

test('an id is new once, over many ids', () => {
  const ids = createSeenIds();
  const names = Array.from({ length: 20_000 }, (_, index) => `id-${index}`);
  expect(names.filter((name) => ids.isNew(name))).toHaveLength(20_000);
  expect(names.filter((name) => ids.isNew(name))).toEqual([]);
});

test('the oldest are forgotten, and never the most recent', () => {
  const ids = createSeenIds(100);
  const names = Array.from({ length: 1000 }, (_, index) => `id-${index}`);
  for (const name of names) ids.isNew(name);
  expect(names.slice(-100).filter((name) => ids.isNew(name))).toEqual([]);
  expect(ids.isNew('id-0')).toBe(true);
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { smallestChange } from './smallest-change.ts';

test('the change makes one text the other', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (before, after) => {
      const change = smallestChange(before, after) ?? { from: 0, to: 0, insert: '' };
      expect(before.slice(0, change.from) + change.insert + before.slice(change.to)).toBe(after);
    }),
  );
});

test('what both share is not touched', () => {
  expect(smallestChange('a: 1\nb: 2\n', 'a: 1\nb: 23\n')).toEqual({ from: 9, to: 9, insert: '3' });
  expect(smallestChange('same', 'same')).toBeNull();
});

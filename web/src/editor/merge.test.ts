import fc from 'fast-check';
import { expect, test } from 'vitest';
import { mergedText, mergeTexts } from './merge.ts';

const base = 'a\nb\nc\nd\n';

test('what only one side changed is taken from it', () => {
  const parts = mergeTexts({ base, yours: 'a\nB\nc\nd\n', theirs: 'a\nb\nc\nd\ne\n' });
  expect(mergedText(parts, [])).toBe('a\nB\nc\nd\ne\n');
});

test('a change that both made is there once', () => {
  const parts = mergeTexts({ base, yours: 'a\nX\nc\nd\n', theirs: 'a\nX\nc\nd\n' });
  expect(mergedText(parts, [])).toBe('a\nX\nc\nd\n');
});

test('what both changed differently waits for an answer, and loses neither side', () => {
  const parts = mergeTexts({ base, yours: 'a\nmine\nc\nd\n', theirs: 'a\nc\nd\n' });
  expect(parts).toContainEqual({ kind: 'conflict', base: ['b'], yours: ['mine'], theirs: [] });
  expect(mergedText(parts, [])).toBeNull();
  expect(mergedText(parts, ['yours'])).toBe('a\nmine\nc\nd\n');
  expect(mergedText(parts, ['theirs'])).toBe('a\nc\nd\n');
});

const text = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 8 }).map((lines) => `${lines.join('\n')}\n`);

test('one side alone wins against nothing, and every answer “yours” or “theirs” keeps that side’s lines', () => {
  fc.assert(
    fc.property(text, text, (from, to) => {
      expect(mergedText(mergeTexts({ base: from, yours: to, theirs: from }), [])).toBe(to);
      expect(mergedText(mergeTexts({ base: from, yours: from, theirs: to }), [])).toBe(to);
    }),
  );
  fc.assert(
    fc.property(text, text, text, (from, yours, theirs) => {
      const parts = mergeTexts({ base: from, yours, theirs });
      const merged = mergedText(
        parts,
        parts.map(() => 'both' as const),
      )?.split('\n');
      const conflicts = parts.filter((part) => part.kind === 'conflict');
      expect(mergedText(parts, []) === null).toBe(conflicts.length > 0);
      expect(merged).toEqual(expect.arrayContaining(conflicts.flatMap((part) => [...part.yours, ...part.theirs])));
    }),
  );
});

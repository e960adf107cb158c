import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canKeepBoth, mergedText, mergeTexts } from './merge.ts';

const base = 'a\nb\nc\nd\n';

test('what only one side changed is taken from it', () => {
  const parts = mergeTexts({ base, yours: 'a\nB\nc\nd\n', theirs: 'a\nb\nc\nd\ne\n' });
  expect(mergedText(parts, [])).toBe('a\nB\nc\nd\ne\n');
});

test('a change that both made is there once', () => {
  const parts = mergeTexts({ base, yours: 'a\nX\nc\nd\n', theirs: 'a\nX\nc\nd\n' });
  expect(mergedText(parts, [])).toBe('a\nX\nc\nd\n');
});

test('two spellings of one thing are no conflict: the cluster’s is taken, unless a comment would be lost', () => {
  const texts = { base: 'spec:\n  a: x\n', yours: 'spec:\n  a: "is it?"\n', theirs: 'spec:\n  a: is it?\n' };
  expect(mergedText(mergeTexts(texts), [])).toBe(texts.theirs);
  const yours = 'spec:\n  a: "is it?" # asked\n';
  expect(mergedText(mergeTexts({ ...texts, yours }), [])).toBe(yours);
  expect(mergedText(mergeTexts({ ...texts, theirs: 'spec:\n  a: [\n' }), [])).toBeNull();
});

test('what both changed differently waits for an answer, and loses neither side', () => {
  const parts = mergeTexts({ base, yours: 'a\nmine\nc\nd\n', theirs: 'a\nc\nd\n' });
  expect(parts).toContainEqual({ kind: 'conflict', base: ['b'], yours: ['mine'], theirs: [] });
  expect(mergedText(parts, [])).toBeNull();
  expect(mergedText(parts, ['yours'])).toBe('a\nmine\nc\nd\n');
  expect(mergedText(parts, ['theirs'])).toBe('a\nc\nd\n');
});

test.each([
  ['the same key', ['  description: mine'], ['  description: theirs'], false],
  ['different keys with a key alike inside', ['  egress:', '  - x: 1'], ['  ingress:', '  - x: 2'], true],
  ['two items of a list', ['  - port: 80', '    protocol: TCP'], ['  - port: 81', '    protocol: TCP'], true],
  ['lines that one side takes out', ['  a: 1'], [], true],
])('%s: both can be kept, or not', (_, yours, theirs, expected) => {
  expect(canKeepBoth({ kind: 'conflict', base: [], yours, theirs })).toBe(expected);
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

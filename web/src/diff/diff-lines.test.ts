import { expect, test } from 'vitest';
import { diffLines, withContext } from './diff-lines.ts';

const marks = { same: ' ', added: '+', removed: '-' } as const;
const diff = (before: string, after: string) => diffLines(before, after).map(({ kind, text }) => marks[kind] + text);

test('only what changed is marked', () => {
  expect(diff('a\nb\nc\n', 'a\nx\nc\n')).toEqual([' a', '-b', '+x', ' c']);
  expect(diff('a\nc\n', 'a\nb\nc\n')).toEqual([' a', '+b', ' c']);
  expect(diff('a\nb\nc\n', 'a\nb\nc\n')).toEqual([' a', ' b', ' c']);
});

test('what is new is all added', () => expect(diff('', 'a\nb\n')).toEqual(['+a', '+b']));

test('both sides can be made from the diff', () => {
  const [before, after] = ['a\nb\nc\nd\ne', 'b\nd\nx\ne\nf'];
  const lines = diffLines(before, after);
  expect(
    lines
      .filter(({ kind }) => kind !== 'added')
      .map(({ text }) => text)
      .join('\n'),
  ).toBe(before);
  expect(
    lines
      .filter(({ kind }) => kind !== 'removed')
      .map(({ text }) => text)
      .join('\n'),
  ).toBe(after);
});

test('lines far from a change are counted instead of shown', () => {
  const lines = diffLines('1\n2\n3\n4\n5\n6\n7\n8', '1\n2\n3\n4\n5\n6\n7\n9');
  expect(withContext(lines, 2)[0]).toEqual({ kind: 'skipped', count: 5 });
});

import { expect, test } from 'vitest';
import { attackWords, readKeys, replayWords, toggleKey } from './replay-words.ts';

const replay = {
  touched: 1200,
  passes: 1000,
  passesExamples: [],
  likelyAttacks: { count: 0, examples: [] },
  stillJudged: 150,
  stillJudgedReasons: [],
  unknown: 50,
  unknownReasons: [],
};

test('a replay says what would pass, what would not, and what cannot be told', () => {
  expect(replayWords(replay)).toBe(
    '1,000 of 1,200 requests would pass, 150 would be judged all the same, 50 cannot be told.',
  );
  expect(replayWords({ ...replay, touched: 1, passes: 1, stillJudged: 0, unknown: 0 })).toBe(
    '1 of 1 request would pass.',
  );
});

test.each([
  [10, 0, null],
  [10, 1, '1 of those that would pass shows what attacks show:'],
  [10, 10, 'All 10 of those that would pass show what attacks show:'],
  [1, 1, 'The one that would pass shows what attacks show:'],
])('of %i that pass %i look like attacks', (passes, count, words) => {
  expect(attackWords({ ...replay, passes, likelyAttacks: { count, examples: [] } })).toBe(words);
});

test('choosing twice takes back, and only keys are read from the URL', () => {
  const [a, b] = ['0123456789abcdef', 'fedcba9876543210'];
  expect(toggleKey(undefined, a)).toBe(a);
  expect(toggleKey(a, b)).toBe(`${a},${b}`);
  expect(toggleKey(`${a},${b}`, a)).toBe(b);
  expect(toggleKey(a, a)).toBeUndefined();
  expect(readKeys(`${a},<script>,${a}`)).toEqual([a]);
});

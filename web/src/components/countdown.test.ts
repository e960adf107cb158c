import { expect, test } from 'vitest';
import { countdownWords } from './countdown.ts';

test.each([
  [500, '1 s'],
  [42_000, '42 s'],
  [598_000, '9:58 min'],
  [3_660_000, '1:01 h'],
  [-5, '0 s'],
])('%d ms left are told as %s', (ms, words) => {
  expect(countdownWords(ms)).toBe(words);
});

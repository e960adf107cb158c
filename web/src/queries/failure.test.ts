import { ApiError } from '@bartizan/api';
import { expect, test } from 'vitest';
import { failureOf, shouldRetry } from './failure.ts';

const refused = new ApiError({ type: 'about:blank', title: 'No such environment', status: 404, code: 'not-found' });

test('what the server says is shown as it says it', () => {
  expect(failureOf(refused)).toEqual({
    title: 'No such environment',
    detail: '',
    code: 'not-found',
    canRetry: false,
  });
});

test('a server that does not answer is not the user’s mistake', () => {
  expect(failureOf(new TypeError('Failed to fetch'))).toMatchObject({ code: 'unreachable', canRetry: true });
});

test('a no is not asked for twice', () => {
  expect(shouldRetry(0, refused)).toBe(false);
  expect(shouldRetry(0, new TypeError('Failed to fetch'))).toBe(true);
  expect(shouldRetry(1, new TypeError('Failed to fetch'))).toBe(false);
});

import { ApiError } from '@bartizan/api';
import { expect, test } from 'vitest';
import { failureOf, shouldRetry, writeFailure } from './failure.ts';

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

test.each([
  ['source-unreachable', 'Nothing was written. Said.'],
  ['source-refused', 'Nothing was written. Said.'],
  ['outcome-unknown', 'It is not known whether it was written.'],
  ['internal', 'It is not known whether it was written.'],
  ['unexpected-answer', 'It is not known whether it was written.'],
  ['not-recorded', 'Said.'],
])('after a write that failed with %s: %s', (code, title) => {
  expect(writeFailure(new ApiError({ type: 'about:blank', title: 'Said', status: 502, code })).title).toBe(title);
});

test('after a write without an answer it is not known whether it was written', () => {
  expect(writeFailure(new TypeError('Failed to fetch'))).toMatchObject({
    title: 'It is not known whether it was written.',
    detail: expect.stringContaining('Bartizan does not answer.'),
  });
});

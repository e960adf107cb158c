import { expect, test } from 'vitest';
import { entityWords, reasonWords } from './reasons.ts';

test('both spellings of a reason mean the same', () => {
  expect(reasonWords('POLICY_DENIED')).toBe('No rule allows it');
  expect(reasonWords('Policy denied')).toBe('No rule allows it');
  expect(reasonWords('SOMETHING_NEW')).toBe('SOMETHING_NEW');
});

test('what has no pod is said in words', () => {
  expect(entityWords('reserved:world')).toBe('outside the cluster');
  expect(entityWords('shop/web')).toBe('shop/web');
});

import { expect, test } from 'vitest';
import { copyName } from './copy-name.ts';

test('a copy gets a name that is free and not too long', () => {
  expect(copyName('web', [])).toBe('web-copy');
  expect(copyName('web', ['web-copy', 'web-copy-2'])).toBe('web-copy-3');
  expect(copyName('a'.repeat(253), []).length).toBeLessThanOrEqual(253);
});

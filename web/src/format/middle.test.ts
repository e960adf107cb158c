import { expect, test } from 'vitest';
import { cutMiddle } from './middle.ts';

test('a short value stays whole', () => expect(cutMiddle('/login', 10)).toBe('/login'));

test('a long value keeps its beginning and its end', () => {
  const cut = cutMiddle('/api/catalog/search?q=boots&sort=price', 20);
  expect(cut).toHaveLength(20);
  expect(cut.startsWith('/api/catalog')).toBe(true);
  expect(cut.endsWith('=price')).toBe(true);
});

test('a character outside the basic plane is never halved', () => expect(cutMiddle('😀😀😀😀', 3)).toBe('😀😀…'));

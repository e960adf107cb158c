import { expect, test } from 'vitest';
import { railLinks } from './rail-links.ts';

test('one page is current, and links carry the environment along', () => {
  const links = railLinks('/firewall/transactions/7', { env: 'shop' });
  expect(links.filter(({ isCurrent }) => isCurrent).map(({ name }) => name)).toEqual(['Firewall']);
  expect(links.map(({ href }) => href)).toContain('/policies?env=shop');
});

test('a page is not current because its name begins alike', () => {
  expect(railLinks('/networking', {}).every(({ isCurrent }) => !isCurrent)).toBe(true);
});

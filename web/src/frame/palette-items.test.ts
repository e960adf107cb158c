import { expect, test } from 'vitest';
import { paletteGroups } from './palette-items.ts';

const environments = [{ id: 'b', name: 'Shop', cluster: 'eu', namespaces: ['shop'], sources: [] }];

test('another environment opens on the page that is open', () => {
  const groups = paletteGroups({
    pathname: '/network',
    search: { env: 'a', range: '1h' },
    environments,
    policies: [],
    query: '',
  });
  expect(groups.map(({ name }) => name)).toEqual(['Pages', 'Environments']);
  expect(groups[1]?.items[0]).toMatchObject({ label: 'Shop', href: '/network?env=b&range=1h' });
});

test('every word that was typed counts', () => {
  const found = (query: string) =>
    paletteGroups({ pathname: '/', search: {}, environments, policies: [], query }).flatMap(({ items }) =>
      items.map(({ label }) => label),
    );
  expect(found('SHOP eu')).toEqual(['Shop']);
  expect(found('fire')).toEqual(['Firewall']);
  expect(found('nothing like it')).toEqual([]);
});

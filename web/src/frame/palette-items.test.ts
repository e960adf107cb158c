import { expect, test } from 'vitest';
import { paletteGroups } from './palette-items.ts';

const environments = [{ id: 'b', name: 'Shop', cluster: 'eu', namespaces: ['shop'], sources: [] }];

test('another environment opens on the page that is open', () => {
  const groups = paletteGroups({ pathname: '/network', search: { env: 'a', range: '1h' }, environments, policies: [] });
  expect(groups.map(({ name }) => name)).toEqual(['Pages', 'Environments']);
  expect(groups[1]?.items[0]).toMatchObject({ label: 'Shop', href: '/network?env=b&range=1h' });
});

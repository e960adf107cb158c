import { expect, test } from 'vitest';
import { carried, paths } from './paths.ts';

test('every page has its URL', () => {
  const search = { env: 'shop', range: '24h' };
  expect(Object.entries(paths).map(([page]) => page)).toHaveLength(12);
  expect([
    paths.overview(search),
    paths.firewall({ ...search, filter: 'client:"2001:db8::7"' }),
    paths.transaction('a/b', search),
    paths.tuning({ exclude: '0123456789abcdef' }),
    paths.network(),
    paths.flows({ show: 'dropped' }),
    paths.flow('a/b', { on: 'flows', show: 'dropped' }),
    paths.flow('1', { on: 'statistics' }),
    paths.policies({ state: 'disabled' }),
    paths.policy({ namespace: '', kind: 'CiliumClusterwideNetworkPolicy', name: 'deny' }),
    paths.editPolicy({ namespace: 'shop', kind: 'NetworkPolicy', name: 'web' }, { mode: 'yaml' }),
    paths.newPolicy({ copy: 'shop/NetworkPolicy/web' }),
    paths.sources(),
  ]).toEqual([
    '/?env=shop&range=24h',
    '/firewall?env=shop&range=24h&filter=client%3A%222001%3Adb8%3A%3A7%22',
    '/firewall/transactions/a%2Fb?env=shop&range=24h',
    '/firewall/tuning?exclude=0123456789abcdef',
    '/network',
    '/network/flows?show=dropped',
    '/network/flows/a%2Fb?show=dropped',
    '/network/flow/1',
    '/policies?state=disabled',
    '/policies/-/CiliumClusterwideNetworkPolicy/deny',
    '/policies/shop/NetworkPolicy/web/edit?mode=yaml',
    '/policies/new?copy=shop%2FNetworkPolicy%2Fweb',
    '/settings/sources',
  ]);
});

test('a link to another page takes the frame along and leaves the filter', () => {
  expect(carried({ env: 'a', range: '1h', filter: 'x:y' } as never)).toEqual({ env: 'a', range: '1h' });
});

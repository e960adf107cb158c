import { expect, test } from 'vitest';
import { parseQuery, printQuery, readFirewallSearch, readPoliciesSearch } from './search.ts';

test('a query survives being read and written', () => {
  const search = readFirewallSearch(
    parseQuery('?env=shop&range=24h&filter=path%3A%7Elogin+score%3A%3E%3D5&show=blocked'),
  );
  expect(search).toEqual({ env: 'shop', range: '24h', filter: 'path:~login score:>=5', show: 'blocked' });
  expect(readFirewallSearch(parseQuery(printQuery(search)))).toEqual(search);
});

test('what a page does not know is left out', () => {
  expect(readFirewallSearch({ show: 'everything', refresh: '1ms', constructor: 'x' })).toEqual({});
});

test('policies sort both ways', () => expect(readPoliciesSearch({ sort: '-modified' })).toEqual({ sort: '-modified' }));

test('an empty search has no question mark', () => expect(printQuery({ env: undefined, range: '' })).toBe(''));

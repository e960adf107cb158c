import fc from 'fast-check';
import { expect, test } from 'vitest';
import { contains, formatAddress, formatCidr, parseAddress, parseCidr } from './address.ts';

test.each([
  ['10.1.2.3/8', '10.0.0.0/8'],
  ['10.1.2.3', '10.1.2.3/32'],
  ['0.0.0.0/0', '0.0.0.0/0'],
  ['2001:DB8:0:0:1::5/64', '2001:db8::/64'],
  ['::1', '::1/128'],
  ['::', '::/128'],
  ['::ffff:10.0.0.1', '::ffff:a00:1/128'],
  ['1:0:0:2:0:0:0:3/128', '1:0:0:2::3/128'],
])('%s is the block %s', (text, block) => {
  const parsed = parseCidr(text);
  expect(parsed && formatCidr(parsed)).toBe(block);
});

test.each([
  '10.0.0.0/33',
  '10.0.0.0/08',
  '10.0.0',
  '10.0.0.256',
  '010.0.0.1',
  '1::2::3',
  '1:2:3',
  '::/129',
  'x',
  '',
  '/8',
  '10.0.0.0/',
])('"%s" is no block', (text) => {
  expect(parseCidr(text)).toBeUndefined();
});

test('what is printed is read again', () => {
  const value = fc.oneof(
    fc.bigInt({ min: 0n, max: 2n ** 32n - 1n }).map((number) => ({ family: 4 as const, value: number })),
    fc.bigInt({ min: 0n, max: 2n ** 128n - 1n }).map((number) => ({ family: 6 as const, value: number })),
  );
  fc.assert(
    fc.property(value, (address) => {
      expect(parseAddress(formatAddress(address.family, address.value))).toEqual(address);
    }),
  );
});

test('a block holds itself and narrower ones of its family', () => {
  const nothing = { family: 4, bits: 32, first: -1n, last: -1n } as const;
  const block = (text: string) => parseCidr(text) ?? nothing;
  expect(contains(block('10.0.0.0/8'), block('10.0.0.0/8'))).toBe(true);
  expect(contains(block('10.0.0.0/8'), block('10.255.0.0/16'))).toBe(true);
  expect(contains(block('10.0.0.0/8'), block('11.0.0.0/16'))).toBe(false);
  expect(contains(block('10.0.0.0/16'), block('10.0.0.0/8'))).toBe(false);
  expect(contains(block('0.0.0.0/0'), block('::/0'))).toBe(false);
});

import { expect, test } from 'vitest';
import { printCidr, readCidr } from './address-text.ts';

test.each([
  ['10.0.0.0/8', '10.0.0.0/8'],
  ['192.0.2.7', '192.0.2.7/32'],
  ['2001:db8::1', '2001:db8::1/128'],
  ['10.0.0.0/8 except 10.1.0.0/16 10.2.0.0/16', '10.0.0.0/8 except 10.1.0.0/16, 10.2.0.0/16'],
])('%s is read as %s', (typed, printed) => {
  const read = readCidr(typed);
  expect(read.ok && printCidr(read.value)).toBe(printed);
});

test.each(['', '10.0.0/8', '10.0.0.256', '10.0.0.0/33', 'example.org', '10.0.0.0/8 except', '10.0.0.0/8 except x'])(
  '“%s” is refused',
  (typed) => {
    expect(readCidr(typed).ok).toBe(false);
  },
);

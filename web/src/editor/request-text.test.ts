import { expect, test } from 'vitest';
import { printHttp, printIcmp, printName, readHttp, readIcmp, readName } from './request-text.ts';

test.each([
  ['get /api/.*', 'GET /api/.*'],
  ['/healthz', '/healthz'],
  ['POST', 'POST'],
  ['any', 'any'],
])('the request %s is read as %s', (typed, printed) => {
  const read = readHttp(typed);
  expect(read.ok && printHttp(read.value)).toBe(printed);
});

test('what a request says beyond method and path is shown', () => {
  expect(printHttp({ method: 'GET', host: 'a.example', headers: ['X-A: 1'] })).toBe('GET host a.example with X-A: 1');
});

test.each(['', 'FETCH /a', 'api/x', 'GET /a b'])('the request “%s” is refused', (typed) => {
  expect(readHttp(typed).ok).toBe(false);
});

test('a star makes a name a pattern', () => {
  expect(readName('api.example.org')).toEqual({ ok: true, value: { name: 'api.example.org' } });
  expect(readName('*.example.org')).toEqual({ ok: true, value: { pattern: '*.example.org' } });
  expect(readName('a b').ok).toBe(false);
  expect(printName({ pattern: '*' })).toBe('*');
});

test.each([
  ['8', '8/IPv4'],
  ['EchoRequest', 'EchoRequest/IPv4'],
  ['128/ipv6', '128/IPv6'],
  ['128 / 6', '128/IPv6'],
])('the ICMP type %s is read as %s', (typed, printed) => {
  const read = readIcmp(typed);
  expect(read.ok && printIcmp(read.value)).toBe(printed);
});

test('an ICMP type beyond 255 is refused', () => {
  expect(readIcmp('256').ok).toBe(false);
});

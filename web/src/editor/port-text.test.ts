import { expect, test } from 'vitest';
import { printPort, readPort } from './port-text.ts';

test.each([
  ['80', '80/TCP'],
  ['81/tcp', '81/TCP'],
  ['82/UDP', '82/UDP'],
  ['8000-8999/udp', '8000-8999/UDP'],
  ['http', 'http/TCP'],
  ['dns-tcp/any', 'dns-tcp/ANY'],
  ['any/sctp', 'any/SCTP'],
])('%s is read as %s', (typed, printed) => {
  const read = readPort(typed);
  expect(read.ok && printPort(read.value)).toBe(printed);
});

test.each(['', '80/foo', '80abc-', '99999', '0', '90-80', '80 81', '8000-99999'])(
  '“%s” is refused with a reason, never passed on',
  (typed) => {
    const read = readPort(typed);
    expect(read.ok || read.message).toMatch(/\w/);
    expect(read.ok).toBe(false);
  },
);

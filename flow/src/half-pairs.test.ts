import { expect, test } from 'vitest';
import { createHalfPairs } from './half-pairs.ts';
import type { Half } from './half-pairs.ts';

const egress: Half = { tuple: 'one', direction: 'egress', timeMs: 1000, outcome: 'forwarded' };
const ingress: Half = { ...egress, direction: 'ingress' };

test('halves without ports wait together, and each is found once: one of the same outcome first, else the oldest', () => {
  const pairs = createHalfPairs<string>();
  pairs.expect(egress, 'first');
  pairs.expect({ ...egress, outcome: 'dropped' }, 'second');
  pairs.expect(egress, 'third');
  expect(pairs.match({ ...ingress, outcome: 'dropped' })).toEqual({ first: 'second', was: 'dropped', is: 'dropped' });
  expect(pairs.match({ ...ingress, outcome: 'audit' })).toEqual({ first: 'first', was: 'forwarded', is: 'audit' });
  expect(pairs.match(ingress)?.first).toBe('third');
  expect(pairs.match(ingress)).toBeUndefined();
  expect(pairs.has('one')).toBe(true);
});

test('a half of the other direction begins anew, and one too far away is another connection', () => {
  const pairs = createHalfPairs<string>();
  pairs.expect(egress, 'first');
  expect(pairs.match({ ...ingress, timeMs: 70_000 })).toBeUndefined();
  pairs.expect({ ...ingress, timeMs: 70_000 }, 'second');
  expect(pairs.match({ ...egress, timeMs: 70_001 })?.first).toBe('second');
  expect(pairs.match(ingress)).toBeUndefined();
});

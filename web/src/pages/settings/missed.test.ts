import type { SourceStatus } from '@bartizan/api';
import { expect, test } from 'vitest';
import { missedWithout } from './missed.ts';

test('a source is missed less where another gives the same', () => {
  const broken: SourceStatus = { signal: 'flows', kind: 'prometheus', state: 'misconfigured' };
  const relay: SourceStatus = { signal: 'flows', kind: 'hubble', state: 'ok' };
  expect(missedWithout(broken, { sources: [broken, relay] })).toContain('Hubble Relay gives the same');
  expect(missedWithout(broken, { sources: [broken] })).toContain('The page Network');
});

import { expect, test } from 'vitest';
import { otherVerdicts } from './verdicts.ts';

test('rare verdicts are named, and added up where there are many', () => {
  expect(otherVerdicts({ FORWARDED: 10, DROPPED: 2, ERROR: 1, AUDIT: 0 })).toEqual([{ name: 'Error', count: 1 }]);
  expect(otherVerdicts({ ERROR: 1, AUDIT: 2, TRACED: 5 })).toEqual([
    { name: 'Traced', count: 5 },
    { name: 'Other verdicts', count: 3 },
  ]);
});

import { expect, test } from 'vitest';
import { fuzz } from '../../fuzz/fuzz.ts';

test('reader and validator neither throw nor linger, and name a place, on 3,000 drawn texts — READ-6', () => {
  const { failures, objects } = fuzz({ seed: 20_260_101, inputs: 3000 });
  expect(failures).toEqual([]);
  expect(objects).toBeGreaterThan(1000);
});

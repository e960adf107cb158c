import { expect, test } from 'vitest';
import { lineOf } from './line-of.ts';

test('a path in a manifest has a line, one that is not written has none', () => {
  const text = 'apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nspec:\n  ingress:\n  - {}\n  - toPorts: []\n';
  expect(lineOf(text, 'spec.ingress[1]')).toBe(6);
  expect(lineOf(text, 'spec.egress[0]')).toBeUndefined();
});

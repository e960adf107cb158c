import { expect, test } from 'vitest';
import { readManifests } from './read-manifests.ts';

test('a comment below unquoted text does not belong to it, however deep it stands', () => {
  const text = 'apiVersion: v1\nkind: X\na:\n  b: c\n  # as deep as b\n    # deeper\n  d: e\n# at the margin\nf: g\n';
  const { manifests, problems } = readManifests(text);
  expect(problems).toEqual([]);
  expect(manifests[0]?.object).toEqual({ apiVersion: 'v1', kind: 'X', a: { b: 'c', d: 'e' }, f: 'g' });
});

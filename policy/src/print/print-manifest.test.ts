import { describe, expect, test } from 'vitest';
import { readManifests } from '../source/read-manifests.ts';
import { printManifest } from './print-manifest.ts';

const object = {
  kind: 'CiliumNetworkPolicy',
  spec: {
    endpointSelector: { matchLabels: { on: 'yes', 'a/b': '010', c: '1_000', d: '0o10', e: '2001-12-14' } },
    ingress: [{}],
  },
  metadata: {
    namespace: 'shop',
    managedFields: [{ manager: 'kubectl' }],
    name: 'web',
    labels: { y: '~' },
    resourceVersion: '7',
  },
  apiVersion: 'cilium.io/v2',
  status: { conditions: [] },
};

describe('printManifest', () => {
  test('writes the fields in the order people expect and leaves out what the API server keeps for itself', () => {
    const text = printManifest(object);
    expect(text.split('\n').slice(0, 5)).toEqual([
      'apiVersion: cilium.io/v2',
      'kind: CiliumNetworkPolicy',
      'metadata:',
      '  name: web',
      '  namespace: shop',
    ]);
    expect(text).not.toMatch(/managedFields|status/);
  });

  test('quotes every text that kubectl would read as something else', () => {
    const [manifest] = readManifests(printManifest(object)).manifests;
    expect(manifest?.object['spec']).toEqual(object.spec);
    expect(manifest?.object['metadata']).toMatchObject({ labels: { y: '~' } });
  });

  test.each([
    ['line ends of YAML 1.1', 'one\u2028two\u2029three\u0085four'],
    ['the same over several lines', 'one\u2028two\nthree\n'],
    ['control characters', 'bell\u0007, tab\t, return\r, escape\u001b, delete\u007f'],
    ['a byte order mark', '\ufeffbegin'],
    ['several lines', 'one\n  two\n\nthree'],
  ])('a text with %s is read back as it was', (_, text) => {
    const metadata = { name: 'web', annotations: { note: text, [text.trim()]: 'key' } };
    const [manifest] = readManifests(printManifest({ ...object, metadata })).manifests;
    expect(manifest?.object['metadata']).toEqual(metadata);
  });
});

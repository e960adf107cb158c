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
});

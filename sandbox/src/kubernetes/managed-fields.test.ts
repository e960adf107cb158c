import { expect, test } from 'vitest';
import type { Json } from '../json.ts';
import { recordAuthor } from './managed-fields.ts';
import type { KubeObject } from './object.ts';

function policy(spec: Json, labels: Json = { app: 'web' }): KubeObject {
  return { apiVersion: 'cilium.io/v2', kind: 'CiliumNetworkPolicy', metadata: { name: 'a', labels }, spec };
}

function owners(object: KubeObject): Json {
  const entries = object.metadata['managedFields'];
  return Array.isArray(entries) ? entries.map((entry) => ({ ...Object(entry) })) : [];
}

const made = recordAuthor(undefined, policy({ endpointSelector: { matchLabels: { app: 'web' } }, ingress: [{}] }), {
  manager: 'helm',
  time: 't1',
});

test('who creates an object owns all of its fields; lists are owned whole', () => {
  expect(owners(made)).toEqual([
    {
      manager: 'helm',
      operation: 'Update',
      apiVersion: 'cilium.io/v2',
      time: 't1',
      fieldsType: 'FieldsV1',
      fieldsV1: {
        'f:metadata': { 'f:labels': { 'f:app': {} } },
        'f:spec': { 'f:endpointSelector': { 'f:matchLabels': { 'f:app': {} } }, 'f:ingress': {} },
      },
    },
  ]);
});

test('who changes a field takes it over, and has one entry however often he writes', () => {
  const edited = policy({ endpointSelector: { matchLabels: { app: 'web', off: 'yes' } }, ingress: [] });
  const once = recordAuthor(made, { ...edited, metadata: { ...made.metadata } }, { manager: 'edit', time: 't2' });
  const again = { ...once, metadata: { ...once.metadata, labels: { app: 'cart' } } };
  const twice = recordAuthor(once, again, { manager: 'edit', time: 't3' });
  expect(owners(twice)).toMatchObject([
    {
      manager: 'helm',
      time: 't1',
      fieldsV1: { 'f:spec': { 'f:endpointSelector': { 'f:matchLabels': { 'f:app': {} } } } },
    },
    {
      manager: 'edit',
      time: 't3',
      fieldsV1: {
        'f:metadata': { 'f:labels': { 'f:app': {} } },
        'f:spec': { 'f:endpointSelector': { 'f:matchLabels': { 'f:off': {} } }, 'f:ingress': {} },
      },
    },
  ]);
});

test('a field that is gone has no owner, and a manager without fields no entry', () => {
  const emptied = { ...made, metadata: { name: 'a', managedFields: made.metadata['managedFields'] ?? [] }, spec: {} };
  const result = recordAuthor(made, emptied, { manager: 'edit', time: 't2' });
  expect(owners(result)).toEqual([]);
});

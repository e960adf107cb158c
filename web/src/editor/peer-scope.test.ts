import { expect, test } from 'vitest';
import { labelsOf, readScope, withLabels, withScope } from './peer-scope.ts';
import type { PodPeer, Scope } from './peer-scope.ts';

const scopes: readonly Scope[] = [
  { kind: 'own' },
  { kind: 'any' },
  { kind: 'named', names: ['shop'] },
  { kind: 'named', names: ['shop', 'pay'] },
];
const labels = { matchLabels: { app: 'web' } };

test.each(['NetworkPolicy', 'CiliumNetworkPolicy'] as const)('%s: a scope reads back, and the labels stay', (kind) => {
  for (const scope of scopes) {
    const peer = withScope({ type: 'pods', pods: labels }, scope, kind);
    expect(readScope(peer, kind)).toEqual(scope);
    expect(labelsOf(peer, kind)).toEqual(labels);
    expect(readScope(withLabels(peer, {}, kind), kind)).toEqual(scope);
  }
});

test('each dialect names a namespace in its own way', () => {
  const peer: PodPeer = { type: 'pods', pods: labels };
  expect(withScope(peer, { kind: 'named', names: ['pay'] }, 'NetworkPolicy')).toEqual({
    type: 'pods',
    pods: labels,
    namespaces: { matchLabels: { 'kubernetes.io/metadata.name': 'pay' } },
  });
  expect(withScope(peer, { kind: 'named', names: ['pay'] }, 'CiliumNetworkPolicy')).toEqual({
    type: 'pods',
    pods: { matchLabels: { app: 'web', 'k8s:io.kubernetes.pod.namespace': 'pay' } },
  });
});

test('namespaces chosen by other labels are kept as they are', () => {
  const peer: PodPeer = { type: 'pods', namespaces: { matchLabels: { team: 'a' } } };
  expect(readScope(peer, 'NetworkPolicy')).toEqual({ kind: 'labelled', selector: { matchLabels: { team: 'a' } } });
  expect(withLabels(peer, labels, 'NetworkPolicy')).toEqual({ ...peer, pods: labels });
});

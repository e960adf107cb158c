import { expect, test } from 'vitest';
import { lowerPolicy } from '../lower/lower-policy.ts';
import { compile } from './engine.ts';
import { selectedEndpoints } from './selected-endpoints.ts';

const engine = compile([], {
  endpoints: [
    { id: 'shop/web', namespace: 'shop', labels: { app: 'web' } },
    { id: 'shop/api', namespace: 'shop', labels: { app: 'api' } },
    { id: 'pay/api', namespace: 'pay', labels: { app: 'api' } },
    { id: 'world', entity: 'world' },
  ],
});

function selected(kind: string, namespace: string, spec: object): readonly string[] {
  const apiVersion = kind === 'NetworkPolicy' ? 'networking.k8s.io/v1' : 'cilium.io/v2';
  const lowered = lowerPolicy({ apiVersion, kind, metadata: { name: 'p', namespace }, spec });
  return lowered.ok ? selectedEndpoints(engine, lowered.value) : ['refused'];
}

test('a policy selects pods of its namespace by their labels; a cluster-wide one those of all', () => {
  expect(selected('NetworkPolicy', 'shop', { podSelector: {} })).toEqual(['shop/web', 'shop/api']);
  expect(
    selected('CiliumNetworkPolicy', 'shop', { endpointSelector: { matchLabels: { app: 'api' } }, ingress: [{}] }),
  ).toEqual(['shop/api']);
  expect(
    selected('CiliumClusterwideNetworkPolicy', '', {
      endpointSelector: { matchLabels: { app: 'api' } },
      ingress: [{}],
    }),
  ).toEqual(['shop/api', 'pay/api']);
  expect(
    selected('NetworkPolicy', 'shop', {
      podSelector: { matchLabels: { 'network-policy.gitlab.com/disabled_by': 'gitlab' } },
    }),
  ).toEqual([]);
});

import { expect, test } from 'vitest';
import { lowerPolicy } from '../lower/lower-policy.ts';
import { standIns } from './stand-ins.ts';

function names(...objects: readonly object[]): string[] {
  const policies = objects.flatMap((object) => {
    const result = lowerPolicy(object);
    return result.ok ? [result.value] : [];
  });
  return standIns(policies, new Map()).map(({ name }) => name);
}

test('without workloads the pods that selectors name stand in, and others beside them — CONN-8', () => {
  const policy = {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: 'in', namespace: 'shop' },
    spec: {
      podSelector: { matchLabels: { app: 'api' } },
      ingress: [
        {
          from: [
            { podSelector: { matchLabels: { app: 'web' } } },
            { namespaceSelector: { matchLabels: { team: 'a' } } },
          ],
        },
      ],
    },
  };
  expect(names(policy)).toEqual([
    'shop/{app=api}[Pods]',
    'shop/{app=web}[Pods]',
    'shop/{namespace:team=a}[Pods]',
    'shop/{}[Pods]',
    'other/{}[Pods]',
  ]);
});

test('what a selector excludes stands in as well — CONN-8', () => {
  const policy = {
    apiVersion: 'cilium.io/v2',
    kind: 'CiliumClusterwideNetworkPolicy',
    metadata: { name: 'no-smtp' },
    spec: {
      endpointSelector: { matchExpressions: [{ key: 'role', operator: 'NotIn', values: ['relay'] }] },
      egressDeny: [{ toPorts: [{ ports: [{ port: '25', protocol: 'TCP' }] }] }],
    },
  };
  expect(names(policy)).toEqual(['default/{}[Pods]', 'default/{role=relay}[Pods]', 'other/{}[Pods]']);
});

import { expect, test } from 'vitest';
import { readInventory } from './workloads.ts';

const containers = [
  {
    name: 'c',
    ports: [
      { name: 'http', containerPort: 8080 },
      { containerPort: 53, protocol: 'UDP' },
    ],
  },
];
const template = { metadata: { labels: { app: 'web' } }, spec: { containers, serviceAccountName: 'robot' } };

test.each([
  ['Deployment', { template }],
  ['StatefulSet', { template }],
  ['DaemonSet', { template }],
  ['ReplicaSet', { template }],
  ['ReplicationController', { template }],
  ['Job', { template }],
  ['CronJob', { jobTemplate: { spec: { template } } }],
])('a %s is an end of its own name and kind', (kind, spec) => {
  const { workloads } = readInventory([{ apiVersion: 'v1', kind, metadata: { name: 'web', namespace: 'shop' }, spec }]);
  expect(workloads.map(({ name }) => name)).toEqual([`shop/web[${kind}]`]);
  expect(workloads[0]?.endpoints).toEqual([
    {
      id: `shop/web[${kind}]`,
      namespace: 'shop',
      labels: { app: 'web' },
      namespaceLabels: { 'kubernetes.io/metadata.name': 'shop' },
      serviceAccount: 'robot',
      ports: [
        { name: 'http', port: 8080, protocol: 'TCP' },
        { port: 53, protocol: 'UDP' },
      ],
    },
  ]);
});

test('an owned pod is its controller, one step up; pods that ended are nobody', () => {
  const owned = (
    name: string,
    phase: string,
  ): { apiVersion: string; kind: string; metadata: object; spec: object; status: object } => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      namespace: 'shop',
      labels: { app: 'web' },
      ownerReferences: [{ controller: true, kind: 'ReplicaSet', name: 'web-7d4b9c6f8d' }],
    },
    spec: { containers },
    status: { phase },
  });
  const objects = [owned('web-1', 'Running'), owned('web-2', 'Running'), owned('web-3', 'Succeeded')];
  const { workloads } = readInventory(JSON.parse(JSON.stringify(objects)));
  expect(workloads.map(({ name, endpoints }) => [name, endpoints.length])).toEqual([
    ['shop/web-7d4b9c6f8d[ReplicaSet]', 1],
  ]);
});

test('a workload in the network of its nodes is a node to policies — CONN-10', () => {
  const spec = { template: { ...template, spec: { ...template.spec, hostNetwork: true } } };
  const { workloads } = readInventory([
    { apiVersion: 'apps/v1', kind: 'DaemonSet', metadata: { name: 'agent' }, spec },
  ]);
  expect(workloads).toEqual([
    { name: 'default/agent[DaemonSet]', endpoints: [{ id: 'default/agent[DaemonSet]', entity: 'remote-node' }] },
  ]);
});

test('namespaces give their labels, services their selectors and addresses, CIDR groups their blocks', () => {
  const inventory = readInventory([
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop', labels: { team: 'a' } } },
    { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web', namespace: 'shop' }, spec: { containers: [] } },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'web', namespace: 'shop' },
      spec: { selector: { app: 'web' } },
    },
    { apiVersion: 'v1', kind: 'Service', metadata: { name: 'out', namespace: 'shop' }, spec: {} },
    {
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata: { name: 'out-1', namespace: 'shop', labels: { 'kubernetes.io/service-name': 'out' } },
      endpoints: [{ addresses: ['192.0.2.7'] }],
    },
    {
      apiVersion: 'cilium.io/v2',
      kind: 'CiliumCIDRGroup',
      metadata: { name: 'g' },
      spec: { externalCIDRs: ['192.0.2.0/24'] },
    },
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'other' }, data: {} },
  ]);
  expect(inventory.workloads[0]?.endpoints[0]?.namespaceLabels).toEqual({
    team: 'a',
    'kubernetes.io/metadata.name': 'shop',
  });
  expect(inventory.services).toMatchObject([
    { name: 'web', selector: { app: 'web' }, addresses: [] },
    { name: 'out', addresses: ['192.0.2.7'] },
  ]);
  expect(inventory.services[1]?.selector).toBeUndefined();
  expect(inventory.cidrGroups).toEqual([{ name: 'g', labels: {}, cidrs: ['192.0.2.0/24'] }]);
});

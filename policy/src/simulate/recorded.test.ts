import { expect, test } from 'vitest';
import { readInventory } from '../connectivity/workloads.ts';
import { clusterOf, observedOf } from './recorded.ts';
import type { RecordedEnd } from './recorded.ts';

const nobody: RecordedEnd = {
  namespace: null,
  labels: [],
  workload: null,
  entity: null,
  ip: null,
  names: [],
  cluster: null,
};
const inventory = readInventory([
  { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop', labels: { team: 'a' } } },
  {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'api', namespace: 'shop' },
    spec: {
      template: {
        metadata: { labels: { app: 'api', version: '2' } },
        spec: {
          serviceAccountName: 'robot',
          containers: [{ name: 'c', ports: [{ name: 'http', containerPort: 8080 }] }],
        },
      },
    },
  },
]);

function described(end: Partial<RecordedEnd>, podAddresses = false) {
  const edge = { source: { ...nobody, ...end }, destination: nobody, protocol: 'TCP', port: 80, outcomes: {} };
  return observedOf([edge], { nameOf: () => 'name', inventory, podAddresses }).ends[0];
}

test('a pod is what its recorded labels say, in its namespace', () => {
  const labels = [
    'k8s:app=web',
    'k8s:io.kubernetes.pod.namespace=shop',
    'k8s:io.cilium.k8s.namespace.labels.team=b',
    'k8s:io.cilium.k8s.policy.serviceaccount=web',
    'k8s:io.cilium.k8s.policy.cluster=east',
  ];
  expect(described({ namespace: 'shop', labels, ip: '10.0.0.1' })?.endpoint).toEqual({
    namespace: 'shop',
    labels: { app: 'web' },
    namespaceLabels: { team: 'b' },
    serviceAccount: 'web',
    cluster: 'east',
  });
});

test('what the record leaves out, the manifest of its workload says', () => {
  const complete = {
    namespace: 'shop',
    namespaceLabels: { team: 'a', 'kubernetes.io/metadata.name': 'shop' },
    serviceAccount: 'robot',
    ports: [{ name: 'http', port: 8080, protocol: 'TCP' }],
  };
  const byName = described({ namespace: 'shop', workload: { kind: 'Deployment', name: 'api' } });
  expect(byName?.endpoint).toEqual({ ...complete, labels: { app: 'api', version: '2' } });
  const byLabels = described({ namespace: 'shop', labels: ['k8s:app=api'] });
  expect(byLabels?.endpoint).toEqual({ ...complete, labels: { app: 'api' } });
});

test('a pod without labels that no manifest knows cannot be judged', () => {
  expect(described({ namespace: 'shop', workload: { kind: 'Deployment', name: 'other' } })).toMatchObject({
    endpoint: undefined,
    missing: 'the labels of name were not recorded',
  });
});

test('an address is a pod’s only where policies can tell pods apart by it', () => {
  const pod = { namespace: 'shop', labels: ['k8s:app=web'], ip: '10.0.0.1' };
  expect(described(pod)?.endpoint).not.toHaveProperty('ip');
  expect(described(pod, true)?.endpoint).toHaveProperty('ip', '10.0.0.1');
});

test.each([
  [{ entity: 'host', ip: '192.0.2.1' }, { entity: 'host' }],
  [
    { entity: 'world', ip: '192.0.2.1', names: ['a.example'] },
    { cidr: '192.0.2.1', names: ['a.example'] },
  ],
  [{ entity: 'world-ipv6', ip: '2001:db8::1' }, { cidr: '2001:db8::1' }],
  [{ entity: 'world' }, { entity: 'world' }],
  [
    { entity: 'kube-apiserver', ip: '192.0.2.1', labels: ['reserved:kube-apiserver', 'reserved:world'] },
    { entity: 'kube-apiserver', cidr: '192.0.2.1' },
  ],
  [
    { entity: 'kube-apiserver', ip: '10.0.0.1', labels: ['reserved:kube-apiserver', 'reserved:host'] },
    { entity: 'kube-apiserver' },
  ],
])('%j is %j to policies', (end, endpoint) => {
  expect(described(end)?.endpoint).toEqual(endpoint);
});

test('whom Hubble did not know is nobody, and its address is named', () => {
  expect(described({ entity: 'unknown', ip: '10.0.0.7' })?.missing).toBe('Hubble did not know who 10.0.0.7 is');
});

test('the local cluster is the one that most pods name', () => {
  const pod = (cluster: string): RecordedEnd => ({
    ...nobody,
    labels: [`k8s:io.cilium.k8s.policy.cluster=${cluster}`],
  });
  const edge = { protocol: 'TCP', port: 80, outcomes: {} };
  const edges = [
    { ...edge, source: pod('east'), destination: pod('west') },
    { ...edge, source: pod('east'), destination: pod('east') },
  ];
  expect(clusterOf(edges)).toBe('east');
  expect(clusterOf([])).toBe('default');
  const foreign = { ...pod('west'), isRemote: true } as const;
  expect(clusterOf([{ ...edge, source: foreign, destination: pod('east') }])).toBe('east');
});

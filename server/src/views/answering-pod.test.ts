import type { KubernetesObject } from '@bartizan/backends';
import { expect, test } from 'vitest';
import { memoryCluster } from '../deps.fixture.ts';
import { answeringPod } from './answering-pod.ts';

const pod = (name: string, ip: string, created: string, more: object = {}): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    name,
    namespace: 'shop',
    creationTimestamp: created,
    ownerReferences: [{ kind: 'ReplicaSet', name: 'web-7d9f8c6b5', controller: true }],
  },
  spec: {},
  status: { podIP: ip, podIPs: [{ ip }, { ip: 'fd00::6' }] },
  ...more,
});
const asked = { time: '2026-06-15T12:00:00.000Z', namespace: 'shop', upstreamAddress: '10.0.0.6:8080' };
const before = '2026-06-15T11:00:00Z';
const web = pod('web-7d9f8c6b5-x2x4z', '10.0.0.6', before);

test('the pod with the address answered, and flows call it by its workload', () => {
  const cluster = memoryCluster([web, pod('other', '10.0.0.7', before)]);
  const answered = { namespace: 'shop', pod: 'web-7d9f8c6b5-x2x4z', workload: 'web' };
  expect(answeringPod([cluster], asked)).toEqual(answered);
  expect(
    answeringPod([memoryCluster([web])], { ...asked, upstreamAddress: '[fd00::6]:443', namespace: null }),
  ).toMatchObject({
    namespace: 'shop',
  });
});

test.each([
  ['no address was logged', web, { upstreamAddress: null }],
  ['the pod came later and got the address of another', pod('web', '10.0.0.6', '2026-06-15T12:30:00Z'), {}],
  ['the namespace is another', web, { namespace: 'pay' }],
  ['the pod has the address of its node', pod('web', '10.0.0.6', before, { spec: { hostNetwork: true } }), {}],
])('none is named where %s', (_, only, more) => {
  expect(answeringPod([memoryCluster([only])], { ...asked, ...more })).toBeNull();
});

test('none is named where two clusters have the address', () => {
  expect(answeringPod([memoryCluster([web]), memoryCluster([web])], asked)).toBeNull();
});

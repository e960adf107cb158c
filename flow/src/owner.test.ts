import { expect, test } from 'vitest';
import { ownerOfPod, stableOwner } from './owner.ts';

test.each([
  ['web-7d4b9c6f8d-x2k9p', 'Deployment', 'web'],
  ['web-api-5f6b8-x2k9p', 'DaemonSet', 'web-api-5f6b8'],
  ['db-0', 'StatefulSet', 'db'],
  ['report-28391040-x2k9p', 'CronJob', 'report'],
  ['shards-3-x2k9p', 'Job', 'shards'],
  ['kube-proxy-x7k2m', 'DaemonSet', 'kube-proxy'],
  ['kube-apiserver-node1', 'Pod', 'kube-apiserver-node1'],
  ['web', 'Pod', 'web'],
])('the pod %s belongs to a %s %s, as a guess', (pod, kind, name) => {
  expect(ownerOfPod(pod)).toEqual({ kind, name, guessed: true });
});

test('an owner that rolls over is named by the one above it', () => {
  expect(stableOwner({ kind: 'ReplicaSet', name: 'web-7d4b9c6f8d' })).toEqual({
    kind: 'Deployment',
    name: 'web',
    guessed: true,
  });
  expect(stableOwner({ kind: 'Job', name: 'report-28391040' })).toEqual({
    kind: 'CronJob',
    name: 'report',
    guessed: true,
  });
});

test('an owner that Hubble names is no guess', () => {
  expect(stableOwner({ kind: 'Deployment', name: 'web' })).toEqual({ kind: 'Deployment', name: 'web', guessed: false });
});

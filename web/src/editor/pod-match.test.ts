import type { Pod } from '@bartizan/api';
import { expect, test } from 'vitest';
import { suggestLabels } from './label-suggestions.ts';
import { podsOfPeer, podsOfPolicy } from './pod-match.ts';

const pods: readonly Pod[] = [
  { namespace: 'shop', name: 'web-0', labels: { app: 'web', tier: 'front', 'pod-template-hash': 'f00' } },
  { namespace: 'shop', name: 'cart-0', labels: { app: 'cart' } },
  { namespace: 'pay', name: 'web-1', labels: { app: 'web' } },
];
const cilium = { kind: 'CiliumNetworkPolicy', namespace: 'shop' } as const;
const names = (found: { pods: readonly Pod[] }) => found.pods.map(({ name }) => name);

test('a policy selects in its own namespace, a cluster-wide one everywhere', () => {
  const web = { matchLabels: { app: 'web' } };
  expect(names(podsOfPolicy(web, pods, cilium))).toEqual(['web-0']);
  expect(names(podsOfPolicy(web, pods, { kind: 'CiliumClusterwideNetworkPolicy', namespace: '' }))).toEqual([
    'web-0',
    'web-1',
  ]);
  expect(names(podsOfPolicy({}, pods, cilium))).toEqual(['web-0', 'cart-0']);
});

test('an absent label satisfies “not in” and “does not exist”', () => {
  const notIn = { matchExpressions: [{ key: 'tier', operator: 'NotIn' as const, values: ['front'] }] };
  expect(names(podsOfPolicy(notIn, pods, cilium))).toEqual(['cart-0']);
});

test('a peer of Cilium may name another namespace by a label', () => {
  const labels = { 'k8s:app': 'web', 'k8s:io.kubernetes.pod.namespace': 'pay' };
  expect(names(podsOfPeer({ type: 'pods', pods: { matchLabels: labels } }, pods, cilium))).toEqual(['web-1']);
});

test('what the labels of a pod do not tell is not counted as none', () => {
  const reserved = { matchLabels: { 'reserved:host': '' } };
  expect(podsOfPolicy(reserved, pods, cilium).isKnown).toBe(false);
  const place = { kind: 'NetworkPolicy', namespace: 'shop' } as const;
  const byTeam = { type: 'pods', namespaces: { matchLabels: { team: 'a' } } } as const;
  expect(podsOfPeer(byTeam, pods, place).isKnown).toBe(false);
});

test('labels are suggested with how many pods carry them; those made up by controllers come last', () => {
  expect(suggestLabels(pods, 'web', { namespace: 'shop' })).toEqual([
    { text: 'app=web', namespaces: ['pay', 'shop'], pods: 2 },
  ]);
  expect(suggestLabels(pods, '', { namespace: 'shop' }).at(-1)?.text).toBe('pod-template-hash=f00');
  expect(suggestLabels(pods, 'app=', { namespace: 'pay', taken: ['app=web'] }).map(({ text }) => text)).toEqual([
    'app=cart',
  ]);
});

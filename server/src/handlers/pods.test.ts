import type { PodList } from '@bartizan/api';
import type { Cluster, KubernetesObject } from '@bartizan/backends';
import { expect, test } from 'vitest';
import { createApp } from '../app.ts';
import { bareDeps, memoryCluster } from '../deps.fixture.ts';

function pod(namespace: string, name: string, labels?: Record<string, string>): KubernetesObject {
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace, ...(labels ? { labels } : {}) } };
}

async function ask(cluster: Cluster, query = ''): Promise<PodList> {
  const app = await createApp(bareDeps({ clusters: new Map([['memory', cluster]]) }));
  const response = await app.inject({ method: 'GET', url: `/api/v1/environments/shop/pods${query}` });
  expect(response.statusCode).toBe(200);
  return response.json<PodList>();
}

test('pods of every namespace are listed with their labels, since a selector may name any of them', async () => {
  const { items } = await ask(memoryCluster([pod('shop', 'web-0', { app: 'web' }), pod('kube-system', 'dns')]));
  expect(items).toEqual([
    { namespace: 'kube-system', name: 'dns', labels: {} },
    { namespace: 'shop', name: 'web-0', labels: { app: 'web' } },
  ]);
});

test('a page says where the next one begins', async () => {
  const cluster = memoryCluster([pod('shop', 'a'), pod('shop', 'b'), pod('shop', 'c')]);
  const first = await ask(cluster, '?limit=2');
  expect(first).toMatchObject({ nextCursor: '2' });
  const second = await ask(cluster, '?limit=2&cursor=2');
  expect(second.items.map(({ name }) => name)).toEqual(['c']);
  expect(second.nextCursor).toBeUndefined();
});

test('pods that may not be read are said, not left out unsaid', async () => {
  const cluster = memoryCluster([]);
  const { items, coverage } = await ask({
    ...cluster,
    state: () => ({ state: 'forbidden', reason: 'the account may not list pods', sinceMs: 0 }),
  });
  expect(items).toEqual([]);
  expect(coverage.complete).toBe(false);
  expect(coverage.gaps).toContainEqual({ source: 'memory', reason: 'Pod: the account may not list pods' });
});

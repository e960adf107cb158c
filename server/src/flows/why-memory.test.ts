import type { KubernetesObject } from '@bartizan/backends';
import { expect, test } from 'vitest';
import { memoryCluster } from '../deps.fixture.ts';
import { createWhyMemory } from './why-memory.ts';
import { policy } from './why.suite.ts';

const shop: KubernetesObject = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } };
const web: KubernetesObject = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'web-0', namespace: 'shop', labels: { app: 'web' } },
};
const closed = policy('closed', { endpointSelector: {}, ingress: [{}] });

function opened() {
  let nowMs = 0;
  const cluster = memoryCluster([shop, web, closed]);
  return { cluster, memory: createWhyMemory(() => new Date(nowMs)), wait: (ms: number) => void (nowMs += ms) };
}

test('what runs is read again when a namespace changed, and pods after a while', () => {
  const { cluster, memory, wait } = opened();
  const first = memory.inventory(cluster);
  expect(memory.inventory(cluster)).toBe(first);
  cluster.changed('Pod');
  expect(memory.inventory(cluster)).toBe(first);
  wait(10_000);
  const second = memory.inventory(cluster);
  expect(second).not.toBe(first);
  cluster.changed('Namespace');
  expect(memory.inventory(cluster)).not.toBe(second);
});

test('the same policies over the same cluster are compiled once, and others anew', () => {
  const { cluster, memory } = opened();
  const inventory = memory.inventory(cluster);
  const read = memory.read(memory.textOf(closed))?.policy;
  if (!read) throw new Error('it is a policy');
  const engine = memory.engine({ policies: [read], inventory, cluster: 'default' });
  const again = memory.read(memory.textOf({ ...closed, metadata: { ...closed.metadata, resourceVersion: '7' } }));
  expect(again?.policy).toBe(read);
  expect(memory.engine({ policies: [read], inventory, cluster: 'default' })).toBe(engine);
  expect(memory.engine({ policies: [], inventory, cluster: 'default' })).not.toBe(engine);
  expect(memory.engine({ policies: [read], inventory, cluster: 'west' })).not.toBe(engine);
  let worked = 0;
  const answer = (): object => ({ worked: (worked += 1) });
  expect(engine.once('a', answer)).toBe(engine.once('a', answer));
  expect(worked).toBe(1);
});

test('a policy that Cilium refuses is read, and has no effect', () => {
  const { memory } = opened();
  expect(memory.read('kind: nothing')).toBeNull();
  const refused = memory.read(memory.textOf(policy('none', { endpointSelector: {}, ingress: [] })));
  expect(refused).toMatchObject({ policy: null, manifest: { name: 'none' } });
});

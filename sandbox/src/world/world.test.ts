import { isEnabled, lowerPolicy, readManifests, validate } from '@bartizan/policy';
import { describe, expect, test } from 'vitest';
import type { KubeObject } from '../kubernetes/object.ts';
import { labelsOf, namespaceOf } from '../kubernetes/object.ts';
import { createStore } from '../kubernetes/store.ts';
import { createRandom } from '../seeded.ts';
import { listed } from '../traffic/ends.ts';
import { habits } from '../traffic/habits.ts';
import { outside } from '../traffic/outside.ts';
import { buildWorld } from './world.ts';
import { workloads } from './workloads.ts';

const now = new Date('2026-11-26T12:00:00Z');

function worldOf(seed: number): ReturnType<typeof createStore> {
  const store = createStore({ firstVersion: 1, keep: 10 });
  buildWorld({ store, random: createRandom(seed), now, edits: [] });
  return store;
}

const store = worldOf(1);
const kinds = ['NetworkPolicy', 'CiliumNetworkPolicy', 'CiliumClusterwideNetworkPolicy'];
const policies = kinds.flatMap((kind) => listed(store, kind));

describe('the world', () => {
  test('has about 25 workloads and 60 pods, each with an address of its own', () => {
    expect(workloads.filter(({ namespace }) => namespace !== 'kube-system')).toHaveLength(25);
    const pods = listed(store, 'Pod');
    expect(pods).toHaveLength(60);
    expect(new Set(pods.map((pod) => JSON.stringify(pod['status']).match(/"podIP":"([^"]+)"/)?.[1])).size).toBe(60);
  });

  test('is the same for the same seed and another for another', () => {
    const names = (seed: number): string => JSON.stringify(listed(worldOf(seed), 'Pod'));
    expect(names(1)).toBe(names(1));
    expect(names(1)).not.toBe(names(2));
  });

  test('has policies of all three kinds, one of them Auto DevOps, some disabled', () => {
    for (const kind of kinds) expect(listed(store, kind).length).toBeGreaterThan(1);
    const charts = policies.map((policy) => labelsOf(policy)['chart']).filter((chart) => chart !== undefined);
    expect(charts).toEqual(['auto-deploy-app-2.6.0']);
    const off = policies
      .filter((policy) => !isEnabled(firstManifest(policy).object))
      .map(({ metadata }) => metadata.name);
    expect(off).toEqual(['prometheus-egress', 'media-cdn']);
  });

  test.each(policies.map((policy) => [`${policy.kind} ${policy.metadata.name}`, policy] as const))(
    '%s is one that no cluster refuses and our engine reads',
    (_name, policy) => {
      expect(validate(firstManifest(policy)).filter(({ severity }) => severity === 'error')).toEqual([]);
      expect(lowerPolicy(policy).ok).toBe(true);
    },
  );

  test('each namespace with a policy belongs to an application', () => {
    const places = new Set(policies.map(namespaceOf).filter((namespace) => namespace !== ''));
    expect([...places].toSorted()).toEqual(['payments', 'platform', 'shop-prod']);
  });

  test('a habit names only who is there', () => {
    const known = [
      ...workloads.map(({ namespace, name }) => `${namespace}/${name}`),
      ...outside.map(({ name }) => name),
    ];
    const isAddress = (end: string): boolean => /^[\d.]+$/.test(end);
    const ends = habits.flatMap(({ from, to }) => [from, to]).filter((end) => !isAddress(end));
    expect(ends.filter((end) => !known.includes(end) && !['world', 'host', 'scanner'].includes(end))).toEqual([]);
  });
});

function firstManifest(object: KubeObject): Parameters<typeof validate>[0] {
  const [manifest] = readManifests(JSON.stringify(object)).manifests;
  if (!manifest) throw new Error('a policy is a manifest');
  return manifest;
}

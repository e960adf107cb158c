import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { lowerPolicy, policyKindOf } from '../lower/lower-policy.ts';
import { readManifests } from '../source/read-manifests.ts';
import { connectivity } from './connectivity.ts';
import type { ConnectivityInput } from './connectivity.ts';
import { changeKinds, diff } from './diff.ts';
import { readInventory } from './workloads.ts';

/** A web shop of twelve services, as demonstrations like to have it. */
function boutique(...files: readonly string[]): ConnectivityInput {
  const folder = join(import.meta.dirname, '../../fixtures/boutique');
  const manifests = ['workloads.yaml', ...files].flatMap(
    (file) => readManifests(readFileSync(join(folder, file), 'utf8')).manifests,
  );
  const objects = manifests.map(({ object }) => object);
  const policies = objects
    .filter((object) => policyKindOf(object) !== undefined)
    .flatMap((object) => {
      const result = lowerPolicy(object);
      return result.ok ? [result.value] : [];
    });
  return { policies, inventory: readInventory(objects) };
}

const short = (end: string): string => end.replace(/^boutique\/(.*)\[.*\]$/, '$1');

describe('a web shop', () => {
  test('inside, who may call whom is what the policies were written for', () => {
    const inside = [...connectivity(boutique('policies.yaml')).items()]
      .filter(({ from, to }) => from.includes('/') && to.includes('/'))
      .map(({ from, to, connections }) => {
        const ports = connections.map(
          ({ protocol, ports: list }) => `${protocol} ${list.map(([first]) => first).join()}`,
        );
        return `${short(from)} > ${short(to)} ${ports.join()}`;
      });
    expect(inside).toEqual([
      'cart > redis TCP 6379',
      'checkout > cart TCP 7070',
      'checkout > catalog TCP 3550',
      'checkout > currency TCP 7000',
      'checkout > email TCP 8080',
      'checkout > payment TCP 50051',
      'checkout > shipping TCP 50051',
      'frontend > ads TCP 9555',
      'frontend > cart TCP 7070',
      'frontend > catalog TCP 3550',
      'frontend > checkout TCP 5050',
      'frontend > currency TCP 7000',
      'frontend > recommendation TCP 8080',
      'frontend > shipping TCP 50051',
      'load > frontend TCP 8080',
      'recommendation > catalog TCP 3550',
    ]);
  });

  test('from outside only the frontend can be reached, and not from 10.0.0.0/8', () => {
    const fromOutside = [...connectivity(boutique('policies.yaml')).items()].filter(({ from }) => !from.includes('/'));
    expect(fromOutside.map(({ from, to }) => `${from} > ${short(to)}`)).toEqual([
      '0.0.0.0-9.255.255.255 > frontend',
      '11.0.0.0-255.255.255.255 > frontend',
    ]);
  });

  test('keeping the shop inside takes the way out from all, and leaves payment one provider', () => {
    const result = diff(boutique('policies.yaml'), boutique('policies.yaml', 'payment-out.yaml'));
    const [added = [], removed = [], changed = []] = changeKinds.map((kind) => [...result.pairs(kind)]);
    expect(added).toEqual([]);
    expect(new Set(removed.map(({ to }) => to.includes('/')))).toEqual(new Set([false]));
    expect(changed.map(({ from, to, after }) => [short(from), to, after])).toEqual([
      ['payment', '203.0.113.0-203.0.113.15', [{ protocol: 'TCP', ports: [[443, 443]] }]],
    ]);
  });
});

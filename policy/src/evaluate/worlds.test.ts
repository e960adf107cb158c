import { readFileSync } from 'node:fs';
import { brotliDecompressSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { readInventory } from '../connectivity/workloads.ts';
import { lowerPolicy, policyRef } from '../lower/lower-policy.ts';
import type { Policy } from '../model/policy.ts';
import type { Endpoint, EngineOptions } from '../model/world.ts';
import type { Manifest } from '../source/manifest.ts';
import { readManifests } from '../source/read-manifests.ts';
import { isPolicy } from '../validate/kinds.ts';
import { validate } from '../validate/validate.ts';
import { compile } from './engine.ts';

/** As `policy/cases` keeps them: verdicts are two letters a query, endpoints of queries are places in the list. */
interface RecordedWorld {
  readonly name: string;
  readonly cluster?: string;
  readonly options?: EngineOptions;
  readonly endpoints: readonly Endpoint[];
  readonly policies: Readonly<Record<string, string>>;
  readonly queries: readonly (readonly [from: number, to: number, port: number | string, protocol: string])[];
  readonly expected: string;
  readonly rejected: readonly string[];
}

function readWorlds(name: string): readonly RecordedWorld[] {
  const file = new URL(`../../cases/${name}-worlds.json.br`, import.meta.url);
  return JSON.parse(brotliDecompressSync(readFileSync(file)).toString('utf8')) as readonly RecordedWorld[];
}

function refOf({ kind, namespace, name }: Manifest): string {
  return policyRef(kind, kind === 'CiliumClusterwideNetworkPolicy' ? '' : namespace || 'default', name);
}

function judge(world: RecordedWorld): { readonly verdicts: string; readonly rejected: readonly string[] } {
  const manifests = Object.values(world.policies).flatMap((text) => readManifests(text).manifests);
  const rejected: string[] = [];
  const policies = manifests.filter(isPolicy).flatMap((manifest): Policy[] => {
    const isRefused = validate(manifest).some(({ severity }) => severity === 'error');
    const lowered = lowerPolicy(manifest.object);
    if (!isRefused && lowered.ok) return [lowered.value];
    rejected.push(refOf(manifest));
    return [];
  });
  const { services, cidrGroups } = readInventory(manifests.map(({ object }) => object));
  const { cluster, endpoints, options } = world;
  const engine = compile(policies, { cluster, endpoints, services, cidrGroups }, options);
  const letters = world.queries.map(([from, to, port, protocol]) => {
    const flow = { from: endpoints[from]?.id ?? '', to: endpoints[to]?.id ?? '', port, protocol };
    const { egress, ingress } = engine.verdict(flow);
    return `${egress[0]}${ingress[0]}`;
  });
  return { verdicts: letters.join(''), rejected: rejected.toSorted() };
}

test.each(['random', 'quirk'])('every verdict and refusal on the %s worlds is Cilium’s', (name) => {
  const wrong = readWorlds(name).filter((world) => {
    const { verdicts, rejected } = judge(world);
    return verdicts !== world.expected || rejected.join() !== world.rejected.toSorted().join();
  });
  expect(wrong.map((world) => world.name)).toEqual([]);
});

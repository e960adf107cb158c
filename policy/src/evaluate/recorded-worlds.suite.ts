import { readFileSync } from 'node:fs';
import { brotliDecompressSync } from 'node:zlib';
import { readInventory } from '../connectivity/workloads.ts';
import { lowerPolicy, policyRef } from '../lower/lower-policy.ts';
import type { Policy, PolicyRef } from '../model/policy.ts';
import type { Endpoint, EngineOptions, Flow } from '../model/world.ts';
import type { Manifest } from '../source/manifest.ts';
import { readManifests } from '../source/read-manifests.ts';
import { isPolicy } from '../validate/kinds.ts';
import { validate } from '../validate/validate.ts';
import { compile } from './engine.ts';
import type { Engine } from './engine.ts';

/** As `policy/cases` keeps them: verdicts are two letters a query, endpoints of queries are places in the list. */
export interface RecordedWorld {
  readonly name: string;
  readonly cluster?: string;
  readonly options?: EngineOptions;
  readonly endpoints: readonly Endpoint[];
  readonly policies: Readonly<Record<string, string>>;
  readonly queries: readonly (readonly [from: number, to: number, port: number | string, protocol: string])[];
  /** Two letters a query: a(llowed), d(enied), n(one), e(rror). */
  readonly expected: string;
  readonly rejected: readonly string[];
}

export function readWorlds(name: 'random' | 'quirk'): readonly RecordedWorld[] {
  const file = new URL(`../../cases/${name}-worlds.json.br`, import.meta.url);
  return JSON.parse(brotliDecompressSync(readFileSync(file)).toString('utf8')) as readonly RecordedWorld[];
}

export function manifestRef({ kind, namespace, name }: Manifest): PolicyRef {
  return policyRef(kind, kind === 'CiliumClusterwideNetworkPolicy' ? '' : namespace || 'default', name);
}

export interface OpenWorld {
  readonly rejected: readonly string[];
  readonly manifests: ReadonlyMap<PolicyRef, Manifest>;
  /** With other policies in place of the world's own. */
  engine(policies?: readonly Policy[]): Engine;
  readonly flows: readonly (Flow & { readonly from: string; readonly to: string })[];
}

export function openWorld({ policies: texts, endpoints, cluster, options, queries }: RecordedWorld): OpenWorld {
  const all = Object.values(texts).flatMap((text) => readManifests(text).manifests);
  const rejected: string[] = [];
  const manifests = new Map<PolicyRef, Manifest>();
  const policies = all.filter(isPolicy).flatMap((manifest): Policy[] => {
    const isRefused = validate(manifest).some(({ severity }) => severity === 'error');
    const lowered = lowerPolicy(manifest.object);
    if (isRefused || !lowered.ok) {
      rejected.push(manifestRef(manifest));
      return [];
    }
    manifests.set(lowered.value.ref, manifest);
    return [lowered.value];
  });
  const { services, cidrGroups } = readInventory(all.map(({ object }) => object));
  return {
    rejected: rejected.toSorted(),
    manifests,
    engine: (own = policies) => compile(own, { cluster, endpoints, services, cidrGroups }, options),
    flows: queries.map(([from, to, port, protocol]) => ({
      from: endpoints[from]?.id ?? '',
      to: endpoints[to]?.id ?? '',
      port,
      protocol,
    })),
  };
}

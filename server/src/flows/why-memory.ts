import type { Cluster, KubernetesObject } from '@bartizan/backends';
import { compile, lowerPolicy, readManifests, validate } from '@bartizan/policy';
import type { Endpoint, Engine, Inventory, Manifest, Policy } from '@bartizan/policy';
import { contentOf } from '../policies/content.ts';
import { inventoryOf } from '../policies/inventory.ts';

/** What answers to why rest on, kept while it holds: the second question need not read and compile it anew. */
export interface WhyMemory {
  inventory(cluster: Cluster): Inventory;
  textOf(object: KubernetesObject): string;
  /** Null where the text has no policy. */
  read(text: string): ReadPolicy | null;
  engine(asked: AskedEngine): KeptEngine;
}

export interface ReadPolicy {
  readonly manifest: Manifest;
  /** Null where Cilium refuses it. */
  readonly policy: Policy | null;
}

interface AskedEngine {
  readonly policies: readonly Policy[];
  readonly inventory: Inventory;
  /** The local cluster's name. */
  readonly cluster: string;
}

export interface KeptEngine {
  /** With two ends of a connection beside all that runs. */
  with(ends: readonly Endpoint[]): Engine;
  /** What was worked out under this key before, else it is worked out. */
  once<T extends object>(key: string, work: () => T): T;
}

/** Pods come and go all the time, and events tell themselves what policies see of theirs. */
const inventoryMs = 10_000;
const mostTexts = 5000;
const mostEngines = 8;
const mostAnswers = 200;

export function createWhyMemory(clock: () => Date): WhyMemory {
  const inventories = new Map<Cluster, { readonly inventory: Inventory; readonly untilMs: number }>();
  const followed = new Set<Cluster>();
  const texts = new WeakMap<KubernetesObject, string>();
  const read = new Map<string, ReadPolicy | null>();
  /** Those asked for last come first. */
  const bases = new WeakMap<Inventory, Map<string, Engine>>();
  let engines: readonly { readonly asked: AskedEngine; readonly engine: KeptEngine }[] = [];

  function follow(cluster: Cluster): void {
    if (followed.has(cluster)) return;
    followed.add(cluster);
    cluster.onChange((kind) => void (kind !== 'Pod' && inventories.delete(cluster)));
  }

  /** What runs is brought into the engine's form once for all policies. */
  function baseOf({ inventory, cluster }: AskedEngine): Engine {
    const known = bases.get(inventory) ?? new Map<string, Engine>();
    bases.set(inventory, known);
    const { services, cidrGroups, workloads } = inventory;
    const endpoints = workloads.flatMap((workload) => workload.endpoints);
    return remembered(known, mostEngines, cluster, () => compile([], { cluster, services, cidrGroups, endpoints }));
  }

  return {
    inventory(cluster) {
      follow(cluster);
      const nowMs = clock().getTime();
      const known = inventories.get(cluster);
      if (known && nowMs < known.untilMs) return known.inventory;
      const inventory = inventoryOf(cluster);
      inventories.set(cluster, { inventory, untilMs: nowMs + inventoryMs });
      return inventory;
    },
    textOf(object) {
      const text = texts.get(object) ?? contentOf(object);
      texts.set(object, text);
      return text;
    },
    read(text) {
      return remembered(read, mostTexts, text, () => readPolicy(text));
    },
    engine(asked) {
      const kept = engines.find((one) => isSame(one.asked, asked)) ?? {
        asked,
        engine: keptEngine(baseOf(asked), asked),
      };
      engines = [kept, ...engines.filter((one) => one !== kept)].slice(0, mostEngines);
      return kept.engine;
    },
  };
}

/** Policies that were read from the same text are the same object. */
function isSame(one: AskedEngine, other: AskedEngine): boolean {
  return (
    one.inventory === other.inventory &&
    one.cluster === other.cluster &&
    one.policies.length === other.policies.length &&
    one.policies.every((policy, place) => policy === other.policies[place])
  );
}

function keptEngine(base: Engine, { policies }: AskedEngine): KeptEngine {
  const engine = base.update({ policies: { put: policies } });
  const answers = new Map<string, object>();
  return {
    with: (ends) => engine.update({ endpoints: { put: ends } }),
    once<T extends object>(key: string, work: () => T): T {
      // Under one key there is only ever what the same caller put there.
      return remembered(answers, mostAnswers, key, work) as T;
    },
  };
}

function remembered<T>(kept: Map<string, T>, most: number, key: string, make: () => T): T {
  const known = kept.get(key);
  const value = known === undefined ? make() : known;
  kept.delete(key);
  kept.set(key, value);
  const oldest = kept.keys().next().value;
  if (kept.size > most && oldest !== undefined) kept.delete(oldest);
  return value;
}

function readPolicy(text: string): ReadPolicy | null {
  const [manifest] = readManifests(text).manifests;
  if (!manifest) return null;
  const lowered = lowerPolicy(manifest.object);
  const isRefused = validate(manifest).some(
    ({ severity, refusedBy }) => severity === 'error' && refusedBy === 'cilium',
  );
  return { manifest, policy: lowered.ok && !isRefused ? lowered.value : null };
}

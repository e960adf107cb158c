import type { PolicyEffect, Window } from '@bartizan/api';
import type { Cluster, FlowReader, Scope } from '@bartizan/backends';
import { endName } from '@bartizan/flow';
import { clusterOf, lowerPolicy, observedOf, simulate } from '@bartizan/policy';
import type { Category, Policy, Simulation } from '@bartizan/policy';
import { policyKinds } from './catalogue.ts';
import { inventoryOf } from './inventory.ts';

export type EffectCounts = Omit<PolicyEffect, 'coverage'>;

interface Base {
  readonly simulation: Simulation;
  readonly madeAtMs: number;
  readonly version: object;
}

/** What was seen in a window is read once, and each edit judged in proportion to what it changes. */
export interface Effects {
  of(asked: { cluster: Cluster; scope: Scope; window: Window; draft: Policy }): Promise<EffectCounts>;
}

const keptMs = 60_000;
const mostBases = 8;
const mostItems = 200;

export function createEffects({ flows, clock }: { readonly flows: FlowReader; readonly clock: () => Date }): Effects {
  const bases = new Map<string, Base>();
  const versions = new WeakMap<Cluster, object>();

  /** Another one as soon as anything that verdicts rest on has changed. */
  function versionOf(cluster: Cluster): object {
    const known = versions.get(cluster);
    if (known) return known;
    versions.set(cluster, {});
    cluster.onChange(() => versions.set(cluster, {}));
    return versions.get(cluster) ?? {};
  }

  async function baseFor({
    cluster,
    scope,
    window,
  }: {
    cluster: Cluster;
    scope: Scope;
    window: Window;
  }): Promise<Simulation> {
    const nowMs = clock().getTime();
    const minute = (ms: number): number => Math.floor(ms / keptMs);
    const key = JSON.stringify([cluster.name, scope, minute(window.fromMs), minute(window.toMs)]);
    const version = versionOf(cluster);
    const kept = bases.get(key);
    if (kept && kept.version === version && nowMs - kept.madeAtMs < keptMs) return kept.simulation;
    const edges = await flows.connections({ window, scope });
    const inventory = inventoryOf(cluster);
    const policies = policiesOf(cluster);
    const simulation = simulate({
      observed: observedOf(edges, { nameOf: endName, inventory, podAddresses: false }),
      before: policies,
      after: policies,
      world: { cluster: clusterOf(edges), services: inventory.services, cidrGroups: inventory.cidrGroups },
    });
    bases.delete(key);
    bases.set(key, { simulation, madeAtMs: nowMs, version });
    for (const oldest of [...bases.keys()].slice(0, Math.max(0, bases.size - mostBases))) bases.delete(oldest);
    return simulation;
  }

  return {
    async of({ draft, ...asked }) {
      const base = await baseFor(asked);
      return countsOf(base.edit({ policies: { put: [draft] } }));
    },
  };
}

function countsOf(simulation: Simulation): EffectCounts {
  const group = (category: Category) => ({
    count: simulation.counts[category],
    items: simulation
      .items(category)
      .slice(0, mostItems)
      .map((item) => ({ ...item, examples: [...item.examples] })),
  });
  return {
    connections: simulation.connections,
    newlyDenied: group('newlyDenied'),
    newlyAllowed: group('newlyAllowed'),
    unchanged: { count: simulation.counts.unchanged },
    unknown: group('unknown'),
    audited: group('audited'),
    disagrees: group('disagrees'),
  };
}

function policiesOf(cluster: Cluster): Policy[] {
  return policyKinds.flatMap((kind) =>
    cluster.list(kind).flatMap((object) => {
      const lowered = lowerPolicy(object);
      return lowered.ok ? [lowered.value] : [];
    }),
  );
}

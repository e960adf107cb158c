import type { PolicyEffect, Window } from '@bartizan/api';
import type { Cluster, ConnectionRow, ConnectionSeen, FlowReader, Scope } from '@bartizan/backends';
import { endName } from '@bartizan/flow';
import { clusterOfEnds, lowerPolicy, observedColumns, simulate } from '@bartizan/policy';
import type { Category, Policy, Simulation } from '@bartizan/policy';
import { policyKinds } from './catalogue.ts';
import { inventoryOf } from './inventory.ts';
import { createSingleRuns } from './single-run.ts';

export type EffectCounts = Omit<PolicyEffect, 'coverage'>;

interface Asked {
  readonly cluster: Cluster;
  readonly scope: Scope;
  readonly window: Window;
  readonly signal: AbortSignal;
}

/** What was seen in a window under the policies of now, before any edit. */
interface Base {
  readonly window: Window;
  readonly simulation: Simulation;
  readonly rowOf: (row: number) => ConnectionRow;
  /** What is shown of rows, read when they are first shown. */
  readonly seen: Map<number, ConnectionSeen>;
  readonly version: object;
}

/** What was seen in a window is read once, and each edit judged in proportion to what it changes. */
export interface Effects {
  /** The counts, and the window that they are of: a little earlier than the one asked for, where that was read already. */
  of(asked: Asked & { readonly draft: Policy }): Promise<{ readonly counts: EffectCounts; readonly window: Window }>;
}

/** So long the edits of a draft are compared with the same connections. */
const keptMs = 5 * 60_000;
/** Together they hold no more connections than this. */
const mostConnections = 2_000_000;
const mostItems = 200;
const listed = [
  'newlyDenied',
  'newlyAllowed',
  'unknown',
  'audited',
  'disagrees',
] as const satisfies readonly Category[];

export function createEffects({ flows }: { readonly flows: FlowReader }): Effects {
  const bases = new Map<string, Base>();
  const reading = createSingleRuns<Base>();
  const versions = new WeakMap<Cluster, object>();

  /** Another one as soon as what verdicts rest on has changed; of pods the events tell themselves, and they change all the time. */
  function versionOf(cluster: Cluster): object {
    const known = versions.get(cluster);
    if (known) return known;
    versions.set(cluster, {});
    cluster.onChange((kind) => {
      if (kind !== 'Pod') versions.set(cluster, {});
    });
    return versions.get(cluster) ?? {};
  }

  async function baseFor({ cluster, scope, window, signal }: Asked): Promise<Base> {
    const spanMs = window.toMs - window.fromMs;
    const key = JSON.stringify([cluster.name, scope, spanMs]);
    const version = versionOf(cluster);
    const kept = bases.get(key);
    const ageMs = kept ? window.toMs - kept.window.toMs : 0;
    if (kept && kept.version === version && ageMs >= 0 && ageMs < Math.min(keptMs, spanMs / 10)) return kept;
    const base = await reading(`${key} ${window.toMs}`, signal, (stop) =>
      readBase(flows, { cluster, scope, window, signal: stop }, version),
    );
    bases.delete(key);
    bases.set(key, base);
    dropOldest(bases);
    return base;
  }

  return {
    async of({ draft, ...asked }) {
      const base = await baseFor(asked);
      asked.signal.throwIfAborted();
      const edited = base.simulation.edit({ policies: { put: [draft] } });
      await fetchSeen(flows, base, { ...asked, simulation: edited });
      return { counts: countsOf(edited), window: base.window };
    },
  };
}

async function readBase(flows: FlowReader, { cluster, scope, window, signal }: Asked, version: object): Promise<Base> {
  const { ends, rowOf, ...columns } = await flows.connections({ window, scope }, signal);
  signal.throwIfAborted();
  const inventory = inventoryOf(cluster);
  const policies = policiesOf(cluster);
  const seen = new Map<number, ConnectionSeen>();
  const unread = { firstSeen: '', lastSeen: '', examples: [] };
  const observed = observedColumns(
    ends,
    { ...columns, seen: (row) => seen.get(row) ?? unread },
    { nameOf: endName, inventory, podAddresses: false },
  );
  const simulation = simulate({
    observed,
    before: policies,
    after: policies,
    world: { cluster: clusterOfEnds(ends), services: inventory.services, cidrGroups: inventory.cidrGroups },
  });
  return { window, simulation, rowOf, seen, version };
}

async function fetchSeen(
  flows: FlowReader,
  { rowOf, seen, window }: Base,
  { scope, signal, simulation }: Pick<Asked, 'scope' | 'signal'> & { readonly simulation: Simulation },
): Promise<void> {
  const rows = listed.flatMap((category) => simulation.rowsOf(category, mostItems)).filter((row) => !seen.has(row));
  if (rows.length === 0) return;
  const found = await flows.connectionsSeen({ window, scope }, rows.map(rowOf), signal);
  for (const [place, row] of rows.entries()) {
    const told = found[place];
    if (told) seen.set(row, told);
  }
}

function dropOldest(bases: Map<string, Base>): void {
  const sizeOf = ({ simulation }: Base): number => simulation.rows;
  let held = [...bases.values()].reduce((sum, base) => sum + sizeOf(base), 0);
  for (const [key, base] of bases) {
    if (held <= mostConnections || bases.size === 1) return;
    held -= sizeOf(base);
    bases.delete(key);
  }
}

function countsOf(simulation: Simulation): EffectCounts {
  const group = (category: Category) => ({
    count: simulation.counts[category],
    items: simulation.items(category, mostItems).map((item) => ({ ...item, examples: [...item.examples] })),
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

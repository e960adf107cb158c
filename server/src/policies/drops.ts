import type { FilterTerm, PendingChange as Answer, Window } from '@bartizan/api';
import type { Cluster, FlowReader, KubernetesObject, PendingChange, Scope } from '@bartizan/backends';
import { ownerOfPod, stableOwner } from '@bartizan/flow';
import { objectOf } from './pending.ts';
import type { PodFinder } from './selected-pods.ts';

type Drops = Answer['drops'];

const comparedMs = 10 * 60_000;

/** Flow events of the workloads that a policy selects, before a change or after it: since the change, and in the ten minutes before. */
export async function dropsOf(
  change: PendingChange,
  asked: {
    readonly flows: FlowReader | null;
    readonly cluster: Cluster;
    readonly pods: PodFinder;
    readonly nowMs: number;
  },
): Promise<Drops> {
  const { flows, cluster, pods, nowMs } = asked;
  const workloads = workloadsOf(change, { cluster, pods });
  const since = { fromMs: change.madeAtMs, toMs: Math.max(nowMs, change.madeAtMs + 1) };
  const earlier = { fromMs: change.madeAtMs - comparedMs, toMs: change.madeAtMs };
  if (flows === null || !workloads?.length)
    return { workloads, before: unseen(earlier), since: unseen(since), missing: whyNobody(flows, workloads) };
  const scope = scopeOf(cluster.name, workloads);
  const before = await recordedEnd(flows, earlier, scope);
  const [seenBefore, seenSince, { gaps }] = await Promise.all([
    countIn(flows, { window: before, scope, workloads }),
    countIn(flows, { window: since, scope, workloads }),
    flows.coverage({ window: since, scope, filter: [] }),
  ]);
  const [gap] = gaps;
  return {
    workloads,
    before: seenBefore,
    since: seenSince,
    ...(gap ? { missing: `${gap.source}: ${gap.reason}` } : {}),
  };
}

function whyNobody(flows: FlowReader | null, workloads: readonly string[] | null): string {
  if (flows === null) return 'no source of flows is configured';
  return workloads === null ? 'which pods the policy selects cannot be told' : 'the policy selects no pod';
}

/** The stretch of a window after its last gap: a rate over time of which nothing was recorded would be too low. */
async function recordedEnd(flows: FlowReader, window: Window, scope: Scope): Promise<Window> {
  const { gaps } = await flows.coverage({ window, scope, filter: [] });
  const ends = gaps.map(({ to }) => (to === undefined ? window.toMs - 1 : Date.parse(to)));
  return { ...window, fromMs: Math.min(Math.max(window.fromMs, ...ends), window.toMs - 1) };
}

function unseen({ fromMs, toMs }: Window): Drops['since'] {
  return { from: new Date(fromMs).toISOString(), to: new Date(toMs).toISOString(), events: null, dropped: null };
}

/** Events with one of the workloads at either end, each once. */
async function countIn(
  flows: FlowReader,
  {
    window,
    scope,
    workloads,
  }: { readonly window: Window; readonly scope: Scope; readonly workloads: readonly string[] },
): Promise<Drops['since']> {
  const term = (field: string): FilterTerm => ({
    field,
    negated: false,
    test: { kind: 'any-of', values: [...workloads] },
  });
  const [from, to, both] = await Promise.all(
    [[term('source')], [term('destination')], [term('source'), term('destination')]].map((filter) =>
      flows.statistics({ window, scope, filter }),
    ),
  );
  const join = (figure: 'total' | 'dropped'): number | null => {
    const [left, right, shared] = [from?.[figure] ?? null, to?.[figure] ?? null, both?.[figure] ?? null];
    return left === null || right === null || shared === null ? null : left + right - shared;
  };
  return { ...unseen(window), events: join('total'), dropped: join('dropped') };
}

function scopeOf(source: string, workloads: readonly string[]): Scope {
  const namespaces = [...new Set(workloads.map((workload) => workload.split('/')[0] ?? ''))];
  return { kind: 'namespaces', sources: [source], namespaces, hosts: [] };
}

/** As flow events call them. */
function workloadsOf(
  { before, after }: PendingChange,
  { cluster, pods }: { readonly cluster: Cluster; readonly pods: PodFinder },
): string[] | null {
  const selected = [before, after].map((text) => (text === null ? [] : pods(cluster, objectOf(text))));
  if (selected.includes(null)) return null;
  const ids = new Set(selected.flatMap((some) => some ?? []));
  const chosen = cluster.list('Pod').filter(({ metadata }) => ids.has(`${metadata.namespace ?? ''}/${metadata.name}`));
  return [...new Set(chosen.map(workloadOf))].toSorted();
}

function workloadOf({ metadata }: KubernetesObject): string {
  const controller = metadata.ownerReferences?.find((owner) => owner.controller);
  const { name } = controller ? stableOwner(controller) : ownerOfPod(metadata.name);
  return `${metadata.namespace ?? ''}/${name}`;
}

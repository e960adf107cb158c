import type { Signal } from '@bartizan/api';
import type { Cluster, Scope } from '@bartizan/backends';
import type { Deps, EnvironmentSetup, SourceHandle } from './deps.ts';
import { notFound } from './http/problem.ts';

/** The environments that a request is about: one, or with `-` all of them. */
export interface Selection {
  readonly id: string;
  readonly isAll: boolean;
  readonly setups: readonly EnvironmentSetup[];
  /** Each once, sorted. */
  readonly namespaces: readonly string[];
  readonly clusters: readonly string[];
}

export function selectEnvironment(deps: Pick<Deps, 'environments'>, id: string): Selection {
  const { items } = deps.environments();
  const setups = id === '-' ? items : items.filter((setup) => setup.id === id);
  if (setups.length === 0 && id !== '-') {
    const known = items.map((setup) => setup.id).join(', ');
    throw notFound(
      `There is no environment "${id}". ${known === '' ? 'There is none at all.' : `There are: ${known}.`}`,
      'unknown-environment',
    );
  }
  return {
    id,
    isAll: id === '-',
    setups,
    namespaces: unique(setups.flatMap((setup) => setup.namespaces)),
    clusters: unique(setups.map((setup) => setup.cluster)),
  };
}

export function wafScope(selection: Selection): Scope {
  if (selection.isAll) return { kind: 'all' };
  return {
    kind: 'namespaces',
    sources: unique(selection.setups.flatMap((setup) => setup.firewalls)),
    namespaces: selection.namespaces,
    hosts: unique(selection.setups.flatMap((setup) => setup.hosts)),
  };
}

export function flowScope(selection: Selection): Scope {
  if (selection.isAll) return { kind: 'all' };
  return { kind: 'namespaces', sources: selection.clusters, namespaces: selection.namespaces, hosts: [] };
}

/** The sources of one signal that the selection depends on. */
export function sourcesOf(deps: Pick<Deps, 'sources'>, selection: Selection, signal: Signal): readonly SourceHandle[] {
  return deps.sources.filter(
    (source) => source.signal === signal && selection.setups.some((setup) => source.covers(setup)),
  );
}

/** The clusters of the selection that are connected at all. */
export function clustersOf(deps: Pick<Deps, 'clusters'>, selection: Selection): readonly Cluster[] {
  return selection.clusters.flatMap((name) => deps.clusters.get(name) ?? []);
}

/** The namespaces of the selection that are in one of its clusters. */
export function namespacesIn({ setups }: Selection, { name }: Pick<Cluster, 'name'>): readonly string[] {
  return unique(setups.filter(({ cluster }) => cluster === name).flatMap(({ namespaces }) => namespaces));
}

export function unique(values: readonly string[]): readonly string[] {
  return [...new Set(values)].sort();
}

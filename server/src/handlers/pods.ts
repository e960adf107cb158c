import type { Gap } from '@bartizan/api';
import type { Cluster } from '@bartizan/backends';
import type { Deps } from '../deps.ts';
import type { Handler } from '../http/register.ts';
import { clustersOf, selectEnvironment, sourcesOf } from '../selection.ts';
import { coverageView } from '../views/coverage-view.ts';
import { pageOf } from '../views/page-view.ts';

/** Every pod of the environment's clusters: a selector may name pods of any namespace. */
export function podsHandler(deps: Deps): Handler<'pods'> {
  return async ({ params, query }) => {
    const selection = selectEnvironment(deps, params.env);
    const clusters = clustersOf(deps, selection);
    const all = clusters.flatMap((cluster) => cluster.list('Pod').map(podView)).sort(byPlace);
    const now = deps.clock().getTime();
    const coverage = coverageView({
      window: { fromMs: now, toMs: now },
      signal: 'policies',
      stored: null,
      sources: sourcesOf(deps, selection, 'policies'),
    });
    const gaps = [...coverage.gaps, ...clusters.flatMap(unreadPods)];
    return {
      ...pageOf(all, query),
      coverage: { ...coverage, gaps, complete: gaps.length === 0 },
    };
  };
}

function podView({ metadata }: ReturnType<Cluster['list']>[number]) {
  return { namespace: metadata.namespace ?? '', name: metadata.name, labels: { ...metadata.labels } };
}

function byPlace(left: { namespace: string; name: string }, right: { namespace: string; name: string }): number {
  const key = ({ namespace, name }: typeof left): string => `${namespace}\0${name}`;
  return key(left) < key(right) ? -1 : 1;
}

function unreadPods(cluster: Cluster): Gap[] {
  const watched = cluster.state('Pod');
  if (watched.state === 'ok') return [];
  const reason = watched.state === 'connecting' ? 'the first list has not come yet' : watched.reason;
  return [{ source: cluster.name, reason: `Pod: ${reason}` }];
}

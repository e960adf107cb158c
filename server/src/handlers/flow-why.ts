import type { Deps } from '../deps.ts';
import { policiesThen } from '../flows/policies-then.ts';
import { whyOf } from '../flows/why.ts';
import { notFound } from '../http/problem.ts';
import type { Handlers } from '../http/register.ts';
import { selectEnvironment } from '../selection.ts';

export function flowWhyHandler(deps: Deps): Handlers['flowWhy'] {
  return async ({ params }) => {
    const { clusters, namespaces, isAll } = selectEnvironment(deps, params.env);
    const found = await deps.flows?.find(params.id);
    const isInside =
      found &&
      clusters.includes(found.source) &&
      (isAll ||
        [found.flow.source, found.flow.destination].some(
          ({ namespace }) => namespace !== null && namespaces.includes(namespace),
        ));
    if (!found || !isInside)
      throw notFound(`There is no flow "${params.id}" in this environment, or it is no longer kept.`, 'unknown-flow');
    const cluster = deps.clusters.get(found.source);
    if (!cluster) throw notFound(`The cluster "${found.source}" is not configured.`, 'no-source');
    const atMs = Date.parse(found.flow.time);
    const then = await policiesThen({
      cluster,
      state: deps.state,
      atMs: Number.isNaN(atMs) ? deps.clock().getTime() : atMs,
    });
    return whyOf(found.flow, { cluster, then });
  };
}

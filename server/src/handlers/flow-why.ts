import { namespaceHere } from '@bartizan/flow';
import type { Deps } from '../deps.ts';
import { connectionOf } from '../flows/ends-of.ts';
import { policiesThen } from '../flows/policies-then.ts';
import { createWhyMemory } from '../flows/why-memory.ts';
import { whyOf } from '../flows/why.ts';
import { notFound } from '../http/problem.ts';
import type { Handlers } from '../http/register.ts';
import { selectEnvironment } from '../selection.ts';

export function flowWhyHandler(deps: Deps): Handlers['flowWhy'] {
  const memory = createWhyMemory(deps.clock);
  return async ({ params }) => {
    const { cluster, flow } = await findFlow(deps, params);
    const asked = connectionOf(flow, memory.inventory(cluster));
    const atMs = Date.parse(flow.time);
    const policies = await policiesThen({
      cluster,
      state: deps.state,
      atMs: Number.isNaN(atMs) ? deps.clock().getTime() : atMs,
      namespaces: typeof asked === 'string' ? [] : [asked.from.namespace, asked.to.namespace],
      memory,
    });
    return whyOf(flow, { asked, policies, memory });
  };
}

/** One event that an environment may see, and the cluster that it is of. */
async function findFlow(deps: Deps, { env, id }: { readonly env: string; readonly id: string }) {
  const { clusters, namespaces, isAll } = selectEnvironment(deps, env);
  const found = await deps.flows?.find(id);
  const isInside =
    found &&
    clusters.includes(found.source) &&
    (isAll || [found.flow.source, found.flow.destination].some((end) => namespaces.includes(namespaceHere(end) ?? '')));
  if (!found || !isInside)
    throw notFound(`There is no flow "${id}" in this environment, or it is no longer kept.`, 'unknown-flow');
  const cluster = deps.clusters.get(found.source);
  if (!cluster) throw notFound(`The cluster "${found.source}" is not configured.`, 'no-source');
  return { cluster, flow: found.flow };
}

import type { Gap, Policy } from '@bartizan/api';
import { SourceError } from '@bartizan/backends';
import type { Cluster } from '@bartizan/backends';
import type { Deps } from '../deps.ts';
import { notFound } from '../http/problem.ts';
import type { Handlers } from '../http/register.ts';
import { createCatalogue, policyKinds } from '../policies/catalogue.ts';
import type { Catalogue } from '../policies/catalogue.ts';
import { changeEnforcement } from '../policies/change-enforcement.ts';
import { placeOf } from '../policies/place.ts';
import { etagOf, readPrecondition } from '../policies/preconditions.ts';
import { predefinedPolicies } from '../policies/predefined.ts';
import { clustersOf, selectEnvironment, sourcesOf } from '../selection.ts';
import type { Selection } from '../selection.ts';
import { coverageView } from '../views/coverage-view.ts';

export function policyHandlers(deps: Deps): Pick<Handlers, 'policies' | 'policy' | 'setEnforcement'> {
  const catalogue = createCatalogue();

  return {
    async policies({ params, query }) {
      const selection = selectEnvironment(deps, params.env);
      const clusters = clustersOf(deps, selection);
      await Promise.race([Promise.all(clusters.map((cluster) => cluster.synced)), deadline(3000)]);
      const all = listPolicies(catalogue, { clusters, selection });
      const start = Number(query.cursor ?? 0) || 0;
      const end = start + query.limit;
      const now = deps.clock().getTime();
      const coverage = coverageView({
        window: { fromMs: now, toMs: now },
        signal: 'policies',
        stored: null,
        sources: sourcesOf(deps, selection, 'policies'),
      });
      const gaps = [...coverage.gaps, ...clusters.flatMap(unreadKinds)];
      return {
        items: all.slice(start, end),
        ...(end < all.length ? { nextCursor: String(end) } : {}),
        coverage: { ...coverage, gaps, complete: gaps.length === 0 },
      };
    },

    async policy({ params, reply, signal }) {
      const selection = selectEnvironment(deps, params.env);
      const { cluster, ref } = placeOf(deps, selection, params);
      try {
        const object = await cluster.read(ref, signal);
        if (object.metadata.resourceVersion !== undefined)
          reply.header('etag', etagOf(object.metadata.resourceVersion));
        return catalogue.view(cluster, object);
      } catch (error) {
        const offered = isNotFound(error) ? offeredPolicy(catalogue, { cluster, selection, ...ref }) : undefined;
        if (offered) return offered;
        if (isNotFound(error))
          throw notFound(
            `There is no ${ref.kind} "${ref.name}"${ref.namespace === '' ? '' : ` in ${ref.namespace}`}.`,
            'unknown-policy',
          );
        throw error;
      }
    },

    async setEnforcement({ params, body, request, reply, signal }) {
      const selection = selectEnvironment(deps, params.env);
      const { cluster, ref } = placeOf(deps, selection, params);
      const precondition = readPrecondition(request);
      const { state, clock } = deps;
      const { object, isNew } = await changeEnforcement({
        cluster,
        ref,
        precondition,
        state,
        catalogue,
        clock,
        signal,
        enabled: body.enabled,
        by: deps.signIn.kind === 'open' ? 'console, not signed in' : 'console, with the access token',
      });
      if (object.metadata.resourceVersion !== undefined) reply.header('etag', etagOf(object.metadata.resourceVersion));
      if (isNew) reply.code(201);
      return catalogue.view(cluster, object);
    },
  };
}

function listPolicies(
  catalogue: Catalogue,
  { clusters, selection }: { clusters: readonly Cluster[]; selection: Selection },
): Policy[] {
  return clusters
    .flatMap((cluster) => {
      const namespaces = selection.setups
        .filter((setup) => setup.cluster === cluster.name)
        .flatMap((setup) => setup.namespaces);
      const offered = selection.isAll ? [] : catalogue.predefined(cluster, [...new Set(namespaces)]);
      return [...catalogue.deployed(cluster, namespaces), ...offered];
    })
    .sort(byPlace);
}

function byPlace(left: Policy, right: Policy): number {
  const rank = (policy: Policy): number => (policy.state === 'predefined' ? 1 : 0);
  const key = (policy: Policy): string => `${policy.name}\0${policy.namespace}\0${policy.kind}`;
  return rank(left) - rank(right) || (key(left) < key(right) ? -1 : 1);
}

function offeredPolicy(
  catalogue: Catalogue,
  asked: { cluster: Cluster; selection: Selection; kind: string; namespace: string; name: string },
): Policy | undefined {
  const { cluster, selection, kind, namespace, name } = asked;
  const isOffered =
    !selection.isAll && kind === 'NetworkPolicy' && predefinedPolicies.some((policy) => policy.name === name);
  return isOffered ? catalogue.predefined(cluster, [namespace]).find((policy) => policy.name === name) : undefined;
}

/** A kind that may not be read, or whose definition is missing, is said in its place, never left out unsaid. */
function unreadKinds(cluster: Cluster): Gap[] {
  return policyKinds.flatMap((kind) => {
    const watched = cluster.state(kind);
    if (watched.state === 'ok') return [];
    const reason = watched.state === 'connecting' ? 'the first list has not come yet' : watched.reason;
    return [{ source: cluster.name, reason: `${kind}: ${reason}` }];
  });
}

function isNotFound(error: unknown): boolean {
  return error instanceof SourceError && error.code === 'not-found';
}

function deadline(ms: number): Promise<void> {
  return new Promise((resolve) => void setTimeout(resolve, ms).unref());
}

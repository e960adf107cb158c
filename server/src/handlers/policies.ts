import { parseDuration } from '@bartizan/api';
import type { Gap, Policy, PolicyKind } from '@bartizan/api';
import type { Cluster, KubernetesObject } from '@bartizan/backends';
import type { FastifyReply } from 'fastify';
import type { Deps } from '../deps.ts';
import { badRequest, notFound } from '../http/problem.ts';
import type { Handlers } from '../http/register.ts';
import { policyKinds } from '../policies/catalogue.ts';
import type { Catalogue } from '../policies/catalogue.ts';
import { changeEnforcement } from '../policies/change-enforcement.ts';
import { placeOf } from '../policies/place.ts';
import type { PolicyPlace } from '../policies/place.ts';
import { etagOf, readPrecondition } from '../policies/preconditions.ts';
import { dialectFor } from '../policies/predefined/offer.ts';
import { isNotFound } from '../policies/read-or-null.ts';
import type { PolicyRoom } from '../policies/room.ts';
import type { Change } from '../policies/writer.ts';
import { clustersOf, namespacesIn, selectEnvironment, sourcesOf } from '../selection.ts';
import type { Selection } from '../selection.ts';
import { coverageView } from '../views/coverage-view.ts';
import { pageOf } from '../views/page-view.ts';

const longestWaitMs = 3000;

export function policyHandlers(deps: Deps, room: PolicyRoom): Pick<Handlers, 'policies' | 'policy' | 'setEnforcement'> {
  const { catalogue, writer } = room;

  return {
    async policies({ params, query }) {
      const selection = selectEnvironment(deps, params.env);
      const clusters = clustersOf(deps, selection);
      await Promise.race([Promise.all(clusters.map((cluster) => cluster.synced)), deadline(longestWaitMs)]);
      const all = listPolicies(room, { clusters, selection });
      const now = deps.clock().getTime();
      const coverage = coverageView({
        window: { fromMs: now, toMs: now },
        signal: 'policies',
        stored: null,
        sources: sourcesOf(deps, selection, 'policies'),
      });
      const gaps = [...coverage.gaps, ...clusters.flatMap(unreadKinds)];
      return {
        ...pageOf(all, query),
        coverage: { ...coverage, gaps, complete: gaps.length === 0 },
      };
    },

    async policy({ params, reply, signal }) {
      const selection = selectEnvironment(deps, params.env);
      const { cluster, ref } = placeOf(deps, selection, params);
      try {
        return answer(room, { cluster, object: await cluster.read(ref, signal), reply });
      } catch (error) {
        const offered = isNotFound(error) ? offeredPolicy(catalogue, { cluster, selection, ...ref }) : undefined;
        if (offered) return offered;
        if (isNotFound(error)) throw unknownPolicy({ cluster, ref });
        throw error;
      }
    },

    async setEnforcement({ params, query, body, request, reply, signal }) {
      const place = placeOf(deps, selectEnvironment(deps, params.env), params);
      const precondition = readPrecondition(request);
      const afterMs = readRevertAfter(query.revertAfter);
      const resourceVersion = precondition.kind === 'version' ? precondition.resourceVersion : null;
      const change = room.change(place, { yours: { resourceVersion, enabled: body.enabled }, signal });
      const write = (timed: Pick<Change, 'onTried'> = {}) =>
        changeEnforcement(writer, { enabled: body.enabled, precondition, change: { ...change, ...timed } });
      const { before, object } =
        afterMs === null
          ? await write()
          : await room.pending.make({ ...place, by: room.by, afterMs }, (onTried) => write({ onTried }));
      if (before === null) reply.code(201);
      return answer(room, { cluster: place.cluster, object, reply });
    },
  };
}

/** A policy with its ETag. */
export function answer(
  room: PolicyRoom,
  { cluster, object, reply }: { cluster: Cluster; object: KubernetesObject; reply: FastifyReply },
): Policy {
  if (object.metadata.resourceVersion !== undefined) reply.header('etag', etagOf(object.metadata.resourceVersion));
  return room.view(cluster, object);
}

export function unknownPolicy({ ref }: PolicyPlace): Error {
  return notFound(
    `There is no ${ref.kind} "${ref.name}"${ref.namespace === '' ? '' : ` in ${ref.namespace}`}.`,
    'unknown-policy',
  );
}

const longestPendingMs = 24 * 3_600_000;

/** How long a change waits to be confirmed; null where it is for good. */
export function readRevertAfter(text: string | undefined): number | null {
  if (text === undefined) return null;
  const ms = parseDuration(text);
  if (ms === null || ms > longestPendingMs)
    throw badRequest(`revertAfter is written like 5m or 1h, a day at most, not "${text}".`, 'bad-duration');
  return ms;
}

function listPolicies(
  room: PolicyRoom,
  { clusters, selection }: { clusters: readonly Cluster[]; selection: Selection },
): Policy[] {
  return clusters
    .flatMap((cluster) => {
      const namespaces = namespacesIn(selection, cluster);
      const offered = selection.isAll ? [] : room.catalogue.predefined(cluster, namespaces);
      return [...room.catalogue.deployed(cluster, namespaces), ...offered].map((policy) =>
        room.withPending(cluster, policy),
      );
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
  asked: { cluster: Cluster; selection: Selection; kind: PolicyKind; namespace: string; name: string },
): Policy | undefined {
  const { cluster, selection, kind, namespace, name } = asked;
  if (selection.isAll) return undefined;
  return catalogue
    .predefined(cluster, [namespace], dialectFor(cluster, kind))
    .find((policy) => policy.name === name && policy.kind === kind);
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

function deadline(ms: number): Promise<void> {
  return new Promise((resolve) => void setTimeout(resolve, ms).unref());
}

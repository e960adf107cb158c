import { setImmediate } from 'node:timers/promises';
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
      const { items, ...page } = pageOf(listPolicies(room, { clusters, selection }), query);
      const now = deps.clock().getTime();
      const coverage = coverageView({
        window: { fromMs: now, toMs: now },
        signal: 'policies',
        stored: null,
        sources: sourcesOf(deps, selection, 'policies'),
      });
      const gaps = [...coverage.gaps, ...clusters.flatMap(unreadKinds)];
      return {
        items: await inTurns(items),
        ...page,
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

/** A policy in its place of the list, worked out when its page is asked for: there may be thousands. */
interface Listed {
  readonly place: string;
  readonly view: () => Policy;
}

function listPolicies(
  room: PolicyRoom,
  { clusters, selection }: { clusters: readonly Cluster[]; selection: Selection },
): Listed[] {
  return clusters
    .flatMap((cluster) => {
      const namespaces = namespacesIn(selection, cluster);
      const deployed = room.catalogue.objects(cluster, namespaces).map((object): Listed => {
        const { name, namespace = '' } = object.metadata;
        const view = () => room.withPending(cluster, room.catalogue.deployed(cluster, object));
        return { place: placeInList('deployed', { name, namespace, kind: object.kind }), view };
      });
      const offered = selection.isAll ? [] : room.catalogue.predefined(cluster, namespaces);
      return [
        ...deployed,
        ...offered.map((policy): Listed => {
          return { place: placeInList('offered', policy), view: () => room.withPending(cluster, policy) };
        }),
      ];
    })
    .sort((left, right) => (left.place < right.place ? -1 : 1));
}

/** What is only offered stands behind what is deployed. */
function placeInList(
  rank: 'deployed' | 'offered',
  { name, namespace, kind }: { readonly name: string; readonly namespace: string; readonly kind: string },
): string {
  return `${rank}\0${name}\0${namespace}\0${kind}`;
}

/** So many are worked out before other requests get their turn. */
const turn = 25;

async function inTurns(listed: readonly Listed[]): Promise<Policy[]> {
  const policies: Policy[] = [];
  for (const { view } of listed) {
    policies.push(view());
    if (policies.length % turn === 0) await setImmediate();
  }
  return policies;
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

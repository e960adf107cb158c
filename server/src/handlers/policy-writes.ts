import type { KubernetesObject } from '@bartizan/backends';
import type { Deps } from '../deps.ts';
import { HttpProblem, notFound } from '../http/problem.ts';
import type { Handlers } from '../http/register.ts';
import { requireDraft, requireSame } from '../policies/draft.ts';
import { objectOf, onTopOf } from '../policies/pending.ts';
import type { Ended } from '../policies/pending.ts';
import { placeOf } from '../policies/place.ts';
import type { PolicyPlace } from '../policies/place.ts';
import { readPrecondition } from '../policies/preconditions.ts';
import type { PolicyRoom } from '../policies/room.ts';
import { selectEnvironment } from '../selection.ts';
import { answer, readRevertAfter } from './policies.ts';

type Names = 'createPolicy' | 'replacePolicy' | 'deletePolicy' | 'confirmPending' | 'revertPending' | 'restoreRevision';

export function policyWriteHandlers(deps: Deps, room: PolicyRoom): Pick<Handlers, Names> {
  const { writer, pending } = room;

  return {
    async createPolicy({ params, query, body, reply, signal }) {
      const draft = requireDraft(body.manifest);
      const place = placeOf(deps, selectEnvironment(deps, params.env), {
        ...draft.ref,
        namespace: draft.ref.namespace || '-',
      });
      const change = room.change(place, {
        note: body.note,
        yours: { manifest: body.manifest },
        dryRun: query.dryRun,
        signal,
      });
      const object = await writer.create(draft.object, change);
      reply.code(query.dryRun ? 200 : 201);
      return answer(room, { cluster: place.cluster, object, reply });
    },

    async replacePolicy({ params, query, body, request, reply, signal }) {
      const place = placeOf(deps, selectEnvironment(deps, params.env), params);
      const precondition = readPrecondition(request);
      const draft = requireDraft(body.manifest);
      requireSame(draft, place.ref);
      const afterMs = readRevertAfter(query.revertAfter);
      const yours = {
        resourceVersion: precondition.kind === 'version' ? precondition.resourceVersion : null,
        manifest: body.manifest,
      };
      const change = room.change(place, { note: body.note, yours, dryRun: query.dryRun, signal });
      const before =
        precondition.kind === 'version' ? await writer.requireVersion(precondition.resourceVersion, change) : null;
      const object = before
        ? await writer.replace(before, onTopOf(draft.object, before), change)
        : await writer.create(draft.object, change);
      if (afterMs !== null && !query.dryRun)
        await pending.add({ ...place, by: room.by, before, after: object, afterMs });
      if (!before && !query.dryRun) reply.code(201);
      return answer(room, { cluster: place.cluster, object, reply });
    },

    async deletePolicy({ params, request, signal }) {
      const place = placeOf(deps, selectEnvironment(deps, params.env), params);
      const precondition = readPrecondition(request);
      if (precondition.kind === 'absent')
        throw notFound('What is not there cannot be deleted: send If-Match.', 'unknown-policy');
      const change = room.change(place, { yours: { resourceVersion: precondition.resourceVersion }, signal });
      const before = await writer.requireVersion(precondition.resourceVersion, change);
      const { revision } = await writer.remove(before, change);
      return { deleted: true, revision };
    },

    async restoreRevision({ params, request, reply, signal }) {
      const place = placeOf(deps, selectEnvironment(deps, params.env), params);
      const wanted = await requireRevision(deps, place, params.revision);
      const isThere = request.headers['if-match'] !== undefined;
      const yours = { revision: params.revision, resourceVersion: request.headers['if-match'] ?? null };
      const change = room.change(place, { action: 'restore', note: `revision ${params.revision}`, yours, signal });
      const object = isThere
        ? await restoreOver(room, { wanted, change, precondition: readPrecondition(request) })
        : await writer.create(wanted, change);
      return answer(room, { cluster: place.cluster, object, reply });
    },

    confirmPending: async ({ params, reply }) =>
      outcome(room, { id: params.id, ended: await pending.confirm(params.id), reply }),
    revertPending: async ({ params, reply }) =>
      outcome(room, { id: params.id, ended: await pending.revert(params.id, room.by), reply }),
  };
}

async function restoreOver(
  { writer }: PolicyRoom,
  {
    wanted,
    change,
    precondition,
  }: {
    wanted: KubernetesObject;
    change: Parameters<PolicyRoom['writer']['replace']>[2];
    precondition: ReturnType<typeof readPrecondition>;
  },
): Promise<KubernetesObject> {
  if (precondition.kind === 'absent') return writer.create(wanted, change);
  const before = await writer.requireVersion(precondition.resourceVersion, change);
  return writer.replace(before, onTopOf(wanted, before), change);
}

async function requireRevision(
  { state }: Deps,
  { cluster, ref }: PolicyPlace,
  number: number,
): Promise<KubernetesObject> {
  const all = await state.revisions({ cluster: cluster.name, ...ref });
  const found = all.find(({ revision }) => revision === number);
  if (!found) throw notFound(`There is no revision ${number} of this policy.`, 'unknown-revision');
  const text = found.after ?? found.before;
  if (text === null)
    throw new HttpProblem({
      status: 409,
      code: 'nothing-to-restore',
      title: 'There is nothing to bring back',
      detail: `Revision ${number} holds no version.`,
    });
  return objectOf(text);
}

function outcome(
  room: PolicyRoom,
  { id, ended, reply }: { id: string; ended: Ended; reply: Parameters<typeof answer>[1]['reply'] },
) {
  const { outcome: how, reason, cluster, object } = ended;
  return {
    id,
    outcome: how,
    ...(reason === undefined ? {} : { reason }),
    policy: object && answer(room, { cluster, object, reply }),
  };
}

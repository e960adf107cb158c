import type { FastifyRequest } from 'fastify';
import type { Deps } from '../deps.ts';
import { HttpProblem, notFound } from '../http/problem.ts';
import type { Handlers } from '../http/register.ts';
import { withoutServerFields } from '../policies/content.ts';
import { invalidManifest, requireDraft, requireSame } from '../policies/draft.ts';
import { onTopOf } from '../policies/pending.ts';
import type { Ended } from '../policies/pending.ts';
import { isWithin, placeOf, placeOfDraft } from '../policies/place.ts';
import type { PolicyPlace } from '../policies/place.ts';
import { readPrecondition } from '../policies/preconditions.ts';
import type { Precondition } from '../policies/preconditions.ts';
import { readOrNull } from '../policies/read-or-null.ts';
import type { PolicyRoom } from '../policies/room.ts';
import type { Change } from '../policies/writer.ts';
import { selectEnvironment } from '../selection.ts';
import { answer, readRevertAfter, unknownPolicy } from './policies.ts';

type Names = 'createPolicy' | 'replacePolicy' | 'deletePolicy' | 'confirmPending' | 'revertPending' | 'restoreRevision';

export function policyWriteHandlers(deps: Deps, room: PolicyRoom): Pick<Handlers, Names> {
  const { writer, pending } = room;

  return {
    async createPolicy({ params, query, body, reply, signal }) {
      const selection = selectEnvironment(deps, params.env);
      const draft = requireDraft(body.manifest);
      const place = placeOfDraft(deps, selection, draft);
      if ('severity' in place) throw invalidManifest([...draft.problems, place]);
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
      const write = (timed: Pick<Change, 'onTried'> = {}) =>
        before
          ? writer.replace(before, onTopOf(withoutServerFields(draft.object), before), { ...change, ...timed })
          : writer.create(draft.object, { ...change, ...timed });
      const object =
        afterMs === null
          ? await write()
          : await pending.make({ ...place, by: room.by, afterMs }, (onTried) => write({ onTried }));
      if (!before && !query.dryRun) reply.code(201);
      return answer(room, { cluster: place.cluster, object, reply });
    },

    async deletePolicy({ params, request, signal }) {
      const place = placeOf(deps, selectEnvironment(deps, params.env), params);
      const precondition = readPrecondition(request);
      if (precondition.kind === 'absent')
        throw notFound('What is not there cannot be deleted: send If-Match.', 'unknown-policy');
      if (!(await readOrNull(place.cluster, place.ref, signal))) throw unknownPolicy(place);
      const change = room.change(place, { yours: { resourceVersion: precondition.resourceVersion }, signal });
      const before = await writer.requireVersion(precondition.resourceVersion, change);
      const { revision } = await writer.remove(before, change);
      return { deleted: true, revision };
    },

    async restoreRevision({ params, request, reply, signal }) {
      const place = placeOf(deps, selectEnvironment(deps, params.env), params);
      const text = await requireRevision(deps, place, params.revision);
      const precondition = await restorePrecondition(request, place, signal);
      const wanted = requireDraft(text).object;
      const resourceVersion = precondition.kind === 'version' ? precondition.resourceVersion : null;
      const yours = { revision: params.revision, resourceVersion };
      const change = room.change(place, { action: 'restore', note: `revision ${params.revision}`, yours, signal });
      const before = resourceVersion === null ? null : await writer.requireVersion(resourceVersion, change);
      const object = before
        ? await writer.replace(before, onTopOf(wanted, before), change)
        : await writer.create(wanted, change);
      return answer(room, { cluster: place.cluster, object, reply });
    },

    async confirmPending({ params, reply }) {
      requirePending(deps, room, params);
      return outcome(room, { id: params.id, ended: await pending.confirm(params.id), reply });
    },

    async revertPending({ params, reply }) {
      requirePending(deps, room, params);
      return outcome(room, { id: params.id, ended: await pending.revert(params.id, room.by), reply });
    },
  };
}

/** What was deleted comes back without a version; what is there is never written over unseen. */
async function restorePrecondition(
  request: FastifyRequest,
  { cluster, ref }: PolicyPlace,
  signal: AbortSignal,
): Promise<Precondition> {
  const isGuarded = request.headers['if-match'] !== undefined || request.headers['if-none-match'] !== undefined;
  if (isGuarded || (await readOrNull(cluster, ref, signal))) return readPrecondition(request);
  return { kind: 'absent' };
}

/** A timed change is ended from an environment that its policy belongs to. */
export function requirePending(deps: Deps, { pending }: PolicyRoom, { env, id }: { env: string; id: string }): void {
  if (isWithin(selectEnvironment(deps, env), pending.find(id).change)) return;
  throw notFound('The policy of this timed change is not in this environment.', 'unknown-pending');
}

async function requireRevision({ state }: Deps, { cluster, ref }: PolicyPlace, number: number): Promise<string> {
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
  return text;
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

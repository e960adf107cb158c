import type { Cluster, KubernetesObject, PolicyRef, Revision, StateStore, WriteOptions } from '@bartizan/backends';
import { SourceError } from '@bartizan/backends';
import { HttpProblem } from '../http/problem.ts';
import type { Catalogue } from './catalogue.ts';
import { contentOf, withoutServerFields } from './content.ts';
import type { HandedOut } from './handed-out.ts';
import { findOut, isAnswerLost } from './lost-answer.ts';
import { isNotFound, readOrNull } from './read-or-null.ts';

export interface Change {
  readonly cluster: Cluster;
  readonly ref: PolicyRef;
  readonly by: string;
  readonly note?: string | undefined;
  /** What the record calls it, where that is not what was done. */
  readonly action?: Revision['action'];
  /** What the caller wanted, for the answer to a conflict. */
  readonly yours: Readonly<Record<string, unknown>>;
  readonly dryRun?: boolean;
  /** After the API server would have taken it, and before it gets it. */
  readonly onTried?: (versions: Versions) => Promise<void>;
  readonly signal: AbortSignal;
}

/** Null where there was, or will be, no policy. */
export interface Versions {
  readonly before: KubernetesObject | null;
  readonly after: KubernetesObject | null;
}

/** Every write of a policy: tried on the API server first, guarded by the version that the caller saw, recorded. */
export interface PolicyWriter {
  create(object: KubernetesObject, change: Change): Promise<KubernetesObject>;
  /** `before` is what the caller saw; `object` carries its resourceVersion. */
  replace(before: KubernetesObject, object: KubernetesObject, change: Change): Promise<KubernetesObject>;
  remove(before: KubernetesObject, change: Change): Promise<Revision>;
  /** The policy as it is, where it still is the version that the caller saw: else both versions, and nothing is written. */
  requireVersion(resourceVersion: string, change: Change): Promise<KubernetesObject>;
}

export function createPolicyWriter(deps: {
  readonly state: StateStore;
  readonly clock: () => Date;
  readonly catalogue: Catalogue;
  readonly handedOut: HandedOut;
}): PolicyWriter {
  const { state, clock, catalogue, handedOut } = deps;

  async function record(change: Change, action: Revision['action'], { before, after }: Versions): Promise<Revision> {
    const { cluster, ref, by, note = null } = change;
    try {
      return await state.addRevision({
        cluster: cluster.name,
        ...ref,
        atMs: clock().getTime(),
        by,
        action: change.action ?? action,
        note,
        before: before && contentOf(before),
        after: after && contentOf(after),
      });
    } catch (cause) {
      throw new HttpProblem({
        status: 500,
        code: 'not-recorded',
        title: 'It was written, but not recorded',
        detail: `The cluster has it. The history does not: ${cause instanceof Error ? cause.message : String(cause)}.`,
      });
    }
  }

  /** Both versions, so that nothing is lost on either side: what the caller wanted, and what is there now. */
  async function changedMeanwhile({ cluster, ref, yours, signal }: Change): Promise<HttpProblem> {
    const current = await readOrNull(cluster, ref, signal);
    const seen =
      typeof yours['resourceVersion'] === 'string' ? `version ${yours['resourceVersion']}` : 'no such policy';
    const now = current ? `has version ${current.metadata.resourceVersion}` : 'has none';
    return new HttpProblem({
      status: 412,
      code: 'changed-meanwhile',
      title: 'The policy changed meanwhile',
      detail: `You saw ${seen}; the cluster ${now}. Nothing was written.`,
      yours,
      current: current && catalogue.view(cluster, current),
    });
  }

  /** Whoever asked may go away before the answer: what the cluster was sent is seen through, and recorded. */
  async function write(
    change: Change,
    before: KubernetesObject | null,
    send: (how: WriteOptions) => Promise<KubernetesObject | null>,
  ): Promise<KubernetesObject | null> {
    const { cluster, ref, signal, dryRun, onTried } = change;
    try {
      const wanted = await send({ dryRun: true, signal });
      if (dryRun) return wanted;
      await onTried?.({ before, after: wanted });
      return await send({ dryRun: false, signal: new AbortController().signal }).catch((error: unknown) => {
        if (isAnswerLost(error)) return findOut({ cluster, ref, before, wanted, error });
        throw error;
      });
    } catch (error) {
      const isConflict = error instanceof SourceError && (error.code === 'conflict' || error.code === 'already-exists');
      const isGone = isNotFound(error) && typeof change.yours['resourceVersion'] === 'string';
      throw isConflict || isGone ? await changedMeanwhile(change) : error;
    }
  }

  async function put(
    change: Change,
    before: KubernetesObject | null,
    send: (how: WriteOptions) => Promise<KubernetesObject>,
  ): Promise<KubernetesObject> {
    const written = await write(change, before, send);
    if (!written) throw new Error('a write left no policy');
    if (!change.dryRun) await record(change, before ? 'update' : 'create', { before, after: written });
    return written;
  }

  return {
    create: (object, change) => put(change, null, (how) => change.cluster.create(withoutServerFields(object), how)),
    replace: (before, object, change) => put(change, before, (how) => change.cluster.replace(object, how)),
    async remove(before, change) {
      const { cluster, ref } = change;
      const resourceVersion = before.metadata.resourceVersion ?? '';
      await write(change, before, (how) => cluster.remove(ref, { ...how, resourceVersion }).then(() => null));
      return record(change, 'delete', { before, after: null });
    },
    async requireVersion(resourceVersion, change) {
      const current = await readOrNull(change.cluster, change.ref, change.signal);
      if (current?.metadata.resourceVersion === resourceVersion) return current;
      if (current && handedOut.saysTheSame(change.cluster.name, resourceVersion, current)) return current;
      throw await changedMeanwhile(change);
    },
  };
}

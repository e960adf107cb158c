import type { Cluster, KubernetesObject, PolicyRef, Revision, StateStore } from '@bartizan/backends';
import { SourceError } from '@bartizan/backends';
import { printManifest } from '@bartizan/policy';
import type { JsonObject } from '@bartizan/policy';
import { HttpProblem } from '../http/problem.ts';
import type { Catalogue } from './catalogue.ts';
import type { HandedOut } from './handed-out.ts';
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
  readonly signal: AbortSignal;
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

  async function record(
    change: Change,
    action: Revision['action'],
    versions: { before: KubernetesObject | null; after: KubernetesObject | null },
  ): Promise<Revision> {
    const { cluster, ref, by, note = null } = change;
    const { before, after } = versions;
    return state.addRevision({
      cluster: cluster.name,
      ...ref,
      atMs: clock().getTime(),
      by,
      action: change.action ?? action,
      note,
      before: before && contentOf(before),
      after: after && contentOf(after),
    });
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

  async function write<T>(change: Change, send: (dryRun: boolean) => Promise<T>): Promise<T> {
    try {
      const tried = await send(true);
      return change.dryRun ? tried : await send(false);
    } catch (error) {
      const isConflict = error instanceof SourceError && (error.code === 'conflict' || error.code === 'already-exists');
      const isGone = isNotFound(error) && typeof change.yours['resourceVersion'] === 'string';
      throw isConflict || isGone ? await changedMeanwhile(change) : error;
    }
  }

  return {
    async create(object, change) {
      const { cluster, signal } = change;
      const created = await write(change, (dryRun) => cluster.create(withoutServerFields(object), { dryRun, signal }));
      if (!change.dryRun) await record(change, 'create', { before: null, after: created });
      return created;
    },
    async replace(before, object, change) {
      const { cluster, signal } = change;
      const written = await write(change, (dryRun) => cluster.replace(object, { dryRun, signal }));
      if (!change.dryRun) await record(change, 'update', { before, after: written });
      return written;
    },
    async remove(before, change) {
      const { cluster, ref, signal } = change;
      const resourceVersion = before.metadata.resourceVersion ?? '';
      await write(change, (dryRun) => cluster.remove(ref, { dryRun, signal, resourceVersion }));
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

/** What the API server gives an object itself is no part of what a person wrote. */
export function withoutServerFields(object: KubernetesObject): KubernetesObject {
  const {
    resourceVersion: _version,
    uid: _uid,
    creationTimestamp: _time,
    generation: _generation,
    managedFields: _fields,
    ...metadata
  } = object.metadata;
  const { status: _status, ...rest } = object;
  return { ...rest, metadata } as KubernetesObject;
}

/** YAML of what a version says: the same for two versions that say the same. */
export function contentOf(object: KubernetesObject): string {
  return printManifest(withoutServerFields(object) as unknown as JsonObject);
}

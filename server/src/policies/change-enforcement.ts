import type { Cluster, KubernetesObject, PolicyRef, StateStore } from '@bartizan/backends';
import { SourceError } from '@bartizan/backends';
import { isEnabled, printManifest } from '@bartizan/policy';
import type { JsonObject } from '@bartizan/policy';
import { HttpProblem, notFound } from '../http/problem.ts';
import type { Catalogue } from './catalogue.ts';
import { withEnforcement } from './enforcement.ts';
import type { Precondition } from './preconditions.ts';
import { predefinedObject, predefinedPolicies } from './predefined.ts';

interface Change {
  readonly cluster: Cluster;
  readonly ref: PolicyRef;
  readonly enabled: boolean;
  readonly precondition: Precondition;
  readonly state: StateStore;
  readonly catalogue: Catalogue;
  readonly by: string;
  readonly clock: () => Date;
  readonly signal: AbortSignal;
}

export interface Changed {
  readonly object: KubernetesObject;
  readonly isNew: boolean;
}

/** Tries the change on the API server first, then makes it, guarded by the version that the caller saw, and records it. */
export async function changeEnforcement(change: Change): Promise<Changed> {
  return change.precondition.kind === 'absent' ? deploy(change) : update(change, change.precondition.resourceVersion);
}

async function deploy(change: Change): Promise<Changed> {
  const { cluster, ref, enabled, signal } = change;
  const policy = ref.kind === 'NetworkPolicy' ? predefinedPolicies.find(({ name }) => name === ref.name) : undefined;
  if (!policy) throw notFound(`There is no predefined ${ref.kind} "${ref.name}".`, 'not-predefined');
  const object = withEnforcement(predefinedObject(policy, ref.namespace), enabled);
  const write = async (dryRun: boolean): Promise<KubernetesObject> => cluster.create(object, { dryRun, signal });
  const created = await write(true)
    .then(() => write(false))
    .catch((error: unknown) => rethrowConflict(error, change));
  await record(change, { before: null, after: created });
  return { object: created, isNew: true };
}

async function update(change: Change, resourceVersion: string): Promise<Changed> {
  const { cluster, ref, enabled, signal } = change;
  const current = await cluster.read(ref, signal);
  if (current.metadata.resourceVersion !== resourceVersion) throw changedMeanwhile(change, current);
  if (isEnabled(current as unknown as JsonObject) === enabled) return { object: current, isNew: false };
  const { managedFields: _managedFields, ...metadata } = current.metadata;
  const wanted = withEnforcement({ ...current, metadata }, enabled);
  const write = async (dryRun: boolean): Promise<KubernetesObject> => cluster.replace(wanted, { dryRun, signal });
  const written = await write(true)
    .then(() => write(false))
    .catch((error: unknown) => rethrowConflict(error, change));
  await record(change, { before: current, after: written });
  return { object: written, isNew: false };
}

async function rethrowConflict(error: unknown, change: Change): Promise<never> {
  if (!(error instanceof SourceError) || (error.code !== 'conflict' && error.code !== 'already-exists')) throw error;
  throw changedMeanwhile(change, await change.cluster.read(change.ref, change.signal));
}

/** Both versions, so that nothing is lost on either side: what the caller wanted, and what is there now. */
function changedMeanwhile(change: Change, current: KubernetesObject): HttpProblem {
  const { precondition, enabled, catalogue, cluster } = change;
  const seen = precondition.kind === 'version' ? precondition.resourceVersion : null;
  return new HttpProblem({
    status: 412,
    code: 'changed-meanwhile',
    title: 'The policy changed meanwhile',
    detail: `You saw ${seen === null ? 'no such policy' : `version ${seen}`}; the cluster has version ${current.metadata.resourceVersion}. Nothing was written.`,
    yours: { resourceVersion: seen, enabled },
    current: catalogue.view(cluster, current),
  });
}

async function record(
  change: Change,
  versions: { before: KubernetesObject | null; after: KubernetesObject },
): Promise<void> {
  const { cluster, ref, by, clock, state } = change;
  const text = (object: KubernetesObject | null): string | null =>
    object === null ? null : printManifest(object as unknown as JsonObject);
  await state.addRevision({
    cluster: cluster.name,
    ...ref,
    atMs: clock().getTime(),
    by,
    action: versions.before === null ? 'create' : 'update',
    note: null,
    before: text(versions.before),
    after: text(versions.after),
  });
}

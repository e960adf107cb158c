import { SourceError } from '@bartizan/backends';
import type { KubernetesObject } from '@bartizan/backends';
import { isEnabled } from '@bartizan/policy';
import type { JsonObject } from '@bartizan/policy';
import { notFound } from '../http/problem.ts';
import { withEnforcement } from './enforcement.ts';
import type { Precondition } from './preconditions.ts';
import { dialectFor, offeredFor } from './predefined/offer.ts';
import type { Change, PolicyWriter } from './writer.ts';

export interface Changed {
  /** Null where there was nothing before. */
  readonly before: KubernetesObject | null;
  readonly object: KubernetesObject;
}

/** Switches a policy on or off, or deploys a predefined one. */
export async function changeEnforcement(
  writer: PolicyWriter,
  asked: { enabled: boolean; precondition: Precondition; change: Change },
): Promise<Changed> {
  const { enabled, precondition, change } = asked;
  if (precondition.kind === 'absent') {
    const object = withEnforcement(predefinedFor(change), enabled);
    return { before: null, object: await writer.create(object, change) };
  }
  const before = await writer.requireVersion(precondition.resourceVersion, change);
  if (isEnabled(before as unknown as JsonObject) === enabled) return { before, object: before };
  const { managedFields: _managedFields, ...metadata } = before.metadata;
  const wanted = withEnforcement({ ...before, metadata }, enabled);
  return { before, object: await writer.replace(before, wanted, change) };
}

function predefinedFor({ cluster, ref }: Change): KubernetesObject {
  const dialect = dialectFor(cluster, ref.kind);
  if (dialect === null)
    throw new SourceError({
      code: 'unreachable',
      source: cluster.name,
      attempted: 'learn whether the cluster has CiliumNetworkPolicy',
      reason: 'it has not said yet, and a predefined policy is written in the kind that the cluster enforces',
    });
  const named = offeredFor(cluster, [ref.namespace], dialect).find(({ object }) => object.metadata.name === ref.name);
  if (named?.object.kind === ref.kind) return named.object;
  const hint = named ? ` Here it is a ${named.object.kind}.` : '';
  throw notFound(`There is no predefined ${ref.kind} "${ref.name}".${hint}`, 'not-predefined');
}

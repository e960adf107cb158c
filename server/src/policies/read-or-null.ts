import { SourceError } from '@bartizan/backends';
import type { Cluster, KubernetesObject, PolicyRef } from '@bartizan/backends';

export function isNotFound(error: unknown): boolean {
  return error instanceof SourceError && error.code === 'not-found';
}

/** The policy as the API server has it now; null where there is none. */
export async function readOrNull(
  cluster: Cluster,
  ref: PolicyRef,
  signal: AbortSignal,
): Promise<KubernetesObject | null> {
  try {
    return await cluster.read(ref, signal);
  } catch (error) {
    if (isNotFound(error)) return null;
    throw error;
  }
}

import type { Cluster } from '@bartizan/backends';
import { readInventory } from '@bartizan/policy';
import type { JsonObject } from '@bartizan/policy';

const kinds = ['Namespace', 'Pod', 'Service', 'CiliumCIDRGroup'] as const;

/** What policies speak of, as the cluster has it at this moment. */
export function inventoryOf(cluster: Cluster): ReturnType<typeof readInventory> {
  return readInventory(kinds.flatMap((kind) => cluster.list(kind) as unknown as JsonObject[]));
}

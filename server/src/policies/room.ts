import type { Policy } from '@bartizan/api';
import type { Cluster, KubernetesObject, PolicyRef } from '@bartizan/backends';
import type { Deps } from '../deps.ts';
import { createCatalogue } from './catalogue.ts';
import type { Catalogue } from './catalogue.ts';
import { createEffects } from './effect.ts';
import type { Effects } from './effect.ts';
import { createHandedOut } from './handed-out.ts';
import { observePolicies } from './observe.ts';
import { openPendingChanges } from './pending.ts';
import type { PendingChanges } from './pending.ts';
import { createPodFinder } from './selected-pods.ts';
import type { PodFinder } from './selected-pods.ts';
import { createPolicyWriter } from './writer.ts';
import type { Change, PolicyWriter } from './writer.ts';

/** Everything that the handlers of policies share, for as long as the console runs. */
export interface PolicyRoom {
  readonly catalogue: Catalogue;
  readonly writer: PolicyWriter;
  readonly pending: PendingChanges;
  readonly effects: Effects | null;
  readonly pods: PodFinder;
  /** Who the record names. */
  readonly by: string;
  /** With the change that waits to be confirmed, where there is one. */
  withPending(cluster: Cluster, policy: Policy): Policy;
  view(cluster: Cluster, object: KubernetesObject): Policy;
  change(place: { cluster: Cluster; ref: PolicyRef }, rest: Omit<Change, 'cluster' | 'ref' | 'by'>): Change;
  close(): Promise<void>;
}

export async function openPolicyRoom(deps: Deps): Promise<PolicyRoom> {
  const { state, clock, log, clusters, flows } = deps;
  const pods = createPodFinder();
  const catalogue = createCatalogue(pods);
  const handedOut = createHandedOut();
  const writer = createPolicyWriter({ state, clock, catalogue, handedOut });
  const pending = await openPendingChanges({ state, clusters, writer, clock, log });
  const observer = observePolicies({ clusters: clusters.values(), state, clock, log });
  const by = deps.signIn.kind === 'open' ? 'console, not signed in' : 'console, with the access token';
  function withPending(cluster: Cluster, policy: Policy): Policy {
    const waiting = pending.of(cluster.name, policy);
    return waiting ? { ...policy, pending: waiting } : policy;
  }

  return {
    catalogue,
    writer,
    pending,
    effects: flows && createEffects({ flows }),
    pods,
    by,
    withPending,
    view(cluster, object) {
      handedOut.add(cluster.name, object);
      return withPending(cluster, catalogue.view(cluster, object));
    },
    change: (place, rest) => ({ ...place, ...rest, by }),
    async close() {
      pending.close();
      await observer.close();
    },
  };
}

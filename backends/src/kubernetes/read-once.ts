import type { KubernetesObject, WatchedKind } from '../cluster.ts';
import { createApiClient } from './client.ts';
import type { ApiClient } from './client.ts';
import { openConnection } from './connection.ts';
import { createPluginRunner } from './exec-plugin.ts';
import { isStatus, listAll } from './list.ts';
import { collectionPath, resources } from './query.ts';

export interface ReadOnceOptions {
  readonly name: string;
  readonly kubeconfig: string;
  readonly context: string;
  readonly kinds: readonly WatchedKind[];
  /** Only the objects of this namespace, and those of the cluster; all of them unless given. */
  readonly namespace?: string | undefined;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly clock: () => Date;
  readonly signal: AbortSignal;
}

export interface ClusterObjects {
  readonly objects: readonly KubernetesObject[];
  /** `missing`: the cluster does not have the kind; `forbidden`: it may not be read. */
  readonly unread: readonly {
    readonly kind: WatchedKind;
    readonly state: 'missing' | 'forbidden';
    readonly reason: string;
  }[];
}

/** Lists what is in a cluster now, for a program that ends afterwards. Throws SourceError where it cannot be asked at all. */
export async function readClusterOnce(options: ReadOnceOptions): Promise<ClusterObjects> {
  const { name, environment } = options;
  const clock = (): number => options.clock().getTime();
  const askPlugin = createPluginRunner({ environment, clock });
  const client = createApiClient({
    source: name,
    connect: () => openConnection({ ...options, clock, askPlugin }),
    timeoutMs: 30_000,
  });
  try {
    const parts = await Promise.all(options.kinds.map((kind) => readKind(kind, client, options)));
    return {
      objects: parts.flatMap(({ objects }) => objects),
      unread: parts.flatMap(({ unread }) => unread),
    };
  } finally {
    client.close();
  }
}

async function readKind(
  kind: WatchedKind,
  client: ApiClient,
  { namespace, signal }: ReadOnceOptions,
): Promise<ClusterObjects> {
  const { roots, isNamespaced } = resources[kind];
  let missing = '';
  for (const root of roots) {
    const path = collectionPath({ kind, root, namespace: isNamespaced ? namespace : undefined });
    try {
      const { objects } = await listAll({ kind, client, signal, path });
      return { objects, unread: [] };
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      if (isStatus(error, 403)) return { objects: [], unread: [{ kind, state: 'forbidden', reason }] };
      if (!isStatus(error, 404)) throw error;
      missing = reason;
    }
  }
  return { objects: [], unread: [{ kind, state: 'missing', reason: missing }] };
}

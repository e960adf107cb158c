import { setMaxListeners } from 'node:events';
import type { PolicyKind } from '@bartizan/api';
import type { Cluster, KubernetesObject, PolicyRef, WatchedKind, WriteOptions } from '../cluster.ts';
import { SourceError } from '../source-error.ts';
import { createApiClient } from './client.ts';
import type { Call } from './client.ts';
import { openConnection } from './connection.ts';
import { readObject } from './decode.ts';
import { createPluginRunner } from './exec-plugin.ts';
import { omit, recordOf, textOf } from './json.ts';
import { createPath, deleteBody, inWords, objectPath, replacePath, resources } from './query.ts';
import { startScopedWatch } from './scoped-watch.ts';
import type { Pace, Watch } from './watch.ts';
import { usualPace } from './watch.ts';

export { kubeconfigWith } from './find-kubeconfig.ts';
export { readClusterOnce } from './read-once.ts';
export type { ClusterObjects } from './read-once.ts';

export interface ClusterOptions {
  readonly name: string;
  /** A file; without one, the service account of the pod that this runs in. */
  readonly kubeconfig?: string | undefined;
  /** The file's current one unless given. */
  readonly context?: string | undefined;
  /** What credential plugins and the in-cluster address are read from: the process's environment. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Read one by one where the account may not read all of them at once. */
  readonly namespaces?: readonly string[];
  readonly signal?: AbortSignal;
  readonly clock: () => Date;
  readonly random?: () => number;
  readonly pace?: Partial<Pace>;
  readonly timeoutMs?: number;
}

/** Opens at once; what cannot be reached or read says so in `state`, and is tried again for as long as the cluster is open. */
export function openCluster(options: ClusterOptions): Cluster {
  const { name, environment = {} } = options;
  const clock = (): number => options.clock().getTime();
  const closing = new AbortController();
  const signal = options.signal ? AbortSignal.any([options.signal, closing.signal]) : closing.signal;
  // Every watch waits on it, and there may be one for each namespace.
  setMaxListeners(0, signal);
  const listeners = new Set<(kind: WatchedKind) => void>();
  const askPlugin = createPluginRunner({ environment, clock });
  const client = createApiClient({
    source: name,
    connect: () => openConnection({ ...options, environment, clock, askPlugin }),
    timeoutMs: options.timeoutMs ?? 30_000,
  });
  const pace = { ...usualPace, ...options.pace };
  const watch = (kind: WatchedKind): Watch =>
    startScopedWatch({
      kind,
      namespaces: options.namespaces ?? [],
      client,
      signal,
      clock,
      random: options.random ?? Math.random,
      pace,
      onChange: () => {
        for (const listener of listeners) listener(kind);
      },
    });
  const watches: Readonly<Record<WatchedKind, Watch>> = {
    NetworkPolicy: watch('NetworkPolicy'),
    CiliumNetworkPolicy: watch('CiliumNetworkPolicy'),
    CiliumClusterwideNetworkPolicy: watch('CiliumClusterwideNetworkPolicy'),
    CiliumCIDRGroup: watch('CiliumCIDRGroup'),
    Pod: watch('Pod'),
    Service: watch('Service'),
    Namespace: watch('Namespace'),
  };

  async function write(kind: PolicyKind, call: Call): Promise<KubernetesObject> {
    return expectObject({ source: name, attempted: call.attempted, kind }, await client.call(call));
  }

  function refOf(object: KubernetesObject, attempted: string): PolicyRef {
    const { kind, metadata } = object;
    if (!isPolicyKind(kind))
      throw new SourceError({ code: 'refused', source: name, attempted, reason: `${kind} is no kind of policy` });
    return { kind, namespace: metadata.namespace ?? '', name: metadata.name };
  }

  return {
    name,
    synced: Promise.all(Object.values(watches).map((one) => one.synced)).then(() => undefined),
    list: (kind) => watches[kind].list(),
    state: (kind) => watches[kind].state(),
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    read: (ref, at) =>
      write(ref.kind, { method: 'GET', path: objectPath(ref), attempted: `read ${inWords(ref)}`, signal: at }),
    async create(object, how) {
      const ref = refOf(object, 'create a policy');
      const attempted = `create ${inWords(ref)}`;
      const path = createPath(ref, how);
      return write(ref.kind, {
        method: 'POST',
        path,
        body: asNew(object),
        attempted,
        signal: how.signal,
      });
    },
    async replace(object, how) {
      const ref = refOf(object, 'replace a policy');
      const attempted = `replace ${inWords(ref)}`;
      if (!object.metadata.resourceVersion)
        throw new SourceError({ code: 'refused', source: name, attempted, reason: 'it carries no resourceVersion' });
      const path = replacePath(ref, how);
      return write(ref.kind, {
        method: 'PUT',
        path,
        body: withoutManagedFields(object),
        attempted,
        signal: how.signal,
      });
    },
    async remove(ref, how: WriteOptions & { readonly resourceVersion: string }) {
      const attempted = `delete ${inWords(ref)}`;
      const call = { path: objectPath(ref), body: deleteBody(how), attempted, signal: how.signal };
      await client.call({ method: 'DELETE', ...call });
    },
    async version(at) {
      const said = await client.call({ method: 'GET', path: '/version', attempted: 'read its version', signal: at });
      return textOf(recordOf(said)['gitVersion']) || 'unknown';
    },
    async close() {
      closing.abort(new Error('closed'));
      client.close();
    },
  };
}

const givenByServer = ['resourceVersion', 'uid', 'generation', 'creationTimestamp', 'deletionTimestamp', 'selfLink'];

/** What a server gave to an object that is, or was, there means nothing for a new one; a resourceVersion would be refused. */
function asNew(object: KubernetesObject): object {
  return { ...omit(object, ['status']), metadata: omit(object.metadata, ['managedFields', ...givenByServer]) };
}

/** The API server keeps its own record of them when a write carries none. */
function withoutManagedFields(object: KubernetesObject): object {
  return { ...object, metadata: omit(object.metadata, ['managedFields']) };
}

function expectObject(
  { source, attempted, kind }: { source: string; attempted: string; kind: PolicyKind },
  body: unknown,
): KubernetesObject {
  const object = readObject(body, kind);
  if (object !== undefined) return object;
  throw new SourceError({ code: 'bad-response', source, attempted, reason: 'the answer is not a Kubernetes object' });
}

function isPolicyKind(kind: string): kind is PolicyKind {
  return Object.hasOwn(resources, kind) && kind.endsWith('Policy');
}

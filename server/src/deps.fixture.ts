import type {
  Cluster,
  KubernetesObject,
  PendingChange,
  PolicyRef,
  StateStore,
  WatchedKind,
  WatchState,
} from '@bartizan/backends';
import { SourceError } from '@bartizan/backends';
import { pino } from 'pino';
import type { Deps } from './deps.ts';

/** A cluster in memory with the API server's manners on versions: for tests of what stands above the port. */
export function memoryCluster(
  objects: readonly KubernetesObject[],
  states: Partial<Record<WatchedKind, WatchState>> = {},
): Cluster & {
  readonly writes: KubernetesObject[];
  changed(kind: WatchedKind): void;
  /** As a controller does: only the status and the version change. */
  writeStatus(ref: PolicyRef, status: object): void;
} {
  let version = 100;
  const writes: KubernetesObject[] = [];
  const listeners = new Set<(kind: WatchedKind) => void>();
  const stored = new Map<string, KubernetesObject>();
  const keyOf = ({ kind, metadata }: KubernetesObject): string =>
    `${kind}/${metadata.namespace ?? ''}/${metadata.name}`;
  const stamp = (object: KubernetesObject): KubernetesObject => ({
    ...object,
    metadata: { ...object.metadata, resourceVersion: String((version += 1)) },
  });
  const fail = (code: 'not-found' | 'conflict' | 'already-exists', reason: string): never => {
    throw new SourceError({ code, source: 'memory', attempted: 'do that', reason });
  };
  for (const object of objects) stored.set(keyOf(object), stamp(object));
  return {
    name: 'memory',
    writes,
    synced: Promise.resolve(),
    list: (kind: WatchedKind) => [...stored.values()].filter((object) => object.kind === kind),
    state: (kind) => states[kind] ?? { state: 'ok', syncedAtMs: 0 },
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    changed(kind) {
      for (const listener of listeners) listener(kind);
    },
    writeStatus({ kind, namespace, name }, status) {
      const current = stored.get(`${kind}/${namespace}/${name}`);
      if (current) stored.set(keyOf(current), stamp({ ...current, status }));
    },
    async read(ref) {
      return stored.get(`${ref.kind}/${ref.namespace}/${ref.name}`) ?? fail('not-found', 'there is no such object');
    },
    async create(object, { dryRun }) {
      if (stored.has(keyOf(object))) fail('already-exists', 'it is there');
      const created = stamp(object);
      if (!dryRun) stored.set(keyOf(object), created);
      if (!dryRun) writes.push(created);
      return created;
    },
    async replace(object, { dryRun }) {
      const current = stored.get(keyOf(object)) ?? fail('not-found', 'there is no such object');
      if (current.metadata.resourceVersion !== object.metadata.resourceVersion) fail('conflict', 'it changed');
      const replaced = stamp(object);
      if (!dryRun) stored.set(keyOf(object), replaced);
      if (!dryRun) writes.push(replaced);
      return replaced;
    },
    async remove(ref, { dryRun, resourceVersion }) {
      const key = `${ref.kind}/${ref.namespace}/${ref.name}`;
      const current = stored.get(key) ?? fail('not-found', 'there is no such object');
      if (current.metadata.resourceVersion !== resourceVersion) fail('conflict', 'it changed');
      if (!dryRun) stored.delete(key);
    },
    version: async () => 'v1.37.2',
    close: async () => {},
  };
}

export function memoryState(): StateStore {
  const revisions: Awaited<ReturnType<StateStore['revisions']>>[number][] = [];
  const settings = new Map<string, string>();
  const pending = new Map<string, PendingChange>();
  return {
    async addRevision(revision) {
      const added = { ...revision, revision: revisions.length + 1 };
      revisions.unshift(added);
      return added;
    },
    async addRevisions(added) {
      for (const revision of added) await this.addRevision(revision);
    },
    revisions: async (ref) =>
      revisions.filter((revision) => revision.name === ref.name && revision.namespace === ref.namespace),
    async revisionsBefore({ cluster, atMs }) {
      const before = revisions.filter((revision) => revision.cluster === cluster && revision.atMs <= atMs);
      return [
        ...new Map(
          before.toReversed().map((revision) => [`${revision.kind}/${revision.namespace}/${revision.name}`, revision]),
        ).values(),
      ];
    },
    async latestRevisions(cluster) {
      const newest = await this.revisionsBefore({ cluster, atMs: Number.MAX_SAFE_INTEGER });
      return newest.map(({ before: _before, after, ...head }) => ({ ...head, isGone: after === null }));
    },
    addPending: async (change) => void pending.set(change.id, change),
    pending: async () => [...pending.values()],
    endPending: async (id) => pending.delete(id),
    readSetting: async (key) => settings.get(key) ?? null,
    writeSetting: async (key, value) => void settings.set(key, value),
    close: async () => {},
  };
}

/** A console without any source, for one environment `shop` with the namespaces `shop` and `pay`. */
export function bareDeps(overrides: Partial<Deps> = {}): Deps {
  return {
    environments: () => ({
      items: [
        {
          id: 'shop',
          name: 'Shop',
          cluster: 'memory',
          namespaces: ['shop', 'pay'],
          hosts: ['shop.example'],
          firewalls: ['edge'],
        },
      ],
    }),
    clusters: new Map(),
    transactions: null,
    flows: null,
    metrics: new Map(),
    state: memoryState(),
    sources: [],
    thresholds: { anomalousShare: 0.05, droppedShare: 0.05 },
    allowed: { hosts: ['localhost:80'], origins: ['http://localhost:80'] },
    signIn: { kind: 'open' },
    pages: null,
    version: '0.1.0',
    isReady: () => true,
    clock: () => new Date('2026-06-15T12:00:00Z'),
    log: pino({ level: 'silent' }),
    ...overrides,
  };
}

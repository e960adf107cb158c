import { setImmediate } from 'node:timers/promises';
import type { PolicyKind } from '@bartizan/api';
import type { Cluster, KubernetesObject, PolicyRef, Revision, StateStore } from '@bartizan/backends';
import type { Logger } from 'pino';
import { policyKinds } from './catalogue.ts';
import { contentOf } from './content.ts';
import { lastChange } from './policy-view.ts';
import { readOrNull } from './read-or-null.ts';

/** Our own writes are recorded before this has passed, so that they are not taken for somebody else's. */
const settleMs = 1500;
/** So many are recorded before requests get their turn. */
const batch = 50;

type NewRevision = Omit<Revision, 'revision'>;

/** The setting that holds since when the policies of a cluster are recorded: RFC 3339. */
export function recordedSinceKey(cluster: string): string {
  return `policies-recorded-since/${cluster}`;
}

/** Records changes of policies that were made elsewhere, so that they too can be compared and brought back. */
export function observePolicies(deps: {
  readonly clusters: Iterable<Cluster>;
  readonly state: StateStore;
  readonly clock: () => Date;
  readonly log: Logger;
}): { close(): Promise<void> } {
  const closers = [...deps.clusters].map((cluster) => observeCluster(cluster, deps));
  return { close: async () => void (await Promise.all(closers.map((close) => close()))) };
}

function observeCluster(
  cluster: Cluster,
  { state, clock, log }: Pick<Parameters<typeof observePolicies>[0], 'state' | 'clock' | 'log'>,
): () => Promise<void> {
  const seen = new Map<string, { readonly ref: PolicyRef; readonly object: KubernetesObject }>();
  const caughtUp = new Set<PolicyKind>();
  const stop = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> = Promise.resolve();
  let isClosed = false;
  let changes = 0;

  /** What there is to record of a policy as it is now; nothing where that is recorded already. */
  async function changeOf(ref: PolicyRef, object: KubernetesObject | null): Promise<readonly NewRevision[]> {
    const [latest] = await state.revisions({ cluster: cluster.name, ...ref });
    const after = object && contentOf(object);
    if ((latest?.after ?? null) === after) return [];
    const change = object && lastChange(object);
    return [
      {
        cluster: cluster.name,
        ...ref,
        atMs: change ? Date.parse(change.at) : clock().getTime(),
        by: change?.by ?? 'unknown',
        action: 'observed',
        note: null,
        before: latest?.after ?? null,
        after,
      },
    ];
  }

  /** False where policies changed meanwhile: what was read is old then, and the scan that is due begins anew. */
  async function recordThere(kind: PolicyKind): Promise<boolean> {
    const begunAt = changes;
    const fresh = cluster.list(kind).filter((object) => seen.get(keyOf(refOf(kind, object)))?.object !== object);
    for (let at = 0; at < fresh.length; at += batch) {
      if (isClosed || changes !== begunAt) return false;
      const some = fresh.slice(at, at + batch).map((object) => ({ ref: refOf(kind, object), object }));
      const found = await Promise.all(some.map(({ ref, object }) => changeOf(ref, object)));
      await state.addRevisions(found.flat());
      for (const each of some) seen.set(keyOf(each.ref), each);
      await setImmediate();
    }
    return true;
  }

  async function recordGone(kind: PolicyKind, now: ReadonlySet<string>): Promise<void> {
    for (const [key, { ref }] of [...seen].filter(([, each]) => each.ref.kind === kind)) {
      if (now.has(key) || isClosed) continue;
      await state.addRevisions(await changeOf(ref, null));
      seen.delete(key);
    }
  }

  async function scan(): Promise<void> {
    for (const kind of policyKinds) {
      if (cluster.state(kind).state !== 'ok') continue;
      if (!(await recordThere(kind))) return;
      const now = new Set(cluster.list(kind).map((object) => keyOf(refOf(kind, object))));
      await recordGone(kind, now);
      if (!caughtUp.has(kind) && (await recordMissed(kind, now))) caughtUp.add(kind);
    }
    const key = recordedSinceKey(cluster.name);
    if (!isClosed && (await state.readSetting(key)) === null) await state.writeSetting(key, clock().toISOString());
  }

  /** What was deleted while nobody looked. The API server is asked itself: what may not be seen any more is not deleted. False where it did not answer for all. */
  async function recordMissed(kind: PolicyKind, now: ReadonlySet<string>): Promise<boolean> {
    let isWhole = true;
    for (const { kind: recorded, namespace, name, isGone } of await state.latestRevisions(cluster.name)) {
      const ref = { kind, namespace, name };
      if (isGone || recorded !== kind || now.has(keyOf(ref))) continue;
      try {
        if ((await readOrNull(cluster, ref, stop.signal)) === null) await state.addRevisions(await changeOf(ref, null));
      } catch {
        isWhole = false;
      }
    }
    return isWhole;
  }

  function soon(): void {
    clearTimeout(timer);
    timer = setTimeout(() => {
      running = running
        .then(scan)
        .catch((error: unknown) => log.error({ err: error }, 'changes of policies could not be recorded'));
    }, settleMs);
    timer.unref();
  }

  const forget = cluster.onChange((kind) => {
    if (!(policyKinds as readonly string[]).includes(kind)) return;
    changes += 1;
    soon();
  });
  soon();
  return async () => {
    isClosed = true;
    stop.abort();
    forget();
    clearTimeout(timer);
    await running;
  };
}

function keyOf({ kind, namespace, name }: PolicyRef): string {
  return `${kind}/${namespace}/${name}`;
}

function refOf(kind: PolicyKind, { metadata }: KubernetesObject): PolicyRef {
  return { kind, namespace: metadata.namespace ?? '', name: metadata.name };
}

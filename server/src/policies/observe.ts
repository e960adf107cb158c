import { setImmediate } from 'node:timers/promises';
import type { PolicyKind } from '@bartizan/api';
import type { Cluster, KubernetesObject, PolicyRef, StateStore } from '@bartizan/backends';
import type { Logger } from 'pino';
import { policyKinds } from './catalogue.ts';
import { contentOf } from './content.ts';
import { lastChange } from './policy-view.ts';
import { readOrNull } from './read-or-null.ts';

/** Our own writes are recorded before this has passed, so that they are not taken for somebody else's. */
const settleMs = 1500;
/** So many are recorded before requests get their turn. */
const batch = 50;

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

  async function record(ref: PolicyRef, object: KubernetesObject | null): Promise<void> {
    const [latest] = await state.revisions({ cluster: cluster.name, ...ref });
    const after = object && contentOf(object);
    if ((latest?.after ?? null) === after) return;
    const change = object && lastChange(object);
    await state.addRevision({
      cluster: cluster.name,
      ...ref,
      atMs: change ? Date.parse(change.at) : clock().getTime(),
      by: change?.by ?? 'unknown',
      action: 'observed',
      note: null,
      before: latest?.after ?? null,
      after,
    });
  }

  async function scan(): Promise<void> {
    const begunAt = changes;
    for (const kind of policyKinds) {
      if (cluster.state(kind).state !== 'ok') continue;
      const now = new Map(cluster.list(kind).map((object) => [keyOf(refOf(kind, object)), object]));
      for (const [key, object] of now) {
        if (isClosed) return;
        if (seen.get(key)?.object === object) continue;
        const ref = refOf(kind, object);
        await record(ref, object);
        seen.set(key, { ref, object });
        if (seen.size % batch !== 0) continue;
        await setImmediate();
        // What was read is old now, and the scan that is due begins anew.
        if (changes !== begunAt) return;
      }
      for (const [key, { ref }] of [...seen].filter(([, each]) => each.ref.kind === kind)) {
        if (now.has(key) || isClosed) continue;
        await record(ref, null);
        seen.delete(key);
      }
      if (!caughtUp.has(kind) && (await recordMissed(kind, now))) caughtUp.add(kind);
    }
    const key = recordedSinceKey(cluster.name);
    if (!isClosed && (await state.readSetting(key)) === null) await state.writeSetting(key, clock().toISOString());
  }

  /** What was deleted while nobody looked. The API server is asked itself: what may not be seen any more is not deleted. False where it did not answer for all. */
  async function recordMissed(kind: PolicyKind, now: ReadonlyMap<string, KubernetesObject>): Promise<boolean> {
    let isWhole = true;
    for (const { kind: recorded, namespace, name, isGone } of await state.latestRevisions(cluster.name)) {
      const ref = { kind, namespace, name };
      if (isGone || recorded !== kind || now.has(keyOf(ref))) continue;
      try {
        if ((await readOrNull(cluster, ref, stop.signal)) === null) await record(ref, null);
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

import { randomUUID } from 'node:crypto';
import type { Pending } from '@bartizan/api';
import type { Cluster, KubernetesObject, PendingChange, PolicyRef, StateStore } from '@bartizan/backends';
import type { Logger } from 'pino';
import { HttpProblem, notFound } from '../http/problem.ts';
import { readDraft } from './draft.ts';
import { readOrNull } from './read-or-null.ts';
import { contentOf } from './writer.ts';
import type { Change, PolicyWriter } from './writer.ts';

export interface Ended {
  readonly outcome: 'confirmed' | 'reverted' | 'stopped';
  readonly reason?: string;
  readonly cluster: Cluster;
  readonly object: KubernetesObject | null;
}

/** Changes that go back by themselves, also when the console restarted in between, unless somebody confirms them. */
export interface PendingChanges {
  add(change: {
    cluster: Cluster;
    ref: PolicyRef;
    by: string;
    before: KubernetesObject | null;
    after: KubernetesObject;
    afterMs: number;
  }): Promise<Pending>;
  of(cluster: string, ref: PolicyRef): Pending | undefined;
  /** Of which policy it is. */
  policyOf(id: string): { readonly cluster: string; readonly namespace: string };
  confirm(id: string): Promise<Ended>;
  revert(id: string, by: string): Promise<Ended>;
  close(): void;
}

/** `setTimeout` takes no longer one. */
const longestTimerMs = 2 ** 31 - 1;
const retryMs = 5000;

export async function openPendingChanges(deps: {
  readonly state: StateStore;
  readonly clusters: ReadonlyMap<string, Cluster>;
  readonly writer: PolicyWriter;
  readonly clock: () => Date;
  readonly log: Logger;
}): Promise<PendingChanges> {
  const { state, clusters, writer, clock, log } = deps;
  const changes = new Map<string, PendingChange>();
  const timers = new Map<string, NodeJS.Timeout>();
  const stop = new AbortController();

  function schedule(change: PendingChange, delayMs = change.revertAtMs - clock().getTime()): void {
    changes.set(change.id, change);
    const timer = setTimeout(() => void due(change.id), Math.min(Math.max(delayMs, 0), longestTimerMs));
    timer.unref();
    timers.set(change.id, timer);
  }

  async function due(id: string): Promise<void> {
    const change = changes.get(id);
    if (stop.signal.aborted || !change) return;
    if (change.revertAtMs > clock().getTime()) return schedule(change);
    try {
      await takeBack(change, 'nobody confirmed it in time');
    } catch (error) {
      log.warn({ err: error, policy: change.name }, 'a timed change could not be taken back yet; it is tried again');
      if (!stop.signal.aborted) schedule(change, retryMs);
    }
  }

  async function end(change: PendingChange): Promise<void> {
    clearTimeout(timers.get(change.id));
    timers.delete(change.id);
    changes.delete(change.id);
    await state.endPending(change.id);
  }

  /** What lies on top goes back to where the one below it began: nothing stays that nobody confirmed. */
  async function handOver(change: PendingChange, later: PendingChange): Promise<void> {
    const grown = { ...later, before: change.before };
    await state.endPending(later.id);
    await state.addPending(grown);
    changes.set(later.id, grown);
    await end(change);
  }

  async function takeBack(change: PendingChange, why: string): Promise<Ended> {
    const cluster = clusterOf(change);
    const ref = refOf(change);
    const current = await readOrNull(cluster, ref, stop.signal);
    const later = [...changes.values()].find((other) => isSame(other, ref) && other.before === change.after);
    if (later && later.cluster === change.cluster) {
      await handOver(change, later);
      return {
        outcome: 'stopped',
        reason: 'It goes back with the timed change that was made on top of it.',
        cluster,
        object: current,
      };
    }
    const note = `timed change taken back: ${why}`;
    const write: Change = { cluster, ref, by: change.by, note, action: 'restore', yours: {}, signal: stop.signal };
    const stopped = async (reason: string): Promise<Ended> => {
      await end(change);
      const text = current && contentOf(current);
      await state.addRevision({
        ...write,
        ...ref,
        cluster: cluster.name,
        atMs: clock().getTime(),
        action: 'observed',
        note: reason,
        before: text,
        after: text,
      });
      return { outcome: 'stopped', reason, cluster, object: current };
    };
    if (!current || contentOf(current) !== change.after)
      return stopped('The policy changed after the timed change, so it was not taken back.');
    const before = change.before === null ? null : objectOf(change.before);
    try {
      const object = before
        ? await writer.replace(current, onTopOf(before, current), write)
        : await writer.remove(current, write).then(() => null);
      await end(change);
      return { outcome: 'reverted', cluster, object };
    } catch (error) {
      if (error instanceof HttpProblem && error.details.code === 'changed-meanwhile') return stopped(error.message);
      throw error;
    }
  }

  function clusterOf({ cluster }: PendingChange): Cluster {
    const found = clusters.get(cluster);
    if (!found) throw notFound(`The cluster "${cluster}" is not configured any more.`, 'no-source');
    return found;
  }

  function require(id: string): PendingChange {
    const change = changes.get(id);
    if (!change) throw notFound('There is no such timed change: it was confirmed or taken back.', 'unknown-pending');
    return change;
  }

  for (const change of await state.pending()) schedule(change);

  return {
    async add({ cluster, ref, by, before, after, afterMs }) {
      const change: PendingChange = {
        id: randomUUID(),
        cluster: cluster.name,
        ...ref,
        by,
        revertAtMs: clock().getTime() + afterMs,
        before: before && contentOf(before),
        after: contentOf(after),
      };
      await state.addPending(change);
      schedule(change);
      return shown(change);
    },
    of(cluster, ref) {
      const found = [...changes.values()].findLast((change) => change.cluster === cluster && isSame(change, ref));
      return found && shown(found);
    },
    policyOf: require,
    async confirm(id) {
      const change = require(id);
      await end(change);
      const cluster = clusterOf(change);
      return { outcome: 'confirmed', cluster, object: await readOrNull(cluster, refOf(change), stop.signal) };
    },
    revert: async (id, by) => takeBack(require(id), `by ${by}`),
    close() {
      stop.abort(new Error('closing'));
      for (const timer of timers.values()) clearTimeout(timer);
    },
  };
}

function shown({ id, revertAtMs }: PendingChange): Pending {
  return { id, revertAt: new Date(revertAtMs).toISOString() };
}

function isSame(change: PendingChange, { kind, namespace, name }: PolicyRef): boolean {
  return change.kind === kind && change.namespace === namespace && change.name === name;
}

function refOf({ kind, namespace, name }: PendingChange): PolicyRef {
  return { kind: kind as PolicyRef['kind'], namespace, name };
}

/** What we kept was printed by us from an object of the cluster. */
export function objectOf(text: string): KubernetesObject {
  const reading = readDraft(text);
  if (!reading.ok) throw new Error(`a kept version cannot be read: ${reading.problems[0]?.message}`);
  return reading.draft.object;
}

/** An earlier version, to be written over the one that is there. */
export function onTopOf(wanted: KubernetesObject, current: KubernetesObject): KubernetesObject {
  const { resourceVersion, uid } = current.metadata;
  return {
    ...wanted,
    metadata: {
      ...wanted.metadata,
      ...(resourceVersion === undefined ? {} : { resourceVersion }),
      ...(uid === undefined ? {} : { uid }),
    },
  };
}

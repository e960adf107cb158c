import { randomUUID } from 'node:crypto';
import type { Pending } from '@bartizan/api';
import type { Cluster, KubernetesObject, PendingChange, PolicyRef, StateStore } from '@bartizan/backends';
import type { Logger } from 'pino';
import { HttpProblem, notFound } from '../http/problem.ts';
import { readDraft } from './draft.ts';
import { readOrNull } from './read-or-null.ts';
import { contentOf } from './content.ts';
import type { Change, PolicyWriter } from './writer.ts';

export interface Ended {
  readonly outcome: 'confirmed' | 'reverted' | 'stopped';
  readonly reason?: string;
  readonly cluster: Cluster;
  readonly object: KubernetesObject | null;
}

/** Changes that go back by themselves, also when the console restarted in between, unless somebody confirms them. */
export interface PendingChanges {
  /** Writes a change that goes back: it is noted before the cluster gets it, so that a console which ends in between knows it too. */
  make<Written>(
    wish: { cluster: Cluster; ref: PolicyRef; by: string; afterMs: number },
    write: (onTried: NonNullable<Change['onTried']>) => Promise<Written>,
  ): Promise<Written>;
  of(cluster: string, ref: PolicyRef): Pending | undefined;
  /** One that waits; throws where there is none. */
  find(id: string): { readonly change: PendingChange; readonly shown: Pending };
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
  /** Why it could not be taken back when it was due. */
  const troubles = new Map<string, string>();
  const ending = new Map<string, Promise<Ended>>();
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
      troubles.set(change.id, error instanceof Error ? error.message : String(error));
      if (!stop.signal.aborted) schedule(change, retryMs);
    }
  }

  async function end(change: PendingChange): Promise<void> {
    clearTimeout(timers.get(change.id));
    timers.delete(change.id);
    changes.delete(change.id);
    troubles.delete(change.id);
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

  /** The timer and a person may ask at the same moment: it is done once. */
  function takeBack(change: PendingChange, why: string): Promise<Ended> {
    const running = ending.get(change.id);
    if (running) return running;
    const started = takeBackOnce(change, why).finally(() => ending.delete(change.id));
    ending.set(change.id, started);
    return started;
  }

  async function takeBackOnce(change: PendingChange, why: string): Promise<Ended> {
    const cluster = clusterOf(change);
    const ref = refOf(change);
    const current = await readOrNull(cluster, ref, stop.signal);
    const later = [...changes.values()].find(
      (other) => other.id !== change.id && isSame(other, ref) && other.before === change.after,
    );
    if (later && later.cluster === change.cluster) {
      await handOver(change, later);
      return {
        outcome: 'stopped',
        reason: 'It goes back with the timed change that was made on top of it.',
        cluster,
        object: current,
      };
    }
    const now = current && contentOf(current);
    if (now === change.before) {
      await end(change);
      return { outcome: 'reverted', reason: 'It was already as before.', cluster, object: current };
    }
    if (!current || now !== change.after) return giveUp(change, current);
    const note = `timed change taken back: ${why}`;
    const write: Change = { cluster, ref, by: change.by, note, action: 'restore', yours: {}, signal: stop.signal };
    try {
      const object =
        change.before === null
          ? await writer.remove(current, write).then(() => null)
          : await writer.replace(current, onTopOf(objectOf(change.before), current), write);
      await end(change);
      return { outcome: 'reverted', cluster, object };
    } catch (error) {
      if (error instanceof HttpProblem && error.details.code === 'changed-meanwhile') return takeBackOnce(change, why);
      throw error;
    }
  }

  /** What somebody else did since is never overwritten; the history says why the change stayed. */
  async function giveUp(change: PendingChange, current: KubernetesObject | null): Promise<Ended> {
    const cluster = clusterOf(change);
    const reason = `The policy was ${current ? 'changed' : 'deleted'} after the timed change, so it was not taken back.`;
    const text = current && contentOf(current);
    const { by } = change;
    const revision = { cluster: cluster.name, ...refOf(change), by, note: reason, before: text, after: text };
    await state.addRevision({ ...revision, atMs: clock().getTime(), action: 'observed' });
    await end(change);
    return { outcome: 'stopped', reason, cluster, object: current };
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

  function shown({ id, revertAtMs }: PendingChange): Pending {
    const trouble = troubles.get(id);
    return { id, revertAt: new Date(revertAtMs).toISOString(), ...(trouble === undefined ? {} : { trouble }) };
  }

  for (const change of await state.pending()) schedule(change);

  return {
    async make({ cluster, ref, by, afterMs }, write) {
      const noted: PendingChange[] = [];
      const written = write(async ({ before, after }) => {
        const change: PendingChange = {
          id: randomUUID(),
          cluster: cluster.name,
          ...ref,
          by,
          madeAtMs: clock().getTime(),
          revertAtMs: clock().getTime() + afterMs,
          before: before && contentOf(before),
          after: after && contentOf(after),
        };
        await state.addPending(change);
        noted.push(change);
      });
      try {
        await written;
      } catch (error) {
        for (const change of noted)
          if (isWritten(error)) schedule(change);
          else await state.endPending(change.id);
        throw error;
      }
      for (const change of noted) schedule(change);
      return written;
    },
    of(cluster, ref) {
      const found = [...changes.values()].findLast((change) => change.cluster === cluster && isSame(change, ref));
      return found && shown(found);
    },
    find(id) {
      const change = require(id);
      return { change, shown: shown(change) };
    },
    async confirm(id) {
      await ending.get(id)?.catch(() => undefined);
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

/** A write that failed may all the same be in the cluster: then it goes back as promised. */
function isWritten(error: unknown): boolean {
  return error instanceof HttpProblem && ['outcome-unknown', 'not-recorded'].includes(error.details.code);
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

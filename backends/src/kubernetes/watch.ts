import { setTimeout as delay } from 'node:timers/promises';
import type { KubernetesObject, WatchedKind, WatchState } from '../cluster.ts';
import type { ApiClient } from './client.ts';
import { readWatchLine } from './decode.ts';
import { isExpired, isStatus, listAll } from './list.ts';
import { collectionPath, resources, watchPath } from './query.ts';

export interface WatchOptions {
  readonly kind: WatchedKind;
  /** All of them unless given. */
  readonly namespace?: string;
  readonly client: ApiClient;
  readonly signal: AbortSignal;
  readonly clock: () => number;
  readonly random: () => number;
  readonly pace: Pace;
  readonly onChange: () => void;
}

/** How long things wait, in milliseconds. */
export interface Pace {
  readonly firstRetryMs: number;
  readonly longestRetryMs: number;
  readonly silenceMs: number;
}

export const usualPace: Pace = { firstRetryMs: 500, longestRetryMs: 30_000, silenceMs: 150_000 };

export interface Watch {
  /** The first list came, or failed. */
  readonly synced: Promise<void>;
  list(): readonly KubernetesObject[];
  state(): WatchState;
}

/**
 * Keeps the objects of one kind in memory: a list, then a watch from where it ended, resumed where it breaks off; a new list
 * where the server has forgotten that place (410). While the server cannot be reached the last known objects stay.
 */
export function startWatch(options: WatchOptions): Watch {
  const { kind, client, signal, clock, onChange } = options;
  const objects = new Map<string, KubernetesObject>();
  let listed: readonly KubernetesObject[] | null = null;
  let current: WatchState = { state: 'connecting' };
  let rootAt = 0;
  let isOpen = false;
  /** Where to go on; null when the objects must be listed anew. */
  let version: string | null = null;
  let settle = (): void => undefined;
  const synced = new Promise<void>((resolve) => {
    settle = resolve;
  });

  function changed(): void {
    listed = null;
    onChange();
  }

  function recover(): void {
    current = { state: 'ok', syncedAtMs: clock() };
    changed();
  }

  function fail(error: unknown): void {
    const [state, reason] = outageOf(error);
    if (state !== 'unreachable') objects.clear();
    const isSame = current.state === state;
    current = { state, reason, sinceMs: isSame && 'sinceMs' in current ? current.sinceMs : clock() };
    if (!isSame) changed();
  }

  async function list(path: string): Promise<string> {
    const items = await listAll({ kind, client, signal, path });
    objects.clear();
    for (const object of items.objects) objects.set(keyOf(object), object);
    recover();
    return items.resourceVersion;
  }

  async function follow(path: string, from: string): Promise<void> {
    const timeoutSeconds = 240 + Math.floor(options.random() * 240);
    await client.stream({
      path: watchPath(path, { resourceVersion: from, timeoutSeconds }),
      attempted: `watch ${resources[kind].words}`,
      signal,
      silenceMs: options.pace.silenceMs,
      onOpen: () => {
        isOpen = true;
        if (current.state !== 'ok') recover();
      },
      onLines: apply,
    });
  }

  function apply(lines: readonly string[]): void {
    let isChanged = false;
    for (const line of lines) {
      const event = readWatchLine(kind, line);
      if (event === undefined) continue;
      if (event.type === 'error') {
        version = null;
        continue;
      }
      if (event.type === 'changed') objects.set(keyOf(event.object), event.object);
      if (event.type === 'removed') objects.delete(keyOf(event.object));
      isChanged ||= event.type !== 'bookmark';
      version = event.resourceVersion || version;
    }
    current = { state: 'ok', syncedAtMs: clock() };
    if (isChanged) changed();
  }

  async function run(): Promise<void> {
    let failures = 0;
    while (!signal.aborted) {
      const { roots } = resources[kind];
      const root = roots[rootAt % roots.length] ?? '';
      const path = collectionPath({ kind, root, namespace: options.namespace });
      const startedAt = clock();
      isOpen = false;
      try {
        version ??= await list(path);
        settle();
        await follow(path, version);
        failures = clock() - startedAt > options.pace.firstRetryMs ? 0 : failures + 1;
      } catch (error) {
        if (signal.aborted) break;
        if (isExpired(error)) {
          version = null;
          failures += 1;
        } else if (isOpen) {
          failures += 1;
        } else {
          if (isStatus(error, 404)) rootAt += 1;
          if (isStatus(error, 404) || isStatus(error, 403)) version = null;
          fail(error);
          settle();
          failures += 1;
        }
      }
      if (failures > 0) await rest(options, failures);
    }
    settle();
  }

  void run();
  return {
    synced,
    list: () => (listed ??= [...objects.values()]),
    state: () => current,
  };
}

/** Full jitter would let a whole cluster of clients return at once less often, half of it keeps a floor. */
async function rest({ pace, random, signal }: WatchOptions, failures: number): Promise<void> {
  const ceiling = Math.min(pace.longestRetryMs, pace.firstRetryMs * 2 ** Math.min(failures - 1, 16));
  await delay(ceiling * (0.5 + random() / 2), undefined, { signal }).catch(() => undefined);
}

function keyOf({ metadata }: KubernetesObject): string {
  return `${metadata.namespace ?? ''}/${metadata.name}`;
}

function outageOf(error: unknown): ['missing' | 'forbidden' | 'unreachable', string] {
  const reason = error instanceof Error ? error.message : String(error);
  if (isStatus(error, 404)) return ['missing', reason];
  return [isStatus(error, 403) ? 'forbidden' : 'unreachable', reason];
}

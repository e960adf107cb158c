import type { WatchState } from '../cluster.ts';
import { resources } from './query.ts';
import type { Watch, WatchOptions } from './watch.ts';
import { startWatch } from './watch.ts';

interface Part {
  readonly namespace: string;
  readonly watch: Watch;
}

/** One watch over the cluster; where only single namespaces may be read, one for each of those. */
export function startScopedWatch(options: WatchOptions & { readonly namespaces: readonly string[] }): Watch {
  const { namespaces, ...rest } = options;
  const canSplit = namespaces.length > 0 && resources[options.kind].isNamespaced;
  let parts: readonly Part[] | null = null;

  const whole = startWatch({
    ...rest,
    onChange() {
      if (canSplit && parts === null && whole.state().state === 'forbidden')
        parts = namespaces.map((namespace) => ({ namespace, watch: startWatch({ ...rest, namespace }) }));
      options.onChange();
    },
  });

  /** The parts, for as long as the whole may not be read. */
  function shown(): readonly Part[] | null {
    return whole.state().state === 'forbidden' ? parts : null;
  }

  return {
    synced: whole.synced.then(async () => void (await Promise.all((parts ?? []).map(({ watch }) => watch.synced)))),
    list: () => shown()?.flatMap(({ watch }) => watch.list()) ?? whole.list(),
    state: () => stateOf(shown()) ?? whole.state(),
  };
}

/** What is wrong with the first part that is not well; they are well together. */
function stateOf(parts: readonly Part[] | null): WatchState | null {
  if (parts === null) return null;
  const states = parts.map(({ namespace, watch }) => ({ namespace, state: watch.state() }));
  const wrong = states.find(({ state }) => state.state !== 'ok');
  if (wrong === undefined) return states[0]?.state ?? null;
  if (wrong.state.state === 'ok' || wrong.state.state === 'connecting') return wrong.state;
  return { ...wrong.state, reason: `namespace ${wrong.namespace}: ${wrong.state.reason}` };
}

import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ObservedEvent } from '../events/flow-event.ts';
import type { Store } from '../kubernetes/store.ts';
import type { Random } from '../seeded.ts';
import { createNetworkTraffic } from './attempts.ts';
import { readEnds } from './ends.ts';
import { createJudge } from './judge.ts';
import type { Moment } from './simulation.ts';
import { createSimulation } from './simulation.ts';

export interface Network {
  readonly history: Promise<void>;
  close(): Promise<void>;
}

/** The cluster as it was until some time, where a scenario changed it since. */
export interface Past {
  readonly store: Store;
  readonly until: number;
}

const minuteMs = 60_000;
const tickMs = 200;
const decisive = [
  'Pod',
  'Namespace',
  'NetworkPolicy',
  'CiliumNetworkPolicy',
  'CiliumClusterwideNetworkPolicy',
  'CiliumCIDRGroup',
];

/** Runs the traffic through the policies: the past at once, then as time goes by. */
export function runNetwork(options: {
  readonly store: Store;
  readonly past: Past | undefined;
  readonly random: Random;
  readonly historyMinutes: number;
  readonly now: () => Date;
  readonly signal: AbortSignal;
  readonly log: (line: string) => void;
  readonly remember: (events: readonly ObservedEvent[]) => void;
  readonly countLive: (events: readonly ObservedEvent[]) => void;
}): Network {
  const { store, past, now, signal, random } = options;
  const start = now().getTime();
  const startMinute = Math.floor(start / minuteMs);
  const present = followStore(store, options.log);
  const before = past && momentOf(past.store);
  const simulation = createSimulation({
    traffic: createNetworkTraffic({ random, startMinute }),
    random,
    from: start - options.historyMinutes * minuteMs,
    momentAt: (time) => (before && time < past.until ? before : present.moment()),
  });

  async function makeHistory(): Promise<void> {
    for (let minute = startMinute - options.historyMinutes; minute <= startMinute && !signal.aborted; minute += 1) {
      options.remember(simulation.runUntil(Math.min((minute + 1) * minuteMs, start)));
      await nextTurn();
    }
  }

  function tick(): void {
    const events = simulation.runUntil(now().getTime());
    options.remember(events);
    options.countLive(events);
  }

  let timer: NodeJS.Timeout | undefined;
  const history = makeHistory().then(() => {
    if (!signal.aborted) timer = setInterval(tick, tickMs);
  });

  return {
    history,
    async close() {
      await history;
      clearInterval(timer);
      present.leave();
    },
  };
}

function momentOf(store: Store): Moment {
  return { ends: readEnds(store), judge: createJudge(store) };
}

/** The policies as they are at this moment: read again once something that decides has changed. */
function followStore(store: Store, log: (line: string) => void): { moment(): Moment; leave(): void } {
  let known = momentOf(store);
  let isStale = false;
  const leave = store.listen(({ resource }) => {
    isStale ||= decisive.includes(resource.kind);
  });

  function refresh(): void {
    isStale = false;
    try {
      known = momentOf(store);
    } catch (error) {
      log(`The change of the cluster is not understood and takes no effect: ${String(error)}`);
    }
  }

  return {
    moment() {
      if (isStale) refresh();
      return known;
    },
    leave,
  };
}

import type { Gap, SourceStatus } from '@bartizan/api';
import { createFlowLosses, createNodeClocks, stateOfFailure } from '@bartizan/backends';
import type { FlowSource, FlowSourceEvent, FlowSourceStatus, FlowWriter } from '@bartizan/backends';
import { createFlowBatcher } from './flow-batch.ts';

export interface FlowCollector {
  status(): SourceStatus;
  /** All that the source had when we came has been stored, or it failed. */
  readonly caughtUp: Promise<void>;
  isCatchingUp(): boolean;
  close(): Promise<void>;
}

const flushAfterMs = 500;
/** So long without an event, and what a source had is taken to be read. */
const quietMs = 2500;
/** An event no older than this, and what a source had is read. */
const recentMs = 10_000;
const waits = [500, 1000, 2000, 5000, 10_000] as const;
/** Asked again from a little earlier: events come slightly out of order, and what is there already is not kept twice. */
const overlapMs = 5000;

/** How often the store is told that a source without news is still being followed. */
const aliveEveryMs = 5000;

/** Follows a source of flows into the history, for ever; after a break it goes on where it stopped, and the store says what is missing. */
export function collectFlows(options: {
  readonly name: string;
  readonly location: string;
  readonly source: FlowSource;
  readonly store: FlowWriter;
  readonly clock: () => Date;
  readonly random?: () => number;
}): FlowCollector {
  const { name, location, source, store, clock, random = Math.random } = options;
  const losses = createFlowLosses(name);
  const clocks = createNodeClocks({ source: name, clock });
  const stop = new AbortController();
  let state: Pick<SourceStatus, 'state' | 'reason' | 'since' | 'version'> = {
    state: 'unreachable',
    reason: 'not connected yet',
  };
  let newest: string | null = null;
  let openGap: Gap | null = null;
  /** Connections that broke in a row, soon after they were made. */
  let breaks = 0;
  let isCatchingUp = true;
  let caughtUp = (): void => {};
  const whenCaughtUp = new Promise<void>((resolve) => {
    caughtUp = () => {
      isCatchingUp = false;
      resolve();
    };
  });

  async function followOnce(): Promise<void> {
    const newestMs = await store.newest(name);
    const sinceMs = newestMs === null ? null : newestMs - overlapMs;
    const status = await source.status(stop.signal);
    const lastBreak = state.reason;
    state = connectedState(status, clock());
    if (breaks > 2)
      state = { ...state, reason: `the connection broke ${breaks} times in a row; the last time: ${lastBreak}` };
    await closeGap();
    isCatchingUp = true;
    const batch = createFlowBatcher({
      source: name,
      store,
      onStored(flows) {
        const nowMs = clock().getTime();
        const last = flows.findLast(({ time }) => Date.parse(time) <= nowMs);
        if (last === undefined) return;
        newest = last.time;
        if (nowMs - Date.parse(last.time) < recentMs) caughtUp();
      },
    });
    const broken = new AbortController();
    const signal = AbortSignal.any([stop.signal, broken.signal]);
    const attempt = (write: Promise<void>): void => void write.catch((error: unknown) => broken.abort(error));
    const timers = [
      setInterval(() => attempt(batch.writeNow()), flushAfterMs),
      setInterval(() => batch.idleMs() > aliveEveryMs && attempt(batch.writeNow({ evenEmpty: true })), aliveEveryMs),
      setInterval(() => batch.idleMs() > quietMs && caughtUp(), 200),
    ];
    try {
      for await (const events of source.follow({ sinceMs, signal })) {
        for (const event of events) {
          if (event.kind === 'gap') batch.addGap(gapOf(name, event));
          else if (event.kind === 'lost') batch.addNote(losses.add(event));
          else {
            for (const gap of clocks.see(event.flow)) batch.addGap(gap);
            batch.add(event.flow);
          }
        }
        await batch.room();
      }
    } finally {
      for (const timer of timers) clearInterval(timer);
      await batch.finish();
    }
    broken.signal.throwIfAborted();
  }

  /** Taken back: what is really missing shows when the source sends anew, and the store records it. */
  async function closeGap(): Promise<void> {
    if (openGap === null) return;
    const { from = clock().toISOString() } = openGap;
    await store.append({ source: name, flows: [], gaps: [{ ...openGap, to: from }] });
    openGap = null;
  }

  /** A store that cannot keep the gap keeps nothing, and says so itself when it is asked. */
  async function openOwnGap({ reason, since }: { readonly reason: string; readonly since: string }): Promise<void> {
    if (openGap !== null) return;
    openGap = { source: name, reason, from: since };
    await store.append({ source: name, flows: [], gaps: [openGap] }).catch(() => (openGap = null));
  }

  async function run(): Promise<void> {
    while (!stop.signal.aborted) {
      const startedMs = clock().getTime();
      let failure: unknown = new Error('the stream ended');
      try {
        await followOnce();
      } catch (error) {
        failure = error;
      }
      if (stop.signal.aborted) return;
      const broken = brokenState(failure, clock());
      state = { ...broken, since: openGap?.from ?? broken.since };
      caughtUp();
      await openOwnGap(broken);
      breaks = clock().getTime() - startedMs > 30_000 ? 1 : breaks + 1;
      // Consoles that lost the same Relay do not all come back at once.
      const wait = waits[Math.min(breaks, waits.length) - 1] ?? 10_000;
      await pause(wait * (0.5 + random() / 2), stop.signal);
    }
  }

  const running = run();
  return {
    caughtUp: whenCaughtUp,
    isCatchingUp: () => isCatchingUp,
    status: () => ({ signal: 'flows', kind: 'hubble', location, newest, ...state }),
    async close() {
      stop.abort(new Error('closing'));
      await running;
      await source.close();
    },
  };
}

function gapOf(source: string, { reason, fromMs, toMs }: Extract<FlowSourceEvent, { kind: 'gap' }>): Gap {
  const to = toMs === null ? {} : { to: new Date(toMs).toISOString() };
  return { source, reason, from: new Date(fromMs).toISOString(), ...to };
}

function connectedState(
  { connectedNodes, unavailableNodes, version }: FlowSourceStatus,
  now: Date,
): Pick<SourceStatus, 'state' | 'reason' | 'since' | 'version'> {
  const missing = unavailableNodes.length;
  const known = version === null ? {} : { version };
  if (missing === 0) return { state: 'ok', ...known };
  const all = missing + (connectedNodes ?? 0);
  const reason = `${connectedNodes ?? 0} of ${all} nodes connected; no answer from ${unavailableNodes.join(', ')}`;
  return connectedNodes === 0
    ? { state: 'unreachable', reason, since: now.toISOString(), ...known }
    : { state: 'ok', reason, ...known };
}

function brokenState(error: unknown, now: Date): { state: SourceStatus['state']; reason: string; since: string } {
  const reason = error instanceof Error ? error.message : String(error);
  return { state: stateOfFailure(error), reason, since: now.toISOString() };
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done, { once: true });
    function done(): void {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    }
  });
}

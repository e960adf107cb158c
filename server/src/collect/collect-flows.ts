import type { Gap, SourceStatus } from '@bartizan/api';
import { SourceError } from '@bartizan/backends';
import type { FlowSource, FlowSourceEvent, FlowSourceStatus, FlowWriter } from '@bartizan/backends';
import type { FlowRecord } from '@bartizan/flow';

export interface FlowCollector {
  status(): SourceStatus;
  /** All that the source had when we came has been stored, or it failed. */
  readonly caughtUp: Promise<void>;
  isCatchingUp(): boolean;
  close(): Promise<void>;
}

const batchSize = 4000;
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
}): FlowCollector {
  const { name, location, source, store, clock } = options;
  const stop = new AbortController();
  let state: Pick<SourceStatus, 'state' | 'reason' | 'since'> = { state: 'unreachable', reason: 'not connected yet' };
  let newest: string | null = null;
  let openGap: Gap | null = null;
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
    state = connectedState(status);
    await closeGap();
    isCatchingUp = true;
    const batch = createBatch({
      name,
      store,
      onStored(time) {
        newest = time;
        if (clock().getTime() - Date.parse(time) < recentMs) caughtUp();
      },
    });
    const broken = new AbortController();
    const signal = AbortSignal.any([stop.signal, broken.signal]);
    const attempt = (write: () => Promise<void>) => () => void write().catch((error: unknown) => broken.abort(error));
    const timers = [
      setInterval(attempt(batch.flush), flushAfterMs),
      setInterval(() => batch.idleMs() > aliveEveryMs && attempt(batch.tellAlive)(), aliveEveryMs),
      setInterval(() => batch.idleMs() > quietMs && caughtUp(), 200),
    ];
    try {
      for await (const event of source.follow({ sinceMs, signal })) {
        if (event.kind === 'gap') batch.addGap(gapOf(name, event));
        else await batch.add(event.flow);
      }
    } finally {
      for (const timer of timers) clearInterval(timer);
      await batch.flush();
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

  async function run(): Promise<void> {
    for (let failures = 0; !stop.signal.aborted;) {
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
      if (openGap === null) {
        openGap = { source: name, reason: broken.reason, from: broken.since };
        await store.append({ source: name, flows: [], gaps: [openGap] });
      }
      failures = clock().getTime() - startedMs > 30_000 ? 0 : failures + 1;
      await pause(waits[Math.min(failures, waits.length - 1)] ?? 10_000, stop.signal);
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

function createBatch(options: { name: string; store: FlowWriter; onStored: (newest: string) => void }) {
  let flows: FlowRecord[] = [];
  let gaps: Gap[] = [];
  let lastMs = performance.now();
  let writing: Promise<void> = Promise.resolve();

  function flush({ evenEmpty } = { evenEmpty: false }): Promise<void> {
    if (flows.length === 0 && gaps.length === 0 && !evenEmpty) return writing;
    const batch = { source: options.name, flows, gaps };
    const last = flows.at(-1)?.time;
    flows = [];
    gaps = [];
    writing = writing.then(async () => {
      await options.store.append(batch);
      if (last !== undefined) options.onStored(last);
    });
    return writing;
  }

  return {
    async add(flow: FlowRecord): Promise<void> {
      flows.push(flow);
      lastMs = performance.now();
      if (flows.length >= batchSize) await flush();
    },
    addGap(gap: Gap): void {
      gaps.push(gap);
    },
    tellAlive: () => flush({ evenEmpty: true }),
    idleMs: () => performance.now() - lastMs,
    flush: () => flush(),
  };
}

function gapOf(source: string, { reason, fromMs, toMs }: Extract<FlowSourceEvent, { kind: 'gap' }>): Gap {
  const to = toMs === null ? {} : { to: new Date(toMs).toISOString() };
  return { source, reason, from: new Date(fromMs).toISOString(), ...to };
}

function connectedState({
  connectedNodes,
  unavailableNodes,
}: FlowSourceStatus): Pick<SourceStatus, 'state' | 'reason'> {
  const missing = unavailableNodes.length;
  if (missing === 0) return { state: 'ok' };
  const all = missing + (connectedNodes ?? 0);
  const reason = `${connectedNodes ?? 0} of ${all} nodes connected; no answer from ${unavailableNodes.join(', ')}`;
  return { state: connectedNodes === 0 ? 'unreachable' : 'ok', reason };
}

function brokenState(error: unknown, now: Date): { state: SourceStatus['state']; reason: string; since: string } {
  const reason = error instanceof Error ? error.message : String(error);
  const code = error instanceof SourceError ? error.code : 'unreachable';
  const state =
    code === 'forbidden' || code === 'unauthorized'
      ? 'forbidden'
      : code === 'bad-response'
        ? 'misconfigured'
        : 'unreachable';
  return { state, reason, since: now.toISOString() };
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

import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FlowNote, FlowWriter } from '../flow-store.ts';
import type { LogFile } from '../transaction-store.ts';
import type { PlacedRecord } from './followed-log.ts';
import { createLogSet } from './log-set.ts';
import { createFlowLineReader } from './read-flow-lines.ts';
import type { Tail, TailStatus } from './tail.ts';
import { untilDone } from './until-done.ts';

export interface FlowTailOptions {
  /** The cluster whose flows they are. */
  readonly source: string;
  /** Paths, or patterns with `*` and `?`: of several nodes, rotated and gzip'd, each line read once. */
  readonly files: readonly string[];
  readonly store: FlowWriter;
  readonly clock: () => Date;
  readonly signal: AbortSignal;
  readonly pollMs?: number;
}

export interface FlowTail extends Pick<Tail, 'caughtUp' | 'close'> {
  status(): Omit<TailStatus, 'zone'>;
  isCatchingUp(): boolean;
}

const batchFlows = 4000;
const idleSaveMs = 5000;

/** Follows files that Hubble's exporter writes into the store; events and how far they were read are stored together. */
export function tailFlowLogs(options: FlowTailOptions): FlowTail {
  const stop = new AbortController();
  const signal = AbortSignal.any([options.signal, stop.signal]);
  const { source, store, clock, pollMs = 250 } = options;
  const notes = new Map<string, FlowNote>();
  let lastId = 0;
  const logs = createLogSet({
    source,
    files: { flows: options.files },
    newId: () => (lastId += 1),
    clock,
    onGap: (gap) => notes.set(gap.key, gap),
  });
  const missed = createMissedNotes(source, (note) => notes.set(note.key, note));
  let stored = 0;
  let malformed = 0;
  let savedAt = 0;
  let isCatchingUp = true;
  let settled: { resolve: () => void; reject: (error: unknown) => void } = { resolve: noop, reject: noop };
  const caughtUp = new Promise<void>((resolve, reject) => (settled = { resolve, reject }));
  caughtUp.catch(noop);

  const reader = createFlowLineReader({
    source,
    clock,
    onMalformed({ log, offset }, reason) {
      malformed += 1;
      log.sawMalformed(offset);
      logs.noteMalformed(log, { offset, reason });
    },
  });

  function take(lines: readonly PlacedRecord[]): void {
    for (const line of lines) {
      reader.add(line);
      missed.sawLine(line);
    }
  }

  /** All that was read, with how far that is. A disk that is full may have room again. */
  async function save(): Promise<void> {
    const { flows, gaps, notes: told } = reader.take();
    const batch = { source, flows, gaps, notes: [...told, ...notes.values()], logs: logs.checkpoints(new Map()) };
    notes.clear();
    await untilDone(() => store.append(batch), { signal, onFailure: logs.noteFailure });
    stored += flows.length;
    savedAt = performance.now();
    logs.noteSaved(batch.logs);
  }

  /** Whether there is more to read. */
  async function round(): Promise<boolean> {
    await logs.discover();
    take(logs.takeLeftovers());
    const next = logs.next();
    const pulled = await Promise.all(next.map((log) => log.pull()));
    for (const lines of pulled) take(lines);
    if (reader.count >= batchFlows) await save();
    return !logs.areAllRead();
  }

  async function idle(): Promise<void> {
    const isAlive = logs.status(clock()).state === 'ok' && performance.now() - savedAt > idleSaveMs;
    if (reader.count > 0 || notes.size > 0 || isAlive) await save();
    isCatchingUp = false;
    settled.resolve();
    await sleep(pollMs, undefined, { signal }).catch(noop);
  }

  async function run(): Promise<void> {
    const restored = await store.logs(source);
    lastId = restored.reduce((most, { id }) => Math.max(most, id), 0);
    await logs.restore(restored);
    await logs.discover();
    missed.look(restored, logs.gone());
    while (!signal.aborted) {
      const isBusy = await round();
      if (!isBusy) await idle();
    }
  }

  const done = run()
    .catch((error: unknown) => {
      settled.reject(error);
      if (!signal.aborted) throw error;
    })
    .finally(async () => {
      await save();
      await logs.close();
    });
  done.catch(noop);

  return {
    caughtUp,
    isCatchingUp: () => isCatchingUp,
    status: () => ({ ...logs.status(clock()), stored, malformed }),
    async close() {
      stop.abort(new Error('closing'));
      await done.catch(noop);
      settled.resolve();
    },
  };
}

/**
 * Where the file that a folder's exporter was writing to is gone when reading goes on, it was rotated away meanwhile: what stood in
 * it behind the last line that we read is not known, up to the first line that is there now.
 */
function createMissedNotes(source: string, tell: (note: FlowNote) => void) {
  const open = new Map<string, FlowNote>();
  let restored: ReadonlySet<number> = new Set();
  return {
    look(known: readonly LogFile[], gone: readonly LogFile[]): void {
      restored = new Set(known.map(({ id }) => id));
      for (const folder of new Set(known.map(({ path }) => dirname(path)))) {
        const [newest] = known
          .filter(({ path }) => dirname(path) === folder)
          .toSorted((a, b) => (b.lastMs ?? 0) - (a.lastMs ?? 0));
        if (!newest || newest.lastMs === null || !gone.includes(newest)) continue;
        const from = new Date(newest.lastMs).toISOString();
        const reason = `the file that was ${newest.path} was gone when reading went on: what it had after ${from} was not read`;
        const note = { key: `${source}:missed:${newest.id}`, source, reason, from, isHole: true };
        open.set(folder, note);
        tell(note);
      }
    },
    sawLine({ log }: PlacedRecord): void {
      if (open.size === 0 || restored.has(log.id) || log.firstMs === null) return;
      const note = open.get(dirname(log.path));
      if (!note) return;
      open.delete(dirname(log.path));
      tell({ ...note, to: new Date(Math.max(log.firstMs, Date.parse(note.from ?? ''))).toISOString() });
    },
  };
}

function noop(): void {}

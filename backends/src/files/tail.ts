import { setTimeout as sleep } from 'node:timers/promises';
import type { AccessPattern, TimeZone } from '@bartizan/waf';
import { createPacker } from '../packed-transactions.ts';
import type { Attribute, GapNote, LogWriter, StoredTransaction } from '../transaction-store.ts';
import { createLateJoiner } from './join-late.ts';
import { createLogSet } from './log-set.ts';
import type { FollowedLog, PlacedRecord } from './followed-log.ts';
import { createRecordReader } from './read-records.ts';
import { untilDone } from './until-done.ts';

export interface TailOptions {
  /** Name of the firewall whose logs they are. */
  readonly source: string;
  /** Paths, or patterns with `*` and `?`: rotated and gzip'd logs among them are read too, each record once. */
  readonly auditFiles: readonly string[];
  readonly accessFiles: readonly string[];
  readonly pattern?: AccessPattern | null;
  /** Of times that the audit log writes without one; absent: what the access log is written with, else UTC. */
  readonly timeZone?: TimeZone | null;
  readonly store: LogWriter;
  readonly attribute: Attribute;
  readonly clock: () => Date;
  readonly signal: AbortSignal;
  readonly onProgress?: (progress: TailProgress) => void;
  readonly pollMs?: number;
}

export interface TailProgress {
  readonly stored: number;
  readonly waiting: number;
  readonly isCaughtUp: boolean;
}

export interface TailStatus {
  readonly state: 'ok' | 'missing' | 'forbidden';
  readonly reason: string | null;
  /** Of the newest record, milliseconds since 1970. */
  readonly newestMs: number | null;
  readonly stored: number;
  readonly malformed: number;
  /** What times without a zone were read in. */
  readonly zone: string;
}

export interface Tail {
  /** Everything that was there when it started is stored; rejects where that cannot be. */
  readonly caughtUp: Promise<void>;
  status(): TailStatus;
  close(): Promise<void>;
}

/** What is decided is let go of so often: the collector copies whatever lives for long. */
const settleEvery = 8;
const batchRows = 4000;
const batchBytes = 16_000_000;
/** How long a record waits for its partner when the other log has nothing new. */
const graceMs = 2000;
const idleSaveMs = 5000;
/** Only requests of just now still wait for their other half so long after everything was read. */
const newestWaitMs = 1500;

/** Follows a firewall's logs into the store. */
export function tailWafLogs(options: TailOptions): Tail {
  const stop = new AbortController();
  const signal = AbortSignal.any([options.signal, stop.signal]);
  const { store, clock, pollMs = 250 } = options;
  const gaps = new Map<string, GapNote>();
  const logs = createLogSet({
    ...options,
    files: { access: options.accessFiles, audit: options.auditFiles },
    newId: store.newFileId,
    onGap: (gap) => gaps.set(gap.key, gap),
  });
  let known = new Set<string>();
  let zone = 'UTC';
  let malformed = 0;
  let stored = 0;
  let packer = createPacker();
  /** What may have its other half in the store, or come with this batch. */
  let halves: StoredTransaction[] = [];
  let halvesSize = 0;
  let saving: Promise<void> = Promise.resolve();
  let savedAt = 0;
  let allReadSince = Infinity;
  let settled: { resolve: () => void; reject: (error: unknown) => void } = { resolve: noop, reject: noop };
  const caughtUp = new Promise<void>((resolve, reject) => (settled = { resolve, reject }));
  caughtUp.catch(noop);

  const lateJoiner = createLateJoiner({
    source: options.source,
    store,
    pattern: options.pattern ?? null,
    hasAccess: options.accessFiles.length > 0,
    attribute: options.attribute,
  });
  lateJoiner.catch(noop);

  const reader = createRecordReader({
    source: options.source,
    pattern: options.pattern ?? null,
    timeZone: options.timeZone ?? null,
    attribute: options.attribute,
    isStored: ({ file, offset }) => known.size > 0 && known.delete(`${file}:${offset}`),
    onMalformed({ log, offset }, reason) {
      malformed += 1;
      log.sawMalformed(offset);
      logs.noteMalformed(log, { offset, reason });
    },
  });

  function take(records: readonly PlacedRecord[]): void {
    const arrived = performance.now();
    for (const [index, record] of records.entries()) {
      reader.add(record, arrived);
      if (index % settleEvery === settleEvery - 1) settle();
    }
  }

  function settle(): void {
    for (const transaction of reader.settle(logs.progress({ graceMs }))) {
      const { access, audit } = transaction;
      if (options.accessFiles.length === 0 || (access && audit)) packer.add(transaction);
      else {
        halves.push(transaction);
        halvesSize += (access ?? audit)?.bytes.length ?? 0;
      }
    }
  }

  /** Hands the batch to the store, with the state of the logs as of now; the next may be read meanwhile. */
  async function save(): Promise<void> {
    const packed = packer;
    const late = halves;
    const files = logs.checkpoints(reader.waitingFrom());
    const noted = [...gaps.values()];
    packer = createPacker();
    halves = [];
    halvesSize = 0;
    gaps.clear();
    await saving;
    savedAt = performance.now();
    saving = lateJoiner.then(async ({ join }) => {
      const { transactions, replaces } = await join(late);
      for (const transaction of transactions) packed.add(transaction);
      const batch = { transactions: packed.finish(), files, gaps: noted, replaces };
      await untilDone(() => store.append(batch), { signal, onFailure: logs.noteFailure });
      stored += batch.transactions.count;
      logs.noteSaved(files);
    });
    saving.catch(noop);
  }

  /**
   * A log that is begun while another of its kind is not read to its end: what it has would stand in the way of all that is
   * older, until that is read too.
   */
  function hasToWait(log: FollowedLog, records: readonly PlacedRecord[]): boolean {
    const [first] = records;
    const beginsMs = first && log.readToMs === null ? reader.timeOf(first) : null;
    if (beginsMs === null || !logs.isEarly(log, beginsMs)) return false;
    log.hold(records, beginsMs);
    return true;
  }

  /** Whether there is more to read. */
  async function round(): Promise<boolean> {
    await logs.discover();
    take(logs.takeLeftovers());
    const next = logs.next();
    const pulled = await Promise.all(next.map((log) => log.pull()));
    for (const [index, log] of next.entries()) if (!hasToWait(log, pulled[index] ?? [])) take(pulled[index] ?? []);
    settle();
    zone = reader.zone.name;
    if (packer.count + halves.length >= batchRows || packer.bytes + halvesSize >= batchBytes) await save();
    return !logs.areAllRead();
  }

  async function idle(): Promise<void> {
    const isDue = packer.count + halves.length > 0 || gaps.size > 0 || performance.now() - savedAt > idleSaveMs;
    if (isDue) await save();
    await saving;
    if (!logs.areAllRead()) allReadSince = Infinity;
    else allReadSince = Math.min(allReadSince, performance.now());
    if (logs.areAllRead() && (reader.waiting === 0 || performance.now() - allReadSince > newestWaitMs))
      settled.resolve();
    options.onProgress?.({ stored, waiting: reader.waiting, isCaughtUp: logs.areAllRead() });
    await sleep(pollMs, undefined, { signal }).catch(noop);
  }

  async function run(): Promise<void> {
    known = new Set((await store.storedPlaces(options.source)).map(({ file, offset }) => `${file}:${offset}`));
    await logs.restore(await store.files(options.source), await store.openGaps(options.source));
    while (!signal.aborted) {
      const isBusy = await round();
      if (!isBusy) await idle();
    }
  }

  async function end(): Promise<void> {
    await save();
    await saving;
    await logs.close();
  }

  const done = run()
    .catch((error: unknown) => {
      settled.reject(error);
      if (!signal.aborted) throw error;
    })
    .finally(end);
  done.catch(noop);

  return {
    caughtUp,
    status: () => ({ ...logs.status(clock()), stored, malformed, zone }),
    async close() {
      stop.abort(new Error('closing'));
      await done.catch(noop);
      settled.resolve();
    },
  };
}

function noop(): void {}

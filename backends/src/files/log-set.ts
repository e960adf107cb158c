import { stat } from 'node:fs/promises';
import type { GapNote, LogFile } from '../transaction-store.ts';
import type { Progress } from '@bartizan/waf';
import { findFiles } from './find-files.ts';
import { findIdentity } from './find-identity.ts';
import { followLog } from './followed-log.ts';
import type { FollowedLog, Moment, PlacedRecord } from './followed-log.ts';
import { openLog, readFingerprint } from './open-log.ts';
import type { TailStatus } from './tail.ts';

interface LogSetOptions {
  readonly source: string;
  /** Paths or patterns of each kind of log. */
  readonly files: Readonly<Partial<Record<LogFile['kind'], readonly string[]>>>;
  readonly pattern?: { readonly text: string } | null;
  readonly clock: () => Date;
  /** For a file that is not known yet. */
  readonly newId: () => number | Promise<number>;
  readonly onGap: (gap: GapNote) => void;
}

/** All logs of one source: which there are, which to read next, how far each has been read. */
export interface LogSet {
  /** Goes on from what is stored: how far the logs were read, and what was wrong when that ended. */
  restore(files: readonly LogFile[], openGaps?: readonly GapNote[]): Promise<void>;
  /** Looks, once a second, which files there are now. */
  discover(): Promise<void>;
  /** Logs that were read before, and are no file any more that was found. */
  gone(): readonly LogFile[];
  /** Ends of logs that will not grow any more. */
  takeLeftovers(): readonly PlacedRecord[];
  /** What to read now: the log that is furthest behind in time, and all that may have grown. */
  next(): readonly FollowedLog[];
  /** Whether another log of its kind has to be read first, up to this time. */
  isEarly(log: FollowedLog, beginsMs: number): boolean;
  progress(options: { readonly graceMs: number }): Progress;
  /** How far logs have been read, of those of which the store has another state. */
  checkpoints(waitingFrom: ReadonlyMap<number, number>): LogFile[];
  areAllRead(): boolean;
  noteMalformed(log: FollowedLog, what: { readonly offset: number; readonly reason: string }): void;
  noteSaved(files: readonly LogFile[]): void;
  noteFailure(error: unknown): void;
  status(now: Date): Pick<TailStatus, 'state' | 'reason' | 'newestMs'>;
  close(): Promise<void>;
}

interface Problem {
  readonly code: TailStatus['state'];
  readonly reason: string;
  readonly sinceMs: number;
}

interface Followed {
  readonly log: FollowedLog;
  /** Its path names another file now, or none: it is read to its end and closed. */
  isLeaving: boolean;
  endedAt: number | null;
  /** Size and time of change with which it was last seen to be the file that it was. */
  seenAs: string;
}

const discoverEveryMs = 1000;
/** Of the time at most so much goes into looking for files, however many there are and however slow the machine. */
const discoverShare = 0.1;
const leaveAfterMs = 1500;
const kinds = ['access', 'audit', 'flows'] as const;

export function createLogSet(options: LogSetOptions): LogSet {
  const { source, clock } = options;
  const known = new Map<number, LogFile>();
  const followed = new Map<number, Followed>();
  /** Closed, but some of their records wait or are not stored yet. */
  const left = new Map<number, FollowedLog>();
  const finished = new Set<string>();
  /** States of logs that the store has; of logs that are gone there may be many, and they change no more. */
  const saved = new WeakSet<LogFile>();
  const problems = new Map<string, Problem>();
  /** Of before a restart: nothing has been tried since. */
  const inherited = new Map<string, Omit<Problem, 'code'>>();
  /** What was seen to be wrong since discovery began. */
  let seenWrong = new Set<string>();
  let leftovers: PlacedRecord[] = [];
  let nextDiscoveryMs = -Infinity;
  let discovered: Moment = { processMs: -Infinity, wallMs: -Infinity };

  function raise(key: string, code: TailStatus['state'], reason: string): void {
    seenWrong.add(key);
    if (problems.get(key)?.reason === reason) return;
    const before = inherited.get(key);
    inherited.delete(key);
    const sinceMs = before?.reason === reason ? before.sinceMs : clock().getTime();
    problems.set(key, { code, reason, sinceMs });
    options.onGap({ key: `${source}:${key}`, source, reason, from: new Date(sinceMs).toISOString() });
  }

  function clear(key: string): void {
    const problem = problems.get(key) ?? inherited.get(key);
    if (!problem) return;
    problems.delete(key);
    inherited.delete(key);
    const [from, to] = [problem.sinceMs, clock().getTime()].map((ms) => new Date(ms).toISOString());
    options.onGap({ key: `${source}:${key}`, source, reason: problem.reason, ...(from && to ? { from, to } : {}) });
  }

  /** What is not found to be wrong any more is over, also where a file that it was about is gone. */
  function clearOthers(): void {
    for (const key of [...problems.keys(), ...inherited.keys()]) if (key !== 'store' && !seenWrong.has(key)) clear(key);
  }

  async function look(kind: LogFile['kind'], pattern: string, seen: Set<number>): Promise<void> {
    try {
      const paths = await findFiles(pattern);
      let found = 0;
      for (const path of paths) if (await lookAt(kind, path, seen)) found += 1;
      if (found > 0) clear(pattern);
      else raise(pattern, 'missing', `there is no file ${pattern}`);
    } catch (error) {
      raise(pattern, ...problemOf(error, pattern));
    }
  }

  async function lookAt(kind: LogFile['kind'], path: string, seen: Set<number>): Promise<boolean> {
    try {
      const { dev, ino, size, mtimeNs } = await stat(path, { bigint: true });
      const place = `${dev}:${ino}:${size}`;
      if (finished.has(place)) return true;
      const same = [...followed.values()].find(
        ({ log }) => log.open.device === `${dev}` && log.open.inode === `${ino}`,
      );
      const state = `${size}:${mtimeNs}`;
      if (same && (same.seenAs === state || (await isStillSame(same, path)))) {
        same.seenAs = state;
        seen.add(same.log.id);
      } else await adopt({ kind, path, place, same: same ?? null, seen });
      clear(path);
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
      raise(path, ...problemOf(error, path));
      return true;
    }
  }

  /** Not truncated, nor written anew from its beginning. */
  async function isStillSame({ log }: Followed, path: string): Promise<boolean> {
    if (log.open.isPacked) return true;
    const file = known.get(log.id);
    if (!file) return true;
    const start = await readFingerprint(path, file.fingerprintLength);
    return start?.hash === file.fingerprint;
  }

  async function adopt(found: {
    readonly kind: LogFile['kind'];
    readonly path: string;
    readonly place: string;
    readonly same: Followed | null;
    readonly seen: Set<number>;
  }): Promise<void> {
    const { kind, path, seen } = found;
    if (found.same) await leave(found.same);
    const identity = await findIdentity(
      path,
      [...known.values()].filter((file) => file.kind === kind),
    );
    if (!identity) return;
    // A copy of a log that is still being followed where it was.
    if (identity.file && followed.has(identity.file.id)) return;
    const file: LogFile = identity.file ?? {
      id: await options.newId(),
      source,
      kind,
      path,
      device: '',
      inode: '',
      fingerprint: identity.fingerprint.hash,
      fingerprintLength: identity.fingerprint.length,
      offset: 0,
      pattern: kind === 'access' ? (options.pattern?.text ?? null) : null,
      firstMs: null,
      lastMs: null,
      caughtUpMs: null,
      malformed: 0,
    };
    known.set(file.id, file);
    left.delete(file.id);
    const log = followLog(file, { open: await openLog(path, file.offset), clock });
    followed.set(file.id, { log, isLeaving: false, endedAt: null, seenAs: '' });
    seen.add(file.id);
  }

  async function leave({ log }: Followed): Promise<void> {
    followed.delete(log.id);
    leftovers.push(...log.release());
    if (log.isAtEnd) leftovers.push(...log.finish());
    known.set(log.id, log.checkpoint({ waitingFrom: null, caughtUp: false }));
    left.set(log.id, log);
    await log.open.close();
  }

  const of = (kind: LogFile['kind']): FollowedLog[] =>
    [...followed.values()].flatMap(({ log }) => (log.kind === kind ? [log] : []));

  const growing = (kind: LogFile['kind']): FollowedLog[] => of(kind).filter((log) => !log.open.isPacked);

  /** When it was seen last that a kind of log had nothing more: in the files there are, and in no other. */
  function seenToEnd(kind: LogFile['kind']): Moment {
    if ((options.files[kind] ?? []).length === 0) return { processMs: Infinity, wallMs: Infinity };
    const moments = [discovered, ...growing(kind).map(({ emptyAt }) => emptyAt)];
    return {
      processMs: Math.min(...moments.map(({ processMs }) => processMs)),
      wallMs: Math.min(...moments.map(({ wallMs }) => wallMs)),
    };
  }

  /** Time up to which a kind of log has been read. */
  function readTo(kind: LogFile['kind']): number {
    const behind = of(kind).filter((log) => !log.isAtEnd);
    if (behind.length > 0) return Math.min(...behind.map(({ readToMs }) => readToMs ?? -Infinity));
    return seenToEnd(kind).wallMs;
  }

  return {
    async restore(files, openGaps = []) {
      for (const file of files) {
        known.set(file.id, file);
        saved.add(file);
      }
      for (const { key, reason, from = '' } of openGaps)
        inherited.set(key.slice(source.length + 1), { reason, sinceMs: Date.parse(from) });
    },
    async discover() {
      const begun = { processMs: performance.now(), wallMs: clock().getTime() };
      const isUrgent = [...followed.values()].some(({ log }) => log.isReplaced);
      if (!isUrgent && begun.processMs < nextDiscoveryMs) return;
      const seen = new Set<number>();
      seenWrong = new Set();
      for (const kind of kinds) for (const pattern of options.files[kind] ?? []) await look(kind, pattern, seen);
      clearOthers();
      for (const item of followed.values()) {
        item.isLeaving = !seen.has(item.log.id);
        if (!item.log.isAtEnd) item.endedAt = null;
        else item.endedAt ??= performance.now();
        const isOver =
          item.log.open.isPacked || (item.isLeaving && performance.now() - (item.endedAt ?? Infinity) > leaveAfterMs);
        if (!item.log.isAtEnd || !isOver) continue;
        if (item.log.open.isPacked)
          finished.add(`${item.log.open.device}:${item.log.open.inode}:${await item.log.open.size()}`);
        await leave(item);
      }
      discovered = begun;
      const endMs = performance.now();
      nextDiscoveryMs = Math.max(
        begun.processMs + discoverEveryMs,
        endMs + (endMs - begun.processMs) * (1 / discoverShare - 1),
      );
    },
    gone: () => [...known.values()].filter(({ id }) => !followed.has(id)),
    takeLeftovers() {
      const taken = leftovers;
      leftovers = [];
      return taken;
    },
    next() {
      const all = [...followed.values()].map(({ log }) => log);
      const behind = all.filter((log) => !log.isAtEnd);
      const furthest = behind.toSorted((left, right) => (left.readToMs ?? -Infinity) - (right.readToMs ?? -Infinity));
      return [...furthest.slice(0, 1), ...all.filter((log) => log.isAtEnd && !log.open.isPacked)];
    },
    isEarly: (log, beginsMs) =>
      of(log.kind).some((other) => other !== log && !other.isAtEnd && (other.readToMs ?? -Infinity) < beginsMs),
    progress({ graceMs }) {
      const seenAt = (kind: LogFile['kind']): number =>
        of(kind).every((log) => log.isAtEnd) ? seenToEnd(kind).processMs : Infinity;
      const waited = (kind: LogFile['kind']): number => {
        const at = seenAt(kind);
        return of(kind).every((log) => log.isAtEnd) ? at - graceMs : -Infinity;
      };
      return {
        accessMs: readTo('access'),
        auditMs: readTo('audit'),
        auditSeenAt: seenAt('audit'),
        accessSeenAt: seenAt('access'),
        lineArrivedBefore: waited('audit'),
        recordArrivedBefore: waited('access'),
      };
    },
    checkpoints(waitingFrom) {
      for (const log of [...[...followed.values()].map((item) => item.log), ...left.values()])
        known.set(log.id, log.checkpoint({ waitingFrom: waitingFrom.get(log.id) ?? null, caughtUp: true }));
      for (const id of left.keys()) if (!waitingFrom.has(id)) left.delete(id);
      return [...known.values()].filter((file) => !saved.has(file));
    },
    areAllRead: () => [...followed.values()].every(({ log }) => log.isAtEnd),
    noteMalformed(log, { offset, reason }) {
      const which = log.malformed === 1 ? '1 record' : `${log.malformed} records`;
      const times = [log.firstMs, log.lastMs].map((ms) => (ms === null ? null : new Date(ms).toISOString()));
      const [from, to] = times;
      options.onGap({
        key: `${source}:malformed:${log.id}`,
        source,
        reason: `${which} of ${log.path} could not be read; the newest at byte ${offset}: ${reason}`,
        ...(from && to ? { from, to } : {}),
      });
    },
    noteSaved(files) {
      for (const file of files) saved.add(file);
      clear('store');
    },
    noteFailure(error) {
      raise(
        'store',
        'forbidden',
        `records cannot be stored: ${error instanceof Error ? error.message : String(error)}`,
      );
    },
    status() {
      const [problem] = problems.values();
      const times = [...known.values(), ...[...followed.values()].map(({ log }) => log)].flatMap(
        ({ lastMs }) => lastMs ?? [],
      );
      return {
        state: problem?.code ?? 'ok',
        reason: problem?.reason ?? null,
        newestMs: times.length === 0 ? null : Math.max(...times),
      };
    },
    async close() {
      for (const { log } of followed.values()) await log.open.close();
      followed.clear();
    },
  };
}

function problemOf(error: unknown, path: string): [TailStatus['state'], string] {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'EACCES' || code === 'EPERM') return ['forbidden', `${path} may not be read`];
  return ['missing', `${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`];
}

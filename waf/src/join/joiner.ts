import type { AccessLine } from '../access/access-line.ts';
import type { AuditRecord, BriefRecord } from '../audit/audit-record.ts';
import { isLineDialect, mergeRecords } from '../audit/merge-records.ts';
import { hashOf } from '../tuning/hash.ts';
import { fitOf, joinKey } from './match.ts';

/** One request: its line, its record, or both, each with what the caller keeps beside it. */
export interface Joined<A, R, T extends BriefRecord = AuditRecord> {
  readonly access: { readonly line: AccessLine; readonly kept: A } | null;
  readonly audit: { readonly record: T; readonly kept: R } | null;
}

/** How far the logs were read: what lies before it will not get a partner any more. */
export interface Progress {
  /** Time in the log up to which all lines, or records, have been read; Infinity where there are no more. */
  readonly accessMs: number;
  readonly auditMs: number;
  /** What arrived before this, by the caller's own clock, has waited long enough for the other log, which was at its end since. */
  readonly lineArrivedBefore?: number;
  readonly recordArrivedBefore?: number;
  /** The other log has been read to its end since: what arrived later cannot be told by the time in the logs. */
  readonly auditSeenAt?: number;
  readonly accessSeenAt?: number;
  /** There is nothing more to come: all is decided. */
  readonly isEnd?: boolean;
}

export interface Joiner<A, R, T extends BriefRecord = AuditRecord> {
  addLine(line: AccessLine, kept: A, arrived: number): void;
  addRecord(record: T, kept: R, arrived: number): void;
  /** Takes out what is decided. */
  settle(progress: Progress): Joined<A, R, T>[];
  /** What still waits, so that the caller knows from where to read again. */
  waiting(): Iterable<{ readonly kind: 'access'; readonly kept: A } | { readonly kind: 'audit'; readonly kept: R }>;
  readonly size: number;
}

interface Line<A> {
  readonly line: AccessLine;
  readonly kept: A;
  readonly arrived: number;
  readonly key: string;
  isDone: boolean;
}

interface Entry<R, T> {
  record: T;
  kept: R;
  readonly arrived: number;
  readonly key: string;
  readonly name: string | null;
  /** The newest time in the audit log when it came: about when it was written. */
  readonly writtenMs: number;
  isDone: boolean;
}

/** Records are written in the order in which requests end, so some are early and some late. */
const slackMs = 5000;
/** Decided transactions are remembered until so many to twice as many others were decided. */
const mostRemembered = 10_000;

/**
 * Joins access lines with audit records by id, else by client, URI and second; ties go to the same status and user agent, and
 * no line is used twice. Bounded: beyond `capacity` the oldest is decided with what is there.
 */
export function createJoiner<A, R, T extends BriefRecord = AuditRecord>(options: {
  readonly capacity?: number;
  /** Where a log has a line for each rule: what is kept of a further line of the same transaction. */
  readonly merge: (first: R, further: R) => R;
}): Joiner<A, R, T> {
  const { capacity = 100_000 } = options;
  const lines = createQueue<Line<A>>();
  const entries = createQueue<Entry<R, T>>();
  const lineIds = new Map<string, Line<A>>();
  /** Transactions that wait, by name. */
  const named = new Map<string, Entry<R, T>>();
  /** Those decided last, with their times; the older ones are forgotten at once, for a table is slow where each is deleted. */
  let decided = new Map<string, number>();
  let decidedBefore = new Map<string, number>();
  let newestRecordMs = -Infinity;

  function bestLine(entry: Entry<R, T>): Line<A> | null {
    const byId = entry.record.id === null ? undefined : lineIds.get(entry.record.id);
    if (byId && !byId.isDone) return byId;
    let best: Line<A> | null = null;
    let bestFit = 0;
    for (const candidate of lines.withKey(entry.key)) {
      const fit = fitOf(entry.record, candidate.line);
      if (fit > bestFit) [best, bestFit] = [candidate, fit];
    }
    return best;
  }

  function decide(entry: Entry<R, T>): Joined<A, R, T> {
    const line = bestLine(entry);
    finish(entries, entry);
    if (entry.name !== null) {
      if (named.get(entry.name) === entry) named.delete(entry.name);
      remember(entry.name, entry.record.timeMs);
    }
    if (line) finishLine(line);
    return { access: line && { line: line.line, kept: line.kept }, audit: { record: entry.record, kept: entry.kept } };
  }

  /**
   * Takes both for one transaction: lines of one log each tell of one rule, else the record that tells all is enough. Not two
   * whole records of different times.
   */
  function unite(known: Entry<R, T>, { record, kept }: { readonly record: T; readonly kept: R }): boolean {
    const [isLine, isKnownLine] = [isLineDialect(record.dialect), isLineDialect(known.record.dialect)];
    const isOne =
      isLine || isKnownLine ? isNear(record.timeMs, known.record.timeMs) : record.timeMs === known.record.timeMs;
    if (!isOne) return false;
    if (isLine && isKnownLine) {
      known.record = mergeRecords(known.record, record);
      known.kept = options.merge(known.kept, kept);
    } else if (isKnownLine) {
      known.record = { ...record, stopped: record.stopped ?? known.record.stopped };
      known.kept = kept;
    } else if (isLine) known.record = { ...known.record, stopped: known.record.stopped ?? record.stopped };
    return true;
  }

  function wasDecided(record: T, name: string): boolean {
    const timeMs = decided.get(name) ?? decidedBefore.get(name);
    if (timeMs === undefined) return false;
    return isLineDialect(record.dialect) ? isNear(timeMs, record.timeMs) : timeMs === record.timeMs;
  }

  function remember(name: string, timeMs: number): void {
    if (decided.size >= mostRemembered) [decided, decidedBefore] = [new Map(), decided];
    decided.set(name, timeMs);
  }

  function finishLine(line: Line<A>): void {
    finish(lines, line);
    if (line.line.requestId !== null) lineIds.delete(line.line.requestId);
  }

  /** A line that may wait no longer: first whatever record could want it is decided. */
  function decideLine(line: Line<A>, out: Joined<A, R, T>[]): void {
    for (const entry of entries.withKey(line.key).slice()) {
      if (line.isDone) return;
      if (fitOf(entry.record, line.line) > 0 && bestLine(entry)) out.push(decide(entry));
    }
    if (line.isDone) return;
    finishLine(line);
    out.push({ access: { line: line.line, kept: line.kept }, audit: null });
  }

  return {
    addLine(line, kept, arrived) {
      const added: Line<A> = { line, kept, arrived, key: joinKey(line), isDone: false };
      lines.add(added);
      if (line.requestId !== null) lineIds.set(line.requestId, added);
    },
    addRecord(record, kept, arrived) {
      newestRecordMs = Math.max(newestRecordMs, record.timeMs);
      const name = nameOf(record);
      const known = name === null ? undefined : named.get(name);
      if (name !== null && wasDecided(record, name)) return;
      if (known && unite(known, { record, kept })) return;
      const entry = { record, kept, arrived, name, key: joinKey(record), writtenMs: newestRecordMs, isDone: false };
      entries.add(entry);
      if (name !== null) named.set(name, entry);
    },
    settle(progress) {
      const { accessMs, auditMs, isEnd = false, accessSeenAt = Infinity, auditSeenAt = Infinity } = progress;
      const { lineArrivedBefore = -Infinity, recordArrivedBefore = -Infinity } = progress;
      const out: Joined<A, R, T>[] = [];
      for (const entry of entries.oldestFirst()) {
        const mayGrow = isLineDialect(entry.record.dialect) && entry.writtenMs + slackMs >= newestRecordMs;
        const isPassed = entry.writtenMs + slackMs < accessMs && entry.arrived < accessSeenAt && !mayGrow;
        const isLate = isEnd || isPassed || entry.arrived < recordArrivedBefore;
        if (!isLate && entries.size <= capacity) break;
        out.push(decide(entry));
      }
      for (const line of lines.oldestFirst()) {
        const isPassed = line.line.timeMs + slackMs < auditMs && line.arrived < auditSeenAt;
        const isLate = isEnd || isPassed || line.arrived < lineArrivedBefore;
        if (!isLate && lines.size <= capacity) break;
        decideLine(line, out);
      }
      return out;
    },
    *waiting() {
      for (const { kept } of lines.oldestFirst()) yield { kind: 'access', kept };
      for (const { kept } of entries.oldestFirst()) yield { kind: 'audit', kept };
    },
    get size() {
      return lines.size + entries.size;
    },
  };
}

/**
 * What the records of one transaction have in common, whichever log they stand in and however often; null where that cannot be
 * told. Some builds number transactions by the second only, which many of one client share.
 */
function nameOf(record: BriefRecord): string | null {
  const { id, client, uri, dialect } = record;
  if (id === null || (/^\d{1,10}$/.test(id) && !isLineDialect(dialect))) return null;
  return `${id} ${client} ${uri.length < 200 ? uri : hashOf(uri)}`;
}

function isNear(ms: number, other: number): boolean {
  return Math.abs(ms - other) <= slackMs;
}

function finish<T extends { readonly key: string; isDone: boolean }>(queue: Queue<T>, item: T): void {
  item.isDone = true;
  queue.remove(item);
}

interface Queue<T> {
  readonly size: number;
  add(item: T): void;
  /** Items are marked as done first. */
  remove(item: T): void;
  withKey(key: string): readonly T[];
  oldestFirst(): Iterable<T>;
}

/**
 * In order of arrival, and by key. What was taken out is not held any more, not even by an array or a table that is itself
 * garbage: one that has grown old would keep it alive until the next full collection.
 */
function createQueue<T extends { readonly key: string; readonly isDone: boolean }>(): Queue<T> {
  let items: (T | undefined)[] = [];
  let head = 0;
  let size = 0;
  const byKey = new Map<string, T[]>();
  return {
    get size() {
      return size;
    },
    add(item) {
      items.push(item);
      size += 1;
      const same = byKey.get(item.key);
      if (same) same.push(item);
      else byKey.set(item.key, [item]);
    },
    remove(item) {
      size -= 1;
      const same = byKey.get(item.key) ?? [];
      same.splice(same.indexOf(item), 1);
      if (same.length === 0) byKey.delete(item.key);
      for (; head < items.length && items[head]?.isDone; head += 1) items[head] = undefined;
      if (head > 1024 && head * 2 > items.length) {
        items = items.slice(head);
        head = 0;
      }
    },
    withKey: (key) => byKey.get(key) ?? [],
    *oldestFirst() {
      const all = items;
      for (let at = head; at < all.length; at += 1) {
        const item = all[at];
        if (item && !item.isDone) yield item;
      }
    },
  };
}

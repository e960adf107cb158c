import { createRecordSplitter } from '@bartizan/waf';
import type { SplitRecord } from '@bartizan/waf';
import type { LogFile } from '../transaction-store.ts';
import type { OpenLog } from './open-log.ts';

export interface PlacedRecord extends SplitRecord {
  readonly log: FollowedLog;
}

export interface Moment {
  readonly processMs: number;
  readonly wallMs: number;
}

/** A log that is being read, and what has been learned of it. */
export interface FollowedLog {
  readonly id: number;
  readonly kind: LogFile['kind'];
  readonly path: string;
  readonly open: OpenLog;
  /** Nothing more was there when it was read last. */
  readonly isAtEnd: boolean;
  /** When that reading began, by the process's clock and by the wall's. */
  readonly emptyAt: Moment;
  /** It begins otherwise than before: it was truncated, and written anew. */
  readonly isReplaced: boolean;
  readonly firstMs: number | null;
  readonly lastMs: number | null;
  /** Up to when it has been read: before any of it was taken, when it begins; null where that is not known. */
  readonly readToMs: number | null;
  /** Records of it that could not be read. */
  readonly malformed: number;
  /** The next records; none at the end. */
  pull(): Promise<readonly PlacedRecord[]>;
  /** Gives them back, because others come first: they are what is pulled next. */
  hold(records: readonly PlacedRecord[], beginsMs: number): void;
  /** What is held; it is held no more. */
  release(): readonly PlacedRecord[];
  /** It will not grow any more: what is left of it. */
  finish(): readonly PlacedRecord[];
  sawTime(ms: number): void;
  sawMalformed(offset: number): void;
  /** Its state with everything before an offset stored. */
  checkpoint(options: { readonly waitingFrom: number | null; readonly caughtUp: boolean }): LogFile;
}

export function followLog(file: LogFile, { open, clock }: { open: OpenLog; clock: () => Date }): FollowedLog {
  const splitter = createRecordSplitter({ offset: file.offset });
  let isAtEnd = false;
  let isReplaced = false;
  let held: readonly PlacedRecord[] = [];
  let beginsMs: number | null = null;
  let emptyAt: Moment = { processMs: -Infinity, wallMs: -Infinity };
  let { firstMs, lastMs, caughtUpMs } = file;
  let malformed: number[] = [];
  let malformedBefore = file.malformed;

  const log: FollowedLog = {
    id: file.id,
    kind: file.kind,
    path: open.path,
    open,
    get isAtEnd() {
      return isAtEnd;
    },
    get isReplaced() {
      return isReplaced;
    },
    get emptyAt() {
      return emptyAt;
    },
    get firstMs() {
      return firstMs;
    },
    get malformed() {
      return malformedBefore + malformed.length;
    },
    get lastMs() {
      return lastMs;
    },
    get readToMs() {
      return lastMs ?? beginsMs;
    },
    async pull() {
      if (held.length > 0) return log.release();
      const begun = { processMs: performance.now(), wallMs: clock().getTime() };
      const chunk = await open.read();
      const isResumed = isAtEnd && chunk.length > 0 && !open.isPacked;
      isReplaced ||= isResumed && (await open.head(file.fingerprintLength)) !== file.fingerprint;
      if (isReplaced) return [];
      isAtEnd = chunk.length === 0;
      if (isAtEnd) emptyAt = begun;
      return isAtEnd ? [] : splitter.push(chunk).map(placed);
    },
    hold(records, ms) {
      held = records;
      beginsMs = ms;
    },
    release() {
      const records = held;
      held = [];
      return records;
    },
    finish: () => splitter.end().map(placed),
    sawTime(ms) {
      firstMs = Math.min(firstMs ?? ms, ms);
      lastMs = Math.max(lastMs ?? ms, ms);
    },
    sawMalformed(offset) {
      malformed.push(offset);
    },
    checkpoint({ waitingFrom, caughtUp }) {
      const offset = Math.min(waitingFrom ?? Infinity, held[0]?.offset ?? Infinity, splitter.offset);
      // What lies behind the checkpoint is read, and counted, again after a restart.
      malformedBefore += malformed.filter((at) => at < offset).length;
      malformed = malformed.filter((at) => at >= offset);
      if (isAtEnd && caughtUp) caughtUpMs = emptyAt.wallMs;
      return {
        ...file,
        path: open.path,
        device: open.device,
        inode: open.inode,
        offset,
        firstMs,
        lastMs,
        caughtUpMs,
        malformed: malformedBefore,
      };
    },
  };
  const placed = (record: SplitRecord): PlacedRecord => ({ ...record, log });
  return log;
}

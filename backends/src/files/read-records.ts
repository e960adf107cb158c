import { createAccessReader, createIntake, createJoiner, createObservedZone, redact, summarise } from '@bartizan/waf';
import type { AccessPattern, BriefRecord, Joined, Progress, TimeZone } from '@bartizan/waf';
import type { Attribute, StoredTransaction } from '../transaction-store.ts';
import type { FollowedLog, PlacedRecord } from './followed-log.ts';
import { createEncoder, readText } from './record-text.ts';
import type { Masked, RecordText } from './record-text.ts';

/** A record that waits for its partner, or has found it. */
interface Kept {
  readonly log: FollowedLog;
  readonly offset: number;
  readonly bytes: Uint8Array;
}

/** Makes transactions of the records of one firewall's logs. */
export interface RecordReader {
  add(record: PlacedRecord, arrivedMs: number): void;
  /** Of one that is not added yet; null where none can be read. */
  timeOf(record: PlacedRecord): number | null;
  settle(progress: Progress): StoredTransaction[];
  /** For each log the offset of the first record that still waits. */
  waitingFrom(): ReadonlyMap<number, number>;
  /** How many do. */
  readonly waiting: number;
  readonly zone: TimeZone;
}

export function createRecordReader(options: {
  readonly source: string;
  readonly pattern: AccessPattern | null;
  /** Of times that the audit log writes without one; null: what the access log is written with, else UTC. */
  readonly timeZone: TimeZone | null;
  readonly attribute: Attribute;
  readonly isStored: (place: { readonly file: number; readonly offset: number }) => boolean;
  readonly onMalformed: (record: PlacedRecord, reason: string) => void;
}): RecordReader {
  const { source } = options;
  const accessReader = createAccessReader(options.pattern);
  const take = createIntake();
  const joiner = createJoiner<Kept, Kept, BriefRecord>({
    merge: (first, further) => ({ ...first, bytes: Buffer.concat([first.bytes, Buffer.from('\n'), further.bytes]) }),
  });
  const observed = createObservedZone();
  const zone = options.timeZone ?? observed;
  const encode = createEncoder();

  /** As it was written, byte for byte, where nothing had to be masked. */
  function kept({ log, offset }: PlacedRecord, read: RecordText, masked: Masked): Kept {
    return { log, offset, bytes: encode(read, masked) };
  }

  function addLine(record: PlacedRecord, read: RecordText, arrivedMs: number): void {
    const masked = { head: redact(read.text), rest: read.text.length };
    const reading = record.isCut
      ? ({ ok: false, reason: 'its end is missing' } as const)
      : accessReader.read(masked.head);
    if (reading.ok === 'passed-over') return;
    if (!reading.ok) return options.onMalformed(record, reading.reason);
    const line = reading.value;
    record.log.sawTime(line.timeMs);
    if (line.offsetMinutes !== null) observed.observe(line.timeMs, line.offsetMinutes);
    if (isKnown(record)) return;
    joiner.addLine(line, kept(record, read, masked), arrivedMs);
  }

  function addRecord(record: PlacedRecord, read: RecordText, arrivedMs: number): void {
    if (record.isCut) return options.onMalformed(record, 'its end is missing');
    const { masked, reading } = take(read.text, { zone });
    if (reading.ok === 'passed-over') return;
    if (!reading.ok) return options.onMalformed(record, reading.reason);
    record.log.sawTime(reading.value.timeMs);
    if (isKnown(record)) return;
    joiner.addRecord(reading.value, kept(record, read, masked), arrivedMs);
  }

  const isKnown = (record: PlacedRecord): boolean => options.isStored({ file: record.log.id, offset: record.offset });

  function stored({ access, audit }: Joined<Kept, Kept, BriefRecord>): StoredTransaction[] {
    const summary = summarise(audit?.record ?? null, access?.line ?? null);
    if (!summary) return [];
    const place = (kept: Kept) => ({ file: kept.log.id, offset: kept.offset, bytes: kept.bytes });
    return [
      {
        source,
        summary,
        namespace: options.attribute(summary),
        access: access && place(access.kept),
        audit: audit && place(audit.kept),
      },
    ];
  }

  return {
    add(record, arrivedMs) {
      const read = readText(record.bytes);
      if (record.log.kind === 'access') addLine(record, read, arrivedMs);
      else addRecord(record, read, arrivedMs);
    },
    timeOf(record) {
      const { text } = readText(record.bytes);
      const reading = record.log.kind === 'access' ? accessReader.read(text) : take(text, { zone }).reading;
      return reading.ok === true ? reading.value.timeMs : null;
    },
    settle: (progress) => joiner.settle(progress).flatMap(stored),
    waitingFrom() {
      const from = new Map<number, number>();
      for (const { kept } of joiner.waiting())
        from.set(kept.log.id, Math.min(from.get(kept.log.id) ?? Infinity, kept.offset));
      return from;
    },
    get waiting() {
      return joiner.size;
    },
    zone,
  };
}

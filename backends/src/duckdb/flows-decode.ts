import type { FlowTotals } from '@bartizan/api';
import { flowStatistics, timeOf } from '@bartizan/flow';
import type { FlowPlace, FlowRecord, FlowVerdict, PlacedCount } from '@bartizan/flow';
import type { FlowBucket } from '../flow-store.ts';
import type { Paged } from '../transaction-store.ts';
import { printPlace } from './flows-query.ts';
import { flowOf } from './flows-rest.ts';

export type Row = Readonly<Record<string, unknown>>;

/** All null where nothing was recorded of the window at all. */
export function readTotals(rows: readonly Row[], { isKnown }: { readonly isKnown: boolean }): FlowTotals {
  const { total, dropped, byVerdict, ...places } = flowStatistics(rows.map(placedCount));
  if (total === 0 && !isKnown)
    return {
      total: null,
      dropped: null,
      droppedShare: null,
      ingress: null,
      egress: null,
      internal: null,
      byVerdict: {},
    };
  return { total, dropped, droppedShare: total === 0 ? null : dropped / total, ...places, byVerdict: { ...byVerdict } };
}

function placedCount(row: Row): PlacedCount {
  const isOut = row['is_out'] === true;
  const isIn = row['is_in'] === true;
  return { place: placeOf(isOut, isIn), verdict: asVerdict(row['verdict']), count: Number(row['events']) };
}

function placeOf(isOut: boolean, isIn: boolean): FlowPlace {
  if (isOut) return isIn ? 'internal' : 'egress';
  return isIn ? 'ingress' : 'outside';
}

/** The columns hold what `flows-insert.ts` put there. */
function asVerdict(value: unknown): FlowVerdict {
  return value as FlowVerdict;
}

export function readBuckets(rows: readonly Row[]): ReadonlyMap<number, FlowBucket> {
  return new Map(
    rows.map((row) => {
      const startMs = Number(row['start_ms']);
      return [startMs, { startMs, forwarded: Number(row['forwarded']), dropped: Number(row['dropped']) }];
    }),
  );
}

export function readRanked(rows: readonly Row[]): { value: string; count: number; dropped: number }[] {
  return rows.map((row) => ({
    value: String(row['value']),
    count: Number(row['events']),
    dropped: Number(row['dropped']),
  }));
}

/** Where a row names no ends, its detail is all of the event. */
export function readRecord(row: Row): FlowRecord {
  const detail: unknown = JSON.parse(String(row['detail']));
  if (row['source_end'] === null) return asStored<FlowRecord>(detail);
  const nanos = BigInt(String(row['nanos']));
  return flowOf(asStored(row), {
    rest: asStored(detail),
    time: timeOf(Number(nanos / 1_000_000_000n), Number(nanos % 1_000_000_000n)),
    ends: {
      source: asStored(JSON.parse(String(row['source_end']))),
      destination: asStored(JSON.parse(String(row['destination_end']))),
    },
  });
}

/** What was stored is of the type that it was stored as. */
function asStored<T>(value: unknown): T {
  return value as T;
}

/** One row more than the page has says that there is a next one. */
export function readRecords(rows: readonly Row[], limit: number): Paged<FlowRecord> {
  const page = rows.slice(0, limit);
  const items = page.map(readRecord);
  const last = page.at(-1);
  if (rows.length <= limit || last === undefined) return { items };
  return { items, nextCursor: printPlace({ at: BigInt(String(last['nanos'])), id: String(last['id']) }) };
}

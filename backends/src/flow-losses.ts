import type { FlowSourceEvent } from './flow-source.ts';
import type { GapNote } from './transaction-store.ts';

/** Sums up what was lost at one place within an hour: a node under load tells of it thousands of times. */
export interface FlowLosses {
  /** What is to be noted now; a later note of the same hour takes its place. */
  add(lost: Extract<FlowSourceEvent, { kind: 'lost' }>): GapNote;
}

const hourMs = 3_600_000;

export function createFlowLosses(source: string): FlowLosses {
  const sums = new Map<string, { key: string; count: number; fromMs: number; toMs: number }>();
  return {
    add({ place, node, count, fromMs, toMs }) {
      const where = `${place}${node}`;
      const known = sums.get(where);
      const isSameHour = known !== undefined && Math.floor(known.fromMs / hourMs) === Math.floor(fromMs / hourMs);
      const sum = {
        key: isSameHour ? known.key : `${source}:lost:${where}:${fromMs}`,
        count: count + (isSameHour ? known.count : 0),
        fromMs: Math.min(fromMs, isSameHour ? known.fromMs : fromMs),
        toMs: Math.max(toMs, isSameHour ? known.toMs : toMs),
      };
      sums.set(where, sum);
      const what = sum.count === 1 ? 'event' : 'events';
      const reason =
        place === 'unreadable'
          ? `${sum.count} ${what} came that could not be read`
          : `${sum.count} ${what} lost${wordsOf(place, node)}`;
      return {
        key: sum.key,
        source,
        reason,
        from: new Date(sum.fromMs).toISOString(),
        to: new Date(sum.toMs).toISOString(),
      };
    },
  };
}

/** By the name of Hubble's `LostEventSource`. */
const places: Readonly<Record<string, string>> = {
  PERF_EVENT_RING_BUFFER: "kernel's ring buffer",
  OBSERVER_EVENTS_QUEUE: "observer's queue",
  HUBBLE_RING_BUFFER: 'Hubble ring buffer',
};

function wordsOf(place: string, node: string): string {
  const known = places[place];
  if (known === undefined) return node === '' ? '' : ` on node ${node}`;
  return ` in the ${known}${node === '' ? '' : ` of node ${node}`}`;
}

import { namespaceHere } from './endpoint.ts';
import type { FlowEndpoint, FlowRecord, FlowVerdict } from './record.ts';

export interface EventCount {
  readonly total: number;
  readonly dropped: number;
}

/** Flow events of a set of namespaces. `total = ingress.total + egress.total - internal.total`, and so for dropped. */
export interface FlowStatistics extends EventCount {
  readonly ingress: EventCount;
  readonly egress: EventCount;
  /** With both ends inside, counted once in the total. */
  readonly internal: EventCount;
  readonly byVerdict: Readonly<Partial<Record<FlowVerdict, number>>>;
}

/** Where an event lies for a set of namespaces. */
export type FlowPlace = 'ingress' | 'egress' | 'internal' | 'outside';

type Placed = Pick<FlowEndpoint, 'namespace' | 'isRemote'>;

export function placeOf(
  ends: {
    readonly source: Placed;
    readonly destination: Placed;
  },
  namespaces: ReadonlySet<string>,
): FlowPlace {
  const isInside = (end: Placed): boolean => {
    const namespace = namespaceHere(end);
    return namespace !== null && namespaces.has(namespace);
  };
  const [out, into] = [isInside(ends.source), isInside(ends.destination)];
  if (out) return into ? 'internal' : 'egress';
  return into ? 'ingress' : 'outside';
}

/** Counts of events that share their place and verdict. */
export interface PlacedCount {
  readonly place: FlowPlace;
  readonly verdict: FlowVerdict;
  readonly count: number;
}

export function flowStatistics(counts: Iterable<PlacedCount>): FlowStatistics {
  const ingress = { total: 0, dropped: 0 };
  const egress = { total: 0, dropped: 0 };
  const internal = { total: 0, dropped: 0 };
  const byVerdict: Partial<Record<FlowVerdict, number>> = {};
  for (const { place, verdict, count } of counts) {
    if (place === 'outside') continue;
    const counted = placesOf(place).map((name) => ({ ingress, egress, internal })[name]);
    for (const part of counted) {
      part.total += count;
      if (verdict === 'DROPPED') part.dropped += count;
    }
    byVerdict[verdict] = (byVerdict[verdict] ?? 0) + count;
  }
  return {
    total: ingress.total + egress.total - internal.total,
    dropped: ingress.dropped + egress.dropped - internal.dropped,
    ingress,
    egress,
    internal,
    byVerdict,
  };
}

export function statisticsOfRecords(records: Iterable<FlowRecord>, namespaces: ReadonlySet<string>): FlowStatistics {
  return flowStatistics(placed(records, namespaces));
}

function* placed(records: Iterable<FlowRecord>, namespaces: ReadonlySet<string>): Iterable<PlacedCount> {
  for (const record of records) yield { place: placeOf(record, namespaces), verdict: record.verdict, count: 1 };
}

/** What lies inside is both in and out. */
function placesOf(place: Exclude<FlowPlace, 'outside'>): readonly ('ingress' | 'egress' | 'internal')[] {
  return place === 'internal' ? ['ingress', 'egress', 'internal'] : [place];
}

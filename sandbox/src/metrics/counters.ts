import type { FlowEvent, ObservedEvent } from '../events/flow-event.ts';

/** A counter of Prometheus: one number for each set of labels. */
export interface Counter {
  readonly name: string;
  readonly help: string;
  readonly samples: ReadonlyMap<string, number>;
}

export interface Counters {
  count(events: readonly ObservedEvent[]): void;
  all(): readonly Counter[];
}

const types = { trace: 'Trace', drop: 'Drop', 'policy-verdict': 'PolicyVerdict', l7: 'L7' } as const;

/** Hubble's counters as `flow:` and `drop:sourceContext=namespace;destinationContext=namespace` make them. */
export function createCounters(): Counters {
  const flows = new Map<string, number>();
  const drops = new Map<string, number>();
  const losses = new Map<string, number>();

  function countOne(event: ObservedEvent): void {
    if (event.kind === 'lost') {
      add(losses, { source: 'perf_event_ring_buffer' }, event.count);
      return;
    }
    const ends = { destination: event.destination.namespace, source: event.source.namespace };
    const protocol = protocolOf(event);
    const { verdict } = event;
    add(flows, { ...ends, protocol, type: types[event.kind], subtype: subtypeOf(event), verdict }, 1);
    if (verdict === 'DROPPED') add(drops, { ...ends, protocol, reason: event.dropReason ?? 'DROP_REASON_UNKNOWN' }, 1);
  }

  return {
    count: (events) => events.forEach(countOne),
    all: () => [
      { name: 'hubble_flows_processed_total', help: 'Total number of flows processed', samples: flows },
      { name: 'hubble_drop_total', help: 'Number of drops', samples: drops },
      { name: 'hubble_lost_events_total', help: 'Number of lost events', samples: losses },
    ],
  };
}

function subtypeOf({ kind, point, l7 }: FlowEvent): string {
  if (kind === 'trace') return point ?? '';
  if (kind !== 'l7' || !l7) return '';
  return 'http' in l7 ? 'HTTP' : 'DNS';
}

function protocolOf({ kind, protocol, l7 }: FlowEvent): string {
  if (kind !== 'l7' || !l7) return protocol;
  return 'http' in l7 ? 'HTTP' : 'DNS';
}

function add(samples: Map<string, number>, labels: Readonly<Record<string, string>>, count: number): void {
  const key = Object.entries(labels)
    .toSorted(([left], [right]) => (left < right ? -1 : 1))
    .map(([name, value]) => `${name}="${value}"`)
    .join(',');
  samples.set(key, (samples.get(key) ?? 0) + count);
}

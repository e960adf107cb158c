import type { FlowEvent, ObservedEvent } from '../events/flow-event.ts';

/** An event with its number in the order in which Relay saw it. */
export interface Recorded {
  readonly sequence: number;
  readonly event: ObservedEvent;
}

export interface NodeCount {
  readonly name: string;
  readonly kept: number;
  readonly seen: number;
}

/** What the agents remember: for each node its newest events, as many as its ring holds. */
export interface Rings {
  readonly capacity: number;
  record(events: readonly ObservedEvent[]): void;
  counts(): readonly NodeCount[];
  /** Everything that is still remembered, oldest first. */
  all(): readonly Recorded[];
  listen(listener: (recorded: Recorded) => void): () => void;
}

export function createRings(options: { readonly nodes: readonly string[]; readonly capacity: number }): Rings {
  const rings = new Map(options.nodes.map((name) => [name, { events: [] as Recorded[], first: 0, seen: 0 }]));
  const listeners = new Set<(recorded: Recorded) => void>();
  let sequence = 0;

  function keep(event: ObservedEvent): Recorded | undefined {
    const ring = rings.get(event.node);
    if (!ring) return undefined;
    sequence += 1;
    const recorded = { sequence, event };
    ring.events.push(recorded);
    ring.seen += 1;
    if (ring.events.length - ring.first > options.capacity) ring.first += 1;
    if (ring.first > options.capacity / 4) {
      ring.events.splice(0, ring.first);
      ring.first = 0;
    }
    return recorded;
  }

  return {
    capacity: options.capacity,
    record(events) {
      for (const event of events) {
        const recorded = keep(event);
        if (recorded) for (const listener of listeners) listener(recorded);
      }
    },
    counts: () => [...rings].map(([name, { events, first, seen }]) => ({ name, kept: events.length - first, seen })),
    all: () =>
      [...rings.values()]
        .flatMap(({ events, first }) => (first === 0 ? events : events.slice(first)))
        .toSorted((left, right) => left.event.time - right.event.time || left.sequence - right.sequence),
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

export function isFlow(event: ObservedEvent): event is FlowEvent {
  return event.kind !== 'lost';
}

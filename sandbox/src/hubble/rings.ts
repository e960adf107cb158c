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
    all: () => inOrder([...rings.values()].map(({ events, first }) => events.slice(first))),
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

export function isFlow(event: ObservedEvent): event is FlowEvent {
  return event.kind !== 'lost';
}

/** Joins lists that are each in order. */
function inOrder(lists: readonly (readonly Recorded[])[]): Recorded[] {
  const places = lists.map(() => 0);
  const joined: Recorded[] = [];
  for (;;) {
    let next: Recorded | undefined;
    let from = 0;
    for (const [index, list] of lists.entries()) {
      const head = list[places[index] ?? 0];
      if (head && (!next || head.sequence < next.sequence)) [next, from] = [head, index];
    }
    if (!next) return joined;
    joined.push(next);
    places[from] = (places[from] ?? 0) + 1;
  }
}

import type { Tally } from './observed.ts';

/** Connections of one pair of names on one port, in one category. */
export interface SimulatedItem extends Tally {
  readonly from: string;
  readonly to: string;
  /** Null where it was not recorded. */
  readonly port: number | null;
  readonly protocol: string;
  readonly reason?: string | undefined;
}

export type ItemIdentity = Pick<SimulatedItem, 'from' | 'to' | 'port' | 'protocol' | 'reason'>;

export interface ItemList {
  add(item: ItemIdentity, tally: Tally): void;
  /** Most connections first. */
  list(): readonly SimulatedItem[];
}

const maxExamples = 3;

export function createItemList(): ItemList {
  const items = new Map<string, SimulatedItem>();
  return {
    add(item, tally) {
      const key = `${item.from} ${item.to} ${item.port} ${item.protocol} ${item.reason ?? ''}`;
      const known = items.get(key);
      items.set(key, known === undefined ? made(item, tally) : joined(known, tally));
    },
    list: () => [...items.values()].toSorted((a, b) => b.count - a.count),
  };
}

function made(item: ItemIdentity, { count, firstSeen, lastSeen, examples }: Tally): SimulatedItem {
  const { from, to, port, protocol, reason } = item;
  const shown = { from, to, port, protocol, count, firstSeen, lastSeen };
  return reason === undefined ? { ...shown, examples } : { ...shown, reason, examples };
}

function joined(item: SimulatedItem, tally: Tally): SimulatedItem {
  return {
    ...item,
    count: item.count + tally.count,
    firstSeen: earlier(item.firstSeen, tally.firstSeen),
    lastSeen: earlier(item.lastSeen, tally.lastSeen) === item.lastSeen ? tally.lastSeen : item.lastSeen,
    examples: [...item.examples, ...tally.examples].slice(0, maxExamples),
  };
}

/** RFC 3339 in UTC with any number of digits; no time at all comes last. */
function earlier(a: string, b: string): string {
  if (a === '' || b === '') return a === '' ? b : a;
  return a.replace('Z', '') <= b.replace('Z', '') ? a : b;
}

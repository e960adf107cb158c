import { hashLanes } from './event-id.ts';

/** Tells whether an id came before, among the most recent million or two. */
export interface SeenIds {
  isNew(id: string): boolean;
}

const slots = 2 ** 21;

/** Two tables of hashes: when one is half full, the older one is forgotten. */
export function createSeenIds(most = slots / 2): SeenIds {
  let [young, old] = [new Float64Array(slots), new Float64Array(0)];
  let count = 0;
  return {
    isNew(id) {
      const [high, low] = hashLanes(id);
      // 53 bits; 0 is an empty slot.
      const hash = high * 2 ** 21 + (low >>> 11) || 1;
      const place = find(young, hash, low);
      if (young[place] === hash) return false;
      const isKnown = old.length > 0 && old[find(old, hash, low)] === hash;
      young[place] = hash;
      count += 1;
      if (count >= most) {
        [young, old] = [new Float64Array(slots), young];
        count = 0;
      }
      return !isKnown;
    },
  };
}

/** Where it is, or the empty slot for it. */
function find(table: Float64Array, hash: number, low: number): number {
  let place = low % slots;
  while (table[place] !== 0 && table[place] !== hash) place = (place + 1) % slots;
  return place;
}

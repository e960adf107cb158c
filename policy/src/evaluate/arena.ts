/** One long array that things are put into one behind the other, and never taken out of. */
export interface Arena {
  /** Changes when it grows: do not keep. */
  readonly words: Uint32Array;
  readonly size: number;
  /** Where it was put. */
  append(values: Uint32Array): number;
  /** Whether exactly these values stand at a place. */
  has(place: number, values: Uint32Array): boolean;
}

/** Places start at `first`, so that smaller numbers can mean something else. */
export function createArena(first: number): Arena {
  const arena = {
    words: new Uint32Array(1 << 12),
    size: first,
    append(values: Uint32Array): number {
      const place = arena.size;
      arena.size += values.length;
      if (arena.size > arena.words.length) {
        const larger = new Uint32Array(Math.max(arena.words.length * 2, arena.size));
        larger.set(arena.words);
        arena.words = larger;
      }
      arena.words.set(values, place);
      return place;
    },
    has(place: number, values: Uint32Array): boolean {
      for (let word = 0; word < values.length; word += 1) {
        if (arena.words[place + word] !== values[word]) return false;
      }
      return place + values.length <= arena.size;
    },
  };
  return arena;
}

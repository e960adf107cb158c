/** Numbers that look random and are the same for the same seed. */
export interface Random {
  /** From 0 up to, not including, 1. */
  next(): number;
  below(limit: number): number;
  pick<T>(items: readonly T[]): T;
  /** `name-x2x8q`: letters and digits as Kubernetes picks them. */
  suffix(length: number): string;
  hex(length: number): string;
  uuid(): string;
  /** A stream of its own, independent of how far this one has been read. */
  fork(name: string): Random;
}

const safe = 'bcdfghjklmnpqrstvwxz2456789';

export function createRandom(seed: number | string): Random {
  const start = hashOf(String(seed));
  let state = start;

  function next(): number {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  }

  function below(limit: number): number {
    return Math.floor(next() * limit);
  }

  function pick<T>(items: readonly T[]): T {
    const item = items[below(items.length)];
    if (item === undefined) throw new Error('nothing to pick from');
    return item;
  }

  function hex(length: number): string {
    let digits = '';
    while (digits.length < length) digits += below(0x10000000).toString(16).padStart(7, '0');
    return digits.slice(0, length);
  }

  return {
    next,
    below,
    pick,
    suffix: (length) => Array.from({ length }, () => safe[below(safe.length)]).join(''),
    hex,
    uuid() {
      const digits = hex(30);
      const parts = [digits.slice(0, 8), digits.slice(8, 12), `4${digits.slice(12, 15)}`, `8${digits.slice(15, 18)}`];
      return [...parts, digits.slice(18, 30)].join('-');
    },
    fork: (name) => createRandom(`${start}/${name}`),
  };
}

export function hashOf(text: string): number {
  let hash = 2166136261;
  for (let index = 0; index < text.length; index += 1) hash = Math.imul(hash ^ text.charCodeAt(index), 16777619);
  return hash >>> 0;
}

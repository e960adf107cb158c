import type { ConnectionColumns, ObservedEnd } from './observed.ts';

/** Connections that a reader cannot tell apart: those between ends of the same names on the same port. */
export interface Groups {
  /** One connection of the group, the same for all of them. */
  firstOf(connection: number): number;
}

const none = -1;

/** Found out as they are asked for, and remembered: an edit asks for few, and the next one mostly for the same. */
export function createGroups(ends: readonly ObservedEnd[], columns: ConnectionColumns): Groups {
  const { from, to, protocol, port } = columns;
  const firsts = new Int32Array(from.length).fill(none);
  const names = namesOf(ends);
  let size = 1024;
  while (size < 2 * from.length) size *= 2;
  /** By hash, a connection of each group; the next free cell where two groups have the same hash. */
  const table = new Int32Array(size).fill(none);

  const isAlike = (a: number, b: number): boolean =>
    port[a] === port[b] &&
    protocol[a] === protocol[b] &&
    names[from[a] ?? 0] === names[from[b] ?? 0] &&
    names[to[a] ?? 0] === names[to[b] ?? 0];

  return {
    firstOf(connection) {
      const known = firsts[connection] ?? none;
      if (known !== none) return known;
      let hash = Math.imul(names[from[connection] ?? 0] ?? 0, 0x9e3779b1) ^ (names[to[connection] ?? 0] ?? 0);
      hash =
        Math.imul(hash ^ (hash >>> 15), 0x85ebca6b) ^ (port[connection] ?? 0) ^ ((protocol[connection] ?? 0) << 20);
      hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
      for (let cell = (hash ^ (hash >>> 16)) & (size - 1); ; cell = (cell + 1) & (size - 1)) {
        const other = table[cell] ?? none;
        if (other === none) table[cell] = connection;
        else if (!isAlike(other, connection)) continue;
        return (firsts[connection] = other === none ? connection : other);
      }
    },
  };
}

/** By end, a number for its name. */
function namesOf(ends: readonly ObservedEnd[]): Int32Array {
  const numbers = new Map<string, number>();
  return Int32Array.from(ends, ({ name }) => {
    const number = numbers.get(name) ?? numbers.size;
    numbers.set(name, number);
    return number;
  });
}

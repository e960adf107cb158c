/** A set of small numbers. Functions ending in `Into` change their first argument; the caller owns it. */
export type Bitset = Uint32Array;

export function hasBit(bits: Bitset, index: number): boolean {
  return (((bits[index >>> 5] ?? 0) >>> (index & 31)) & 1) === 1;
}

export function setBit(bits: Bitset, index: number): void {
  bits[index >>> 5] = (bits[index >>> 5] ?? 0) | (1 << (index & 31));
}

/** All numbers below `count`. */
export function firstBits(words: number, count: number): Bitset {
  const bits = new Uint32Array(words).fill(0xffff_ffff, 0, count >>> 5);
  if ((count & 31) !== 0) bits[count >>> 5] = (1 << (count & 31)) - 1;
  return bits;
}

export function orInto(target: Bitset, other: Bitset): void {
  const length = Math.min(target.length, other.length);
  for (let word = 0; word < length; word += 1) target[word] = (target[word] ?? 0) | (other[word] ?? 0);
}

export function andInto(target: Bitset, other: Bitset): void {
  for (let word = 0; word < target.length; word += 1) target[word] = (target[word] ?? 0) & (other[word] ?? 0);
}

export function andNotInto(target: Bitset, other: Bitset): void {
  const length = Math.min(target.length, other.length);
  for (let word = 0; word < length; word += 1) target[word] = (target[word] ?? 0) & ~(other[word] ?? 0);
}

export function isEmptySet(bits: Bitset): boolean {
  return bits.every((word) => word === 0);
}

export function membersOf(bits: Bitset): number[] {
  const members: number[] = [];
  for (const [word, value] of bits.entries()) {
    for (let rest = value; rest !== 0; rest &= rest - 1) members.push(word * 32 + 31 - Math.clz32(rest & -rest));
  }
  return members;
}

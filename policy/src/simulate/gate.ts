import { hasBit } from '../evaluate/bitset.ts';
import type { Bitset } from '../evaluate/bitset.ts';
import type { CompiledSide } from '../evaluate/compiled.ts';
import { lookOf } from '../connectivity/side-columns.ts';

/** One direction of one subject, ready for many questions. */
export interface Gate {
  readonly firsts: Uint32Array;
  readonly peers: readonly Bitset[];
  readonly side: CompiledSide;
}

export function gateOf(side: CompiledSide | string): Gate | string {
  if (typeof side === 'string') return side;
  const rows = side.rows();
  return { firsts: Uint32Array.from(rows, ({ first }) => first), peers: rows.map(({ peers }) => peers), side };
}

export function lets({ firsts, peers }: Gate, key: number, peer: number): boolean {
  let low = 0;
  let high = firsts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if ((firsts[middle] ?? 0) <= key) low = middle;
    else high = middle - 1;
  }
  const row = peers[low];
  return row !== undefined && hasBit(row, peer);
}

/** Whether two gates of one subject let the same peers through. */
export function isSameGate(a: Gate | string | undefined, b: Gate | string | undefined): boolean {
  if (a === undefined || b === undefined || typeof a === 'string' || typeof b === 'string') return a === b;
  return a.side.matches === b.side.matches || lookOf(a.side) === lookOf(b.side);
}

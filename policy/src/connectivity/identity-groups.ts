import { hasBit } from '../evaluate/bitset.ts';
import type { Bitset } from '../evaluate/bitset.ts';
import type { CompiledSide } from '../evaluate/compiled.ts';

/** Identities that every side treats alike as peers. */
export interface IdentityGroups {
  /** By the place of the identity. */
  readonly groupOf: Int32Array;
  /** One identity of each group. */
  readonly examples: readonly number[];
}

/** Parts the identities by the sets of peers that the sides compare them with: two in all the same sets stay together. */
export function groupIdentities(count: number, sides: Iterable<CompiledSide>): IdentityGroups {
  let groupOf = new Int32Array(count);
  let size = 1;
  for (const peers of peerSets(sides)) {
    const renamed = new Int32Array(size * 2).fill(-1);
    const parted = new Int32Array(count);
    size = 0;
    for (let place = 0; place < count; place += 1) {
      const wanted = (groupOf[place] ?? 0) * 2 + Number(hasBit(peers, place));
      if (renamed[wanted] === -1) {
        renamed[wanted] = size;
        size += 1;
      }
      parted[place] = renamed[wanted] ?? 0;
    }
    groupOf = parted;
  }
  const examples = Array.from({ length: size }, () => -1);
  for (const [place, group] of groupOf.entries()) if (examples[group] === -1) examples[group] = place;
  return { groupOf, examples };
}

/** Each set once. */
function peerSets(sides: Iterable<CompiledSide>): Iterable<Bitset> {
  const sets = new Map<string, Bitset>();
  for (const { matches, exempt } of sides) {
    if (exempt !== undefined) sets.set('exempt', exempt);
    for (const { peers, peersKey } of matches) if (peers !== undefined) sets.set(peersKey, peers);
  }
  return sets.values();
}

import type { Decider } from '../model/verdict.ts';
import { createArena } from './arena.ts';
import type { Arena } from './arena.ts';
import type { Bitset } from './bitset.ts';
import { defaultDeniersOf } from './deciders.ts';
import type { Match } from './match.ts';
import { coveringOf, rowOf } from './side.ts';
import type { Side } from './side.ts';

/**
 * Sides laid out in long arrays, because a verdict is little more than its cache misses. `index` has for each side: how
 * many identities it knows, how many intervals, its number, and then for each interval its first key, its row and its
 * list. A row is the set of peers that pass, in `rows`; a list is the matches that hold there, in `lists`.
 */
export interface DecisionTables {
  /** The offset by which to ask about the side. Sides of one key decide alike. */
  add(side: Side, key: string): number;
  /** The offset of a side of that key, where there is one. */
  find(key: string): number | undefined;
  knows(offset: number, peer: number): boolean;
  /** The place of the interval that holds a key, by which to ask the two below. */
  locate(offset: number, key: number): number;
  allows(offset: number, place: number, peer: number): boolean;
  /** What passes, passes by all rules that allow it; what does not, by all that deny it, else by default deny. */
  deciders(offset: number, place: number, peer: number, isAllowed: boolean): readonly Decider[];
  /** Counts how often everything was forgotten: offsets of an earlier time mean nothing. */
  readonly generation: number;
}

/** 256 MB: beyond it everything is forgotten and made again as it is asked for. */
const mostWords = 1 << 26;

const header = 3;
/** Rows that need no words. */
const noPeer = 0;
const everyPeer = 1;
const nothing: readonly Decider[] = [];

export function createDecisionTables(limit: number = mostWords): DecisionTables {
  let index = createArena(1);
  let rows = createArena(2);
  let lists = createArena(1);
  let unmatched: (readonly Decider[])[] = [];
  let rowPlaces = new Map<number, number[]>();
  let listPlaces = new Map<number, number[]>();
  let offsets = new Map<string, number>();
  let peersPlaces = new WeakMap<Match, number>();
  let deciders: Decider[] = [];
  let deciderPlaces = new WeakMap<Match, number>();
  let generation = 0;

  const forget = (): void => {
    [index, rows, lists] = [createArena(1), createArena(2), createArena(1)];
    [unmatched, deciders] = [[], []];
    [rowPlaces, listPlaces, offsets] = [new Map(), new Map(), new Map()];
    [peersPlaces, deciderPlaces] = [new WeakMap(), new WeakMap()];
    generation += 1;
  };

  /** Many sides have rows and lists in common: those of one namespace, and those where next to nothing passes. */
  const placeShared = (arena: Arena, places: Map<number, number[]>, words: Uint32Array): number => {
    const hash = hashOf(words);
    const same = places.get(hash);
    const known = same?.find((place) => arena.has(place, words));
    if (known !== undefined) return known;
    const place = arena.append(words);
    if (same) same.push(place);
    else places.set(hash, [place]);
    return place;
  };

  const placeRow = (row: Bitset, count: number): number => {
    if (row.every((word) => word === 0)) return noPeer;
    return isFull(row, count) ? everyPeer : placeShared(rows, rowPlaces, row);
  };

  const placePeers = (match: Match, count: number): number => {
    if (!match.peers) return everyPeer;
    const known = peersPlaces.get(match);
    if (known !== undefined) return known;
    const place = placeRow(match.peers, count);
    peersPlaces.set(match, place);
    return place;
  };

  const placeDecider = (match: Match): number => {
    const known = deciderPlaces.get(match);
    if (known !== undefined) return known;
    const place = deciders.push(match.rule.decider(match.peer, match.port?.index)) - 1;
    deciderPlaces.set(match, place);
    return place;
  };

  /** How many entries deny and how many allow, then those, then these: for each its peers, its decider and its rule. */
  const placeList = (matches: readonly Match[], count: number): number => {
    const list = new Uint32Array(2 + matches.length * 3);
    const denying = matches.filter(({ rule }) => rule.isDeny);
    list.set([denying.length, matches.length - denying.length]);
    let entry = 2;
    const put = (match: Match): void => {
      list[entry] = placePeers(match, count);
      list[entry + 1] = placeDecider(match);
      list[entry + 2] = match.rule.id;
      entry += 3;
    };
    denying.forEach(put);
    for (const match of matches) if (!match.rule.isDeny) put(match);
    return placeShared(lists, listPlaces, list);
  };

  const has = (row: number, peer: number): boolean =>
    row <= everyPeer ? row === everyPeer : (((rows.words[row + (peer >>> 5)] ?? 0) >>> (peer & 31)) & 1) === 1;

  return {
    add(side, key) {
      if (index.size + rows.size + lists.size > limit) forget();
      const covering = coveringOf(side);
      const entry = new Uint32Array(header + 3 * covering.length);
      entry[0] = side.count;
      entry[1] = covering.length;
      entry[2] = unmatched.push(side.isDefaultDeny ? defaultDeniersOf(side) : []) - 1;
      for (const [interval, matches] of covering.entries()) {
        entry[header + interval] = side.bounds[interval] ?? 0;
        entry[header + covering.length + interval] = placeRow(rowOf(side, matches), side.count);
        entry[header + 2 * covering.length + interval] = placeList(matches, side.count);
      }
      const offset = index.append(entry);
      offsets.set(key, offset);
      return offset;
    },
    find: (key) => offsets.get(key),
    knows: (offset, peer) => peer < (index.words[offset] ?? 0),
    locate(offset, key) {
      const { words } = index;
      let low = offset + header;
      let length = words[offset + 1] ?? 1;
      while (length > 1) {
        const half = length >>> 1;
        if ((words[low + half] ?? 0) <= key) low += half;
        length -= half;
      }
      return low;
    },
    allows: (offset, place, peer) => has(index.words[place + (index.words[offset + 1] ?? 0)] ?? noPeer, peer),
    deciders(offset, place, peer, isAllowed) {
      const { words } = lists;
      const list = index.words[place + 2 * (index.words[offset + 1] ?? 0)] ?? 0;
      const denying = words[list] ?? 0;
      const start = list + 2 + (isAllowed ? denying * 3 : 0);
      const end = start + (isAllowed ? (words[list + 1] ?? 0) : denying) * 3;
      let found: Decider[] | undefined;
      let last = -1;
      for (let entry = start; entry < end; entry += 3) {
        const rule = words[entry + 2] ?? 0;
        if (rule === last || !has(words[entry] ?? noPeer, peer)) continue;
        last = rule;
        const decider = deciders[words[entry + 1] ?? 0];
        if (decider && found) found.push(decider);
        else if (decider) found = [decider];
      }
      if (found) return found;
      return isAllowed ? nothing : (unmatched[index.words[offset + 2] ?? 0] ?? nothing);
    },
    get generation() {
      return generation;
    },
  };
}

function hashOf(bits: Bitset): number {
  let hash = 0x811c_9dc5;
  for (let word = 0; word < bits.length; word += 1)
    hash = Math.imul(hash ^ (bits[word] ?? 0), 0x0100_0193) ^ (hash >>> 15);
  return hash;
}

function isFull(row: Bitset, count: number): boolean {
  const whole = count >>> 5;
  for (let word = 0; word < whole; word += 1) if (row[word] !== 0xffff_ffff) return false;
  return (count & 31) === 0 || row[whole] === ((1 << (count & 31)) - 1) >>> 0;
}

import type { Cidr } from '../model/address.ts';
import { cidr } from '../model/address.ts';
import type { PortMatch } from '../model/policy.ts';
import { keyCount } from '../model/protocol.ts';
import type { KeyInterval } from '../model/protocol.ts';
import type { Bitset } from './bitset.ts';
import { hasBit } from './bitset.ts';
import type { CompiledRule } from './compiled-policy.ts';
import type { Direction, EngineState } from './engine-state.ts';
import type { Identity } from './labels.ts';
import type { Match } from './match.ts';
import { coveringOf, rowOf } from './side.ts';
import type { Side } from './side.ts';
/**
 * The compiled form, for exact algebra: who may talk to whom is a set of (subject, peer, key), where subject and peer
 * are identities, by their place, and a key is a protocol with a port (`model/protocol.ts`). Endpoints with the same
 * labels and named ports are one identity; an address belongs to the identity of its range.
 */
export interface Compiled {
  /** By place. Some belong to no endpoint and no range (aggregates, what was there before an update): go by those two. */
  readonly identities: readonly Identity[];
  /** The identity of an endpoint of the world; undefined where there is none of that id, or none that can be. */
  identityOf(endpoint: string): Identity | undefined;
  /** The whole address space in ranges that do not overlap, in order, IPv4 before IPv6, each with its identity. */
  readonly ranges: readonly AddressRange[];
  /** One direction of one subject. A sentence where Cilium would decide by chance. */
  side(subject: Identity, direction: Direction): CompiledSide | string;
}

export interface AddressRange {
  readonly family: 4 | 6;
  readonly first: bigint;
  readonly last: bigint;
  readonly identity: Identity;
}

export interface CompiledSide {
  /** No rule selects the subject in this direction: everything passes, or nothing where `isDefaultDeny`. */
  readonly hasRules: boolean;
  readonly isDefaultDeny: boolean;
  /** What the rows are made of: the keys of each rule with its peers. */
  readonly matches: readonly Match[];
  /** Peers let in without a rule although default deny holds. */
  readonly exempt: Bitset | undefined;
  /** Every key once, in order: the peers that pass there. Neighbours with the same peers are not merged. Not to be changed. */
  rows(): readonly CompiledRow[];
  /** The rules that hold for a key and a peer, whatever came of it. */
  rulesFor(key: number, peer: number): readonly { readonly rule: CompiledRule; readonly port: PortMatch | undefined }[];
}

export interface CompiledRow extends KeyInterval {
  readonly peers: Bitset;
}

export function compiledOf(
  state: EngineState,
  sideOf: (subject: Identity, direction: Direction) => Side | string,
): Compiled {
  // All identities must be there before the first side is made: a row only knows those that were.
  const ranges = rangesOf(state);
  return {
    identities: state.universe.identities,
    identityOf(endpoint) {
      const slot = state.slots.get(endpoint);
      return slot && slot.error === undefined ? slot.identity : undefined;
    },
    ranges,
    side(subject, direction) {
      const side = sideOf(subject, direction);
      return typeof side === 'string' ? side : compiledSide(side);
    },
  };
}

function compiledSide(side: Side): CompiledSide {
  return {
    hasRules: side.rules.length > 0,
    isDefaultDeny: side.isDefaultDeny,
    matches: side.matches,
    exempt: side.exempt,
    rows: () =>
      coveringOf(side).map((matches, interval) => ({
        first: side.bounds[interval] ?? 0,
        last: (side.bounds[interval + 1] ?? keyCount) - 1,
        peers: rowOf(side, matches),
      })),
    rulesFor: (key, peer) =>
      side.matches
        .filter(({ first, last, peers }) => first <= key && key <= last && (!peers || hasBit(peers, peer)))
        .map(({ rule, port }) => ({ rule, port })),
  };
}

/** Cuts the address space at every known block, so that each piece lies in one innermost block. */
function rangesOf({ addresses, universe }: EngineState): AddressRange[] {
  return ([4, 6] as const).flatMap((family) => {
    const blocks = addresses.blocks.filter((block) => block.family === family);
    const starts = new Set(blocks.flatMap(({ first, last }) => [first, last + 1n]));
    const everything = cidr(family, 0n, 0);
    starts.delete(everything.last + 1n);
    const edges = [...starts].toSorted((one, other) => (one < other ? -1 : one > other ? 1 : 0));
    const owners = sweep(blocks, edges);
    return edges.map((first, place): AddressRange => {
      const last = (edges[place + 1] ?? everything.last + 1n) - 1n;
      const identity = universe.identityOf(addresses.shapeOf(owners[place] ?? everything));
      return { family, first, last, identity };
    });
  });
}

/** The innermost block at each edge. Blocks are nested or apart, so those open at an edge form a stack. */
function sweep(blocks: readonly Cidr[], edges: readonly bigint[]): (Cidr | undefined)[] {
  const inOrder = blocks.toSorted((one, other) =>
    one.first === other.first ? one.bits - other.bits : one.first < other.first ? -1 : 1,
  );
  const open: Cidr[] = [];
  let next = 0;
  return edges.map((edge) => {
    while ((open.at(-1)?.last ?? edge) < edge) open.pop();
    for (let block = inOrder[next]; block && block.first <= edge; block = inOrder[next]) {
      while ((open.at(-1)?.last ?? edge) < edge) open.pop();
      open.push(block);
      next += 1;
    }
    return open.at(-1);
  });
}

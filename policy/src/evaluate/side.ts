import type { PortMatch } from '../model/policy.ts';
import { keyCount, keysOf } from '../model/protocol.ts';
import { andInto, andNotInto, firstBits, hasBit, orInto } from './bitset.ts';
import type { Bitset } from './bitset.ts';
import type { CompiledRule } from './compiled-policy.ts';
import type { Identity } from './labels.ts';
import type { Universe } from './universe.ts';

/** A rule's ports as one interval of keys, with the peers it holds for there. */
export interface Match {
  readonly rule: CompiledRule;
  readonly port: PortMatch | undefined;
  readonly first: number;
  readonly last: number;
  /** `undefined`: every peer. */
  readonly peers: Bitset | undefined;
}

/**
 * All that decides about one direction of one subject. Between two neighbouring bounds no rule begins or ends, so one
 * set of peers, a row, answers for every key there. Rows are made when they are first asked for.
 */
export interface Side {
  readonly rules: readonly CompiledRule[];
  readonly isDefaultDeny: boolean;
  /** Peers let in without a rule although default deny holds: the local host. */
  readonly exempt: Bitset | undefined;
  readonly matches: readonly Match[];
  readonly bounds: Uint32Array;
  readonly rows: (Bitset | undefined)[];
  /** How many identities the rows know. */
  readonly count: number;
  readonly words: number;
}

export interface SideInput {
  readonly universe: Universe;
  readonly subject: Identity;
  readonly rules: readonly CompiledRule[];
  readonly isDefaultDeny: boolean;
  readonly exempt: Bitset | undefined;
}

export function createSide({ universe, subject, rules, isDefaultDeny, exempt }: SideInput): Side {
  const matches = rules.flatMap((rule) => matchesOf(rule, subject, universe));
  const edges = new Set([0]);
  for (const { first, last } of matches) edges.add(first).add(last + 1);
  edges.delete(keyCount);
  const bounds = Uint32Array.from(edges).toSorted();
  const count = universe.identities.length;
  return { rules, isDefaultDeny, exempt, matches, bounds, rows: [], count, words: universe.words };
}

function matchesOf(rule: CompiledRule, subject: Identity, universe: Universe): Match[] {
  if (rule.peers === 'nobody') return [];
  const { ports } = rule.rule;
  if (ports === 'all') return [{ rule, port: undefined, first: 0, last: keyCount - 1, peers: rule.matching() }];
  return ports.flatMap((port) =>
    port.protocols.flatMap((protocol): Match[] => {
      const numbered = (first: number, last: number, peers: Bitset | undefined): Match => ({
        rule,
        port,
        ...keysOf(protocol, first, last),
        peers,
      });
      if (port.port.type === 'range') return [numbered(port.port.first, port.port.last, rule.matching())];
      const { name, endPort } = port.port;
      if (rule.direction === 'egress') {
        return [...universe.withPort(name, protocol)].map(([number, owners]) => {
          const allowed = rule.matchingExactly();
          if (allowed) andInto(owners, allowed);
          return numbered(number, number, owners);
        });
      }
      const own = subject.ports.get(name);
      if (own?.protocol !== protocol) return [];
      return [numbered(own.port, Math.max(own.port, endPort & 65_535), rule.matching())];
    }),
  );
}

export function allows(side: Side, key: number, peer: number): boolean {
  const interval = intervalOf(side.bounds, key);
  const row = side.rows[interval] ?? makeRow(side, interval);
  return hasBit(row, peer);
}

/** The place of the last bound that is not above the key. */
export function intervalOf(bounds: Uint32Array, key: number): number {
  let low = 0;
  let high = bounds.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if ((bounds[middle] ?? 0) <= key) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** The peers that are let through in an interval: deny wins, then allow, then the default. */
export function rowOf(side: Side, interval: number): Bitset {
  return side.rows[interval] ?? makeRow(side, interval);
}

function makeRow(side: Side, interval: number): Bitset {
  const key = side.bounds[interval] ?? 0;
  const covering = side.matches.filter(({ first, last }) => first <= key && key <= last);
  const row = side.isDefaultDeny ? new Uint32Array(side.words) : firstBits(side.words, side.count);
  if (side.isDefaultDeny) {
    if (side.exempt) orInto(row, side.exempt);
    for (const { rule, peers } of covering) if (!rule.isDeny) orInto(row, peers ?? firstBits(side.words, side.count));
  }
  for (const { rule, peers } of covering) {
    if (!rule.isDeny) continue;
    if (peers) andNotInto(row, peers);
    else row.fill(0);
  }
  side.rows[interval] = row;
  return row;
}

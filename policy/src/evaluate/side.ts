import { keyCount } from '../model/protocol.ts';
import { andNotInto, firstBits, orInto } from './bitset.ts';
import type { Bitset } from './bitset.ts';
import type { CompiledRule } from './compiled-policy.ts';
import type { Identity } from './labels.ts';
import { namedMatches } from './match.ts';
import type { Match } from './match.ts';
import type { Universe } from './universe.ts';

/** All that decides about one direction of one subject. Between two neighbouring bounds no match begins or ends. */
export interface Side {
  readonly rules: readonly CompiledRule[];
  readonly isDefaultDeny: boolean;
  /** Peers let in without a rule although default deny holds: the local host. */
  readonly exempt: Bitset | undefined;
  readonly matches: readonly Match[];
  readonly bounds: readonly number[];
  /** How many identities it knows, and all of them. */
  readonly count: number;
  readonly everyone: Bitset;
}

export interface SideInput {
  readonly universe: Universe;
  readonly subject: Identity;
  readonly rules: readonly CompiledRule[];
  readonly isDefaultDeny: boolean;
  readonly exempt: Bitset | undefined;
}

export function createSide({ universe, subject, rules, isDefaultDeny, exempt }: SideInput): Side {
  const matches: Match[] = [];
  for (const rule of rules)
    matches.push(...rule.matches(), ...(rule.hasSubjectPorts ? namedMatches(rule, subject) : []));
  const edges = new Set([0]);
  for (const { first, last } of matches) edges.add(first).add(last + 1);
  edges.delete(keyCount);
  const bounds = [...edges].sort((one, other) => one - other);
  const count = universe.identities.length;
  return { rules, isDefaultDeny, exempt, matches, bounds, count, everyone: firstBits(universe.words, count) };
}

/** The matches that hold in each interval. */
export function coveringOf({ bounds, matches }: Side): Match[][] {
  const covering: Match[][] = bounds.map(() => []);
  for (const match of matches) {
    for (let interval = firstInterval(bounds, match.first); interval < covering.length; interval += 1) {
      if ((bounds[interval] ?? 0) > match.last) break;
      covering[interval]?.push(match);
    }
  }
  return covering;
}

function firstInterval(bounds: readonly number[], key: number): number {
  let low = 0;
  let high = bounds.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((bounds[middle] ?? 0) < key) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The peers that are let through where these matches hold: deny wins, then allow, then the default. */
export function rowOf({ isDefaultDeny, exempt, everyone }: Side, matches: readonly Match[]): Bitset {
  const row = isDefaultDeny ? new Uint32Array(everyone.length) : everyone.slice();
  if (isDefaultDeny) {
    if (exempt) orInto(row, exempt);
    for (const { rule, peers } of matches) if (!rule.isDeny) orInto(row, peers ?? everyone);
  }
  for (const { rule, peers } of matches) if (rule.isDeny) andNotInto(row, peers ?? everyone);
  return row;
}

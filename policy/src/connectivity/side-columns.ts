import { hasBit } from '../evaluate/bitset.ts';
import type { CompiledRow, CompiledSide } from '../evaluate/compiled.ts';
import { keyCount, keysPerProtocol, portProtocols } from '../model/protocol.ts';
import { intersect, intervalSet } from './interval-set.ts';
import type { IntervalSet } from './interval-set.ts';
import type { OutcomeTable } from './outcome-table.ts';

type Match = CompiledSide['matches'][number];

/** Beyond TCP, UDP and SCTP, which come first among the keys. */
const firstOther = portProtocols.length * keysPerProtocol;

/** For each of the peers the number of what one side lets through between its subject and that peer. */
export function columnOf(side: CompiledSide, peers: readonly number[], table: OutcomeTable): Int32Array {
  const rows = side.rows();
  const naming = side.matches.filter(
    ({ rule, port, last }) => !rule.isDeny && port !== undefined && last >= firstOther,
  );
  const known = new Map<string, number>();
  return Int32Array.from(peers, (peer) => {
    let look = '';
    for (const row of rows) look += hasBit(row.peers, peer) ? '1' : '0';
    for (const match of naming) look += isPeerOf(match, peer) ? '1' : '0';
    const number = known.get(look) ?? table.numberOf({ allowed: allowedIn(rows, look), named: namedBy(naming, peer) });
    known.set(look, number);
    return number;
  });
}

/** Sides that read the same are the same to connectivity. */
export function lookOf({ matches, isDefaultDeny, exempt }: CompiledSide): string {
  const parts = matches.map(({ rule, first, last }) => `${rule.id}:${first}-${last}`);
  return `${isDefaultDeny}|${exempt !== undefined}|${parts.join()}`;
}

function isPeerOf({ peers }: Match, peer: number): boolean {
  return peers === undefined || hasBit(peers, peer);
}

function allowedIn(rows: readonly CompiledRow[], look: string): IntervalSet {
  return intervalSet(rows.filter((_, place) => look[place] === '1').map(({ first, last }) => [first, last] as const));
}

function namedBy(naming: readonly Match[], peer: number): IntervalSet {
  const named = intervalSet(
    naming.filter((match) => isPeerOf(match, peer)).map(({ first, last }) => [first, last] as const),
  );
  return intersect(named, [firstOther, keyCount - 1]);
}

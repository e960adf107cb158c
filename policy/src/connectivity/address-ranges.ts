import { formatAddress } from '../model/address.ts';
import type { AddressRange } from '../evaluate/compiled.ts';
import type { Identity } from '../evaluate/labels.ts';

/** Addresses that follow one another and that none of the worlds tells apart by what its policies know. */
export interface CommonRange {
  readonly family: 4 | 6;
  readonly first: bigint;
  readonly last: bigint;
  /** One for each world. */
  readonly identities: readonly Identity[];
}

/** Cuts the address space of one family wherever one of the worlds cuts it. */
export function commonRanges(family: 4 | 6, worlds: readonly (readonly AddressRange[])[]): CommonRange[] {
  const partitions = worlds.map((ranges) => ranges.filter((range) => range.family === family));
  const firsts = [...new Set(partitions.flatMap((ranges) => ranges.map(({ first }) => first)))].toSorted(ascending);
  const places = partitions.map(() => 0);
  return firsts.map((first, index) => {
    const current = partitions.flatMap((ranges, world) => {
      let place = places[world] ?? 0;
      while (place + 1 < ranges.length && (ranges[place]?.last ?? first) < first) place += 1;
      places[world] = place;
      return ranges[place] ?? [];
    });
    const next = firsts[index + 1];
    const last = next === undefined ? (current[0]?.last ?? first) : next - 1n;
    return { family, first, last, identities: current.map(({ identity }) => identity) };
  });
}

export function rangeName({ family, first, last }: Pick<CommonRange, 'family' | 'first' | 'last'>): string {
  return `${formatAddress(family, first)}-${formatAddress(family, last)}`;
}

function ascending(a: bigint, b: bigint): number {
  return a < b ? -1 : Number(a > b);
}

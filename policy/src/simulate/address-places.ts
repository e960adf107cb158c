import type { AddressRange } from '../evaluate/compiled.ts';
import { parseAddress } from '../model/address.ts';

/** Addresses without a name, in order, so that one walk along the ranges finds the identity of each. */
export interface AddressPlaces {
  /** Puts the place of each address's identity where its end is. */
  locate(ranges: readonly AddressRange[], places: Int32Array): void;
}

interface Entry {
  readonly end: number;
  readonly family: 4 | 6;
  readonly value: bigint;
}

export function createAddressPlaces(addresses: Iterable<readonly [end: number, ip: string]>): AddressPlaces {
  const entries = [...addresses]
    .flatMap(([end, ip]): Entry[] => {
      const address = parseAddress(ip);
      return address === undefined ? [] : [{ end, ...address }];
    })
    .toSorted((a, b) => a.family - b.family || (a.value < b.value ? -1 : Number(a.value > b.value)));
  return {
    locate(ranges, places) {
      let at = 0;
      for (const { end, family, value } of entries) {
        for (let range = ranges[at]; range !== undefined; range = ranges[at]) {
          if (range.family === family && value <= range.last) break;
          at += 1;
        }
        places[end] = ranges[at]?.identity.place ?? -1;
      }
    },
  };
}

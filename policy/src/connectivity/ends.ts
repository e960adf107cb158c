import type { CommonRange } from './address-ranges.ts';
import { rangeName } from './address-ranges.ts';
import type { Reach } from './reach.ts';

/** A workload or a range of addresses, with its class in each of the worlds that are looked at. */
export interface End {
  readonly name: string;
  readonly isRange: boolean;
  /** Undefined where the end is not in that world. */
  readonly classes: readonly (number | undefined)[];
}

/** Workloads by name, then addresses; neighbouring ranges are one where no world tells them apart. */
export function createEnds(
  workloads: ReadonlySet<string>,
  ranges: readonly CommonRange[],
  reaches: readonly Reach[],
): readonly End[] {
  const names = [...workloads].toSorted();
  return [
    ...names.map((name) => ({ name, isRange: false, classes: reaches.map((reach) => reach.classOfWorkload(name)) })),
    ...mergedRanges(ranges, reaches),
  ];
}

function mergedRanges(ranges: readonly CommonRange[], reaches: readonly Reach[]): End[] {
  const merged: { range: CommonRange; classes: readonly number[] }[] = [];
  for (const range of ranges) {
    const classes = range.identities.map((identity, world) => reaches[world]?.classOfAddress(identity) ?? -1);
    const before = merged.at(-1);
    const isAlike =
      before?.range.family === range.family &&
      reaches.every((reach, world) => reach.isAlike(before.classes[world] ?? -1, classes[world] ?? -1));
    if (before !== undefined && isAlike) before.range = { ...before.range, last: range.last };
    else merged.push({ range, classes });
  }
  return merged.map(({ range, classes }) => ({ name: rangeName(range), isRange: true, classes }));
}

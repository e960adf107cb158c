import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { equals, intersect, intervalSet, subtract, union } from './interval-set.ts';
import type { IntervalSet } from './interval-set.ts';

const small = fc
  .array(fc.tuple(fc.nat(30), fc.nat(6)), { maxLength: 6 })
  .map((pairs) => intervalSet(pairs.map(([first, size]) => [first, first + size] as const)));

function members(set: IntervalSet): Set<number> {
  const all = Array.from({ length: 40 }, (_, number) => number);
  return new Set(all.filter((number) => set.some((first, place) => place % 2 === 0 && holds(set, place, number))));
}

function holds(set: IntervalSet, place: number, number: number): boolean {
  return (set[place] ?? 0) <= number && number <= (set[place + 1] ?? 0);
}

function isCanonical(set: IntervalSet): boolean {
  return set.every((value, place) => {
    const next = set[place + 1];
    if (next === undefined) return place % 2 === 1;
    return place % 2 === 0 ? value <= next : value + 1 < next;
  });
}

describe('sets of ports', () => {
  test('operations agree with sets of numbers, and their results are canonical', () => {
    fc.assert(
      fc.property(small, small, (a, b) => {
        const [left, right] = [members(a), members(b)];
        for (const [set, expected] of [
          [union(a, b), new Set([...left, ...right])],
          [intersect(a, b), new Set([...left].filter((number) => right.has(number)))],
          [subtract(a, b), new Set([...left].filter((number) => !right.has(number)))],
        ] as const) {
          expect(members(set)).toEqual(expected);
          expect(isCanonical(set)).toBe(true);
        }
        expect(equals(a, b)).toBe(left.size === right.size && [...left].every((number) => right.has(number)));
      }),
    );
  });

  test('ranges that touch are one', () => {
    expect(
      intervalSet([
        [80, 90],
        [91, 100],
        [200, 200],
      ]),
    ).toEqual([80, 100, 200, 200]);
  });
});

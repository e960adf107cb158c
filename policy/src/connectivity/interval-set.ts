/** A set of whole numbers as `first, last, first, last, …`: ascending, and no two intervals touch. */
export type IntervalSet = readonly number[];

export const emptySet: IntervalSet = [];

export function intervalSet(intervals: Iterable<readonly [first: number, last: number]>): IntervalSet {
  const sorted = [...intervals].filter(([first, last]) => first <= last).toSorted((a, b) => a[0] - b[0]);
  const out: number[] = [];
  for (const [first, last] of sorted) append(out, first, last);
  return out;
}

export function union(a: IntervalSet, b: IntervalSet): IntervalSet {
  if (a.length === 0) return b;
  if (b.length === 0) return a;
  const out: number[] = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    if (j >= b.length || (i < a.length && at(a, i) <= at(b, j))) {
      append(out, at(a, i), at(a, i + 1));
      i += 2;
    } else {
      append(out, at(b, j), at(b, j + 1));
      j += 2;
    }
  }
  return out;
}

export function intersect(a: IntervalSet, b: IntervalSet): IntervalSet {
  const out: number[] = [];
  let [i, j] = [0, 0];
  while (i < a.length && j < b.length) {
    const first = Math.max(at(a, i), at(b, j));
    const last = Math.min(at(a, i + 1), at(b, j + 1));
    if (first <= last) out.push(first, last);
    if (at(a, i + 1) < at(b, j + 1)) i += 2;
    else j += 2;
  }
  return out;
}

export function subtract(a: IntervalSet, b: IntervalSet): IntervalSet {
  if (a.length === 0 || b.length === 0) return a;
  const out: number[] = [];
  let j = 0;
  for (let i = 0; i < a.length; i += 2) {
    let first = at(a, i);
    const last = at(a, i + 1);
    while (j < b.length && at(b, j + 1) < first) j += 2;
    for (let k = j; k < b.length && at(b, k) <= last; k += 2) {
      if (at(b, k) > first) out.push(first, at(b, k) - 1);
      first = at(b, k + 1) + 1;
    }
    if (first <= last) out.push(first, last);
  }
  return out;
}

export function equals(a: IntervalSet, b: IntervalSet): boolean {
  return a === b || (a.length === b.length && a.every((value, place) => value === b[place]));
}

function append(out: number[], first: number, last: number): void {
  const end = out.length - 1;
  if (end < 0 || at(out, end) + 1 < first) out.push(first, last);
  else if (at(out, end) < last) out[end] = last;
}

function at(set: readonly number[], place: number): number {
  return set[place] ?? 0;
}

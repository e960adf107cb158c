import { isArray, isObject } from '../source/json.ts';
import type { JsonArray, JsonValue } from '../source/json.ts';
import { sameJson } from './same-json.ts';

/** Where an item of the wanted list comes from: `kept` as it is, `changed`, or `added`. */
export type Alignment = { readonly kind: 'kept' | 'changed'; readonly from: number } | { readonly kind: 'added' };

/**
 * For every item of `after` the item of `before` that it is, or that it grew out of. The sources of kept and changed
 * items ascend, so that those items can stay where they are written.
 */
export function alignLists(before: JsonArray, after: JsonArray): readonly Alignment[] {
  const same = longestCommon(before, after);
  const aligned: Alignment[] = [];
  let oldAt = 0;
  let wantedAt = 0;
  for (const [from, to] of [...same, [before.length, after.length] as const]) {
    const gap = pairUp(before.slice(oldAt, from), after.slice(wantedAt, to));
    const base = oldAt;
    aligned.push(
      ...gap.map((pair): Alignment =>
        pair === undefined ? { kind: 'added' } : { kind: 'changed', from: base + pair },
      ),
    );
    if (to < after.length) aligned.push({ kind: 'kept', from });
    oldAt = from + 1;
    wantedAt = to + 1;
  }
  return aligned;
}

/** The same text for the same value, whatever the order of keys. */
export function canonical(value: JsonValue): string {
  if (isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (!isObject(value)) return JSON.stringify(value);
  const keys = Object.keys(value).filter((key) => value[key] !== undefined);
  return `{${keys
    .toSorted()
    .map((key) => `${JSON.stringify(key)}:${canonical(value[key] ?? null)}`)
    .join(',')}}`;
}

const largestTable = 1_000_000;

function longestCommon(a: JsonArray, b: JsonArray): readonly (readonly [number, number])[] {
  let start = 0;
  while (start < a.length && start < b.length && sameJson(a[start], b[start])) start++;
  let end = 0;
  while (end < a.length - start && end < b.length - start && sameJson(a.at(-1 - end), b.at(-1 - end))) end++;
  const middle = commonPairs(
    a.slice(start, a.length - end).map(canonical),
    b.slice(start, b.length - end).map(canonical),
  );
  return [
    ...Array.from({ length: start }, (_, index) => [index, index] as const),
    ...middle.map(([i, j]) => [i + start, j + start] as const),
    ...Array.from({ length: end }, (_, index) => [a.length - end + index, b.length - end + index] as const),
  ];
}

function commonPairs(a: readonly string[], b: readonly string[]): readonly (readonly [number, number])[] {
  return bestPairs(a.length, b.length, (i, j) => (a[i] === b[j] ? 1 : 0));
}

/** Of the pairs (i, j), ascending in both, those whose scores sum up highest. */
function bestPairs(
  rows: number,
  columns: number,
  score: (i: number, j: number) => number,
): readonly (readonly [number, number])[] {
  if (rows === 0 || columns === 0 || rows * columns > largestTable) return [];
  const width = columns + 1;
  const best = new Float64Array((rows + 1) * width);
  const scores = new Float64Array(rows * columns);
  for (let i = rows - 1; i >= 0; i--) {
    for (let j = columns - 1; j >= 0; j--) {
      const own = score(i, j);
      scores[i * columns + j] = own;
      const both = own > 0 ? own + (best[(i + 1) * width + j + 1] ?? 0) : 0;
      best[i * width + j] = Math.max(both, best[(i + 1) * width + j] ?? 0, best[i * width + j + 1] ?? 0);
    }
  }
  const pairs: (readonly [number, number])[] = [];
  for (let i = 0, j = 0; i < rows && j < columns;) {
    const own = scores[i * columns + j] ?? 0;
    const here = best[i * width + j] ?? 0;
    if (own > 0 && here === own + (best[(i + 1) * width + j + 1] ?? 0)) pairs.push([i++, j++]);
    else if (here === (best[(i + 1) * width + j] ?? 0)) i++;
    else j++;
  }
  return pairs;
}

/** For each wanted item the old one that is most like it, or none. */
function pairUp(old: JsonArray, wanted: JsonArray): readonly (number | undefined)[] {
  const oldLeaves = old.map((value) => new Set(leaves(value)));
  const wantedLeaves = wanted.map((value) => new Set(leaves(value)));
  const isLarge = old.length * wanted.length > 10_000;
  const pairs = isLarge
    ? old.slice(0, wanted.length).map((_, index) => [index, index] as const)
    : bestPairs(old.length, wanted.length, (i, j) => likeness(oldLeaves[i] ?? new Set(), wantedLeaves[j] ?? new Set()));
  const sources = new Map(pairs.map(([from, to]) => [to, from]));
  return wanted.map((_, index) => sources.get(index));
}

/** Every scalar with the keys that lead to it, list positions left out. */
function leaves(value: JsonValue, path = ''): readonly string[] {
  if (isArray(value)) return value.flatMap((item) => leaves(item, `${path}[]`));
  if (!isObject(value)) return [`${path}=${JSON.stringify(value)}`];
  return [path, ...Object.entries(value).flatMap(([key, inner]) => leaves(inner ?? null, `${path}.${key}`))];
}

/** Scalars always grow out of each other; collections where they share anything. */
function likeness(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  const shared = [...a].filter((leaf) => b.has(leaf)).length;
  return (shared + 0.001) / (a.size + b.size);
}

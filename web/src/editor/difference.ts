/** How a plain value differs from the one before: what both say is left out. */
export type Difference =
  | { readonly is: 'same' }
  | { readonly is: 'other'; readonly value: unknown }
  /** Between `head` items and `tail` items of the list before, which stay, stand these. */
  | { readonly is: 'list'; readonly head: number; readonly tail: number; readonly items: readonly unknown[] }
  | { readonly is: 'object'; readonly fields: readonly (readonly [key: string, field: Difference])[] };

const same: Difference = { is: 'same' };

export function differenceOf(before: unknown, after: unknown): Difference {
  if (before === after) return same;
  if (Array.isArray(before) && Array.isArray(after)) return ofLists(before, after);
  if (isRecord(before) && isRecord(after)) return ofObjects(before, after);
  return { is: 'other', value: after };
}

function ofLists(before: readonly unknown[], after: readonly unknown[]): Difference {
  const shorter = Math.min(before.length, after.length);
  let head = 0;
  while (head < shorter && isSame(before[head], after[head])) head += 1;
  if (head === before.length && head === after.length) return same;
  let tail = 0;
  while (tail < shorter - head && isSame(before.at(-1 - tail), after.at(-1 - tail))) tail += 1;
  return { is: 'list', head, tail, items: after.slice(head, after.length - tail) };
}

function ofObjects(before: Record, after: Record): Difference {
  const keys = Object.keys(after);
  const fields = keys.map((key) => [key, differenceOf(fieldOf(before, key), after[key])] as const);
  const isLike = keys.length === Object.keys(before).length && keys.every((key) => Object.hasOwn(before, key));
  return isLike && fields.every(([, field]) => field.is === 'same') ? same : { is: 'object', fields };
}

function isSame(before: unknown, after: unknown): boolean {
  return differenceOf(before, after).is === 'same';
}

/** The value after; what did not change is the very object that stood there before. */
export function applyDifference(before: unknown, difference: Difference): unknown {
  switch (difference.is) {
    case 'same':
      return before;
    case 'other':
      return difference.value;
    case 'list': {
      const { head, tail, items } = difference;
      const list = Array.isArray(before) ? before : [];
      return [...list.slice(0, head), ...items, ...list.slice(list.length - tail)];
    }
    case 'object': {
      const known = isRecord(before) ? before : {};
      return Object.fromEntries(
        difference.fields.map(([key, field]) => [key, applyDifference(fieldOf(known, key), field)]),
      );
    }
    default:
      return difference satisfies never;
  }
}

type Record = Readonly<{ [key: string]: unknown }>;

function fieldOf(record: Record, key: string): unknown {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}

function isRecord(value: unknown): value is Record {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

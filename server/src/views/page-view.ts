import { badRequest } from '../http/problem.ts';

/** The part of a list that was asked for; the cursor is the place of the next item. */
export function pageOf<Item>(
  all: readonly Item[],
  { limit, cursor = '0' }: { limit: number; cursor?: string | undefined },
): { items: Item[]; nextCursor?: string } {
  if (!/^\d{1,9}$/.test(cursor))
    throw badRequest('The cursor is not one that this list gave; start again without it.', 'bad-cursor');
  const end = Number(cursor) + limit;
  return { items: all.slice(Number(cursor), end), ...(end < all.length ? { nextCursor: String(end) } : {}) };
}

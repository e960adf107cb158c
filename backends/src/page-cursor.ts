import { SourceError } from './source-error.ts';

/** Where a list that is kept whole goes on: the cursor is the number of items before it. */
export function readOffset(cursor: string | undefined, source: string): number {
  if (cursor === undefined) return 0;
  if (!/^\d{1,9}$/.test(cursor)) throw wrongCursor(source);
  return Number(cursor);
}

export function wrongCursor(source: string): SourceError {
  const reason = 'the cursor is not one that this list gave; start again without it';
  return new SourceError({ code: 'wrong-cursor', source, attempted: 'read on', reason });
}

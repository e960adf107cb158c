import type { Problem } from '../model/problem.ts';

export type Fields = Readonly<Record<string, unknown>>;

/** Collects what could not be read; reading goes on. */
export interface Reading {
  readonly problems: Problem[];
}

export function complain(reading: Reading, path: string, message: string): void {
  reading.problems.push({ code: 'unreadable', severity: 'error', message, path });
}

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A mapping; `undefined` where there is none. Null is absence, as for the API server. */
export function fieldsOf(reading: Reading, value: unknown, path: string): Fields | undefined {
  if (value === undefined || value === null) return undefined;
  if (isFields(value)) return value;
  complain(reading, path, `${path} should be a mapping`);
  return undefined;
}

export function listOf(reading: Reading, value: unknown, path: string): readonly unknown[] | undefined {
  if (value === undefined || value === null) return undefined;
  if (Array.isArray(value)) return value;
  complain(reading, path, `${path} should be a list`);
  return undefined;
}

export function textOf(reading: Reading, value: unknown, path: string): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'string') return value;
  complain(reading, path, `${path} should be a string`);
  return undefined;
}

/** Each mapping of a list with its place. An item that is null stands for an empty mapping. */
export function itemsOf(
  reading: Reading,
  value: unknown,
  path: string,
): readonly { readonly fields: Fields; readonly index: number; readonly path: string }[] | undefined {
  return listOf(reading, value, path)?.map((item, index) => {
    const at = `${path}[${index}]`;
    return { fields: fieldsOf(reading, item, at) ?? {}, index, path: at };
  });
}

export function textsOf(reading: Reading, value: unknown, path: string): readonly string[] | undefined {
  return listOf(reading, value, path)?.flatMap((item, index) => textOf(reading, item, `${path}[${index}]`) ?? []);
}

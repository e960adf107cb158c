import type { Hit } from './answer.ts';

export type JsonObject = Readonly<Record<string, unknown>>;

export function objectOf(value: unknown): JsonObject | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : null;
}

/** The value at a path, whether the document nests it or writes the dots into a name. */
export function valueAt(document: unknown, path: string): unknown {
  const object = objectOf(document);
  if (object === null) return undefined;
  if (path === '') return object;
  if (Object.hasOwn(object, path)) return object[path];
  for (let dot = path.indexOf('.'); dot >= 0; dot = path.indexOf('.', dot + 1)) {
    const found = valueAt(object[path.slice(0, dot)], path.slice(dot + 1));
    if (found !== undefined) return found;
  }
  return undefined;
}

export function textAt(document: unknown, path: string): string | null {
  const value = valueAt(document, path);
  const first = Array.isArray(value) ? value[0] : value;
  if (typeof first === 'string') return first;
  return typeof first === 'number' || typeof first === 'boolean' ? String(first) : null;
}

/** When the document says that it was; NaN where it does not. */
export function timeOfHit({ fields }: Hit, timeField: string): number {
  const value = fields?.[timeField]?.[0];
  return value === undefined ? Number.NaN : Math.floor(Number(value));
}

/** The place of a document is its id; a data stream's documents lie in backing indices. */
export function idOfHit({ _index, _id }: Pick<Hit, '_index' | '_id'>): string {
  return Buffer.from(`${_index}/${_id}`).toString('base64url');
}

export function readId(id: string): { readonly index: string; readonly id: string } | null {
  if (!/^[\w-]{2,1200}$/.test(id)) return null;
  const text = Buffer.from(id, 'base64url').toString('utf8');
  const slash = text.indexOf('/');
  return slash > 0 && slash < text.length - 1 ? { index: text.slice(0, slash), id: text.slice(slash + 1) } : null;
}

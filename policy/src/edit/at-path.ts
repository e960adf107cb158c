import { isArray, isObject } from '../source/json.ts';
import type { JsonArray, JsonObject, JsonValue } from '../source/json.ts';
import type { PathPart } from '../source/path.ts';

/** What stands at a path; undefined where nothing does. */
export function valueAt(policy: JsonObject, path: readonly PathPart[]): JsonValue | undefined {
  let value: JsonValue | undefined = policy;
  for (const part of path) {
    if (isArray(value)) value = typeof part === 'number' ? value[part] : undefined;
    else value = isObject(value) && Object.hasOwn(value, String(part)) ? value[String(part)] : undefined;
  }
  return value;
}

/** Sets a value, making the maps on the way; `undefined` takes it out. */
export function setIn(object: JsonObject, path: readonly PathPart[], value: JsonValue | undefined): JsonObject {
  const [part, ...rest] = path;
  if (part === undefined) return object;
  const key = String(part);
  const inner = Object.hasOwn(object, key) ? object[key] : undefined;
  if (rest.length === 0) return value === undefined ? without(object, key) : { ...object, [key]: value };
  if (value === undefined && inner === undefined) return object;
  const [next] = rest;
  if (isArray(inner) && typeof next === 'number')
    return { ...object, [key]: setItem(inner, next, rest.slice(1), value) };
  return { ...object, [key]: setIn(isObject(inner) ? inner : {}, rest, value) };
}

function setItem(list: JsonArray, at: number, path: readonly PathPart[], value: JsonValue | undefined): JsonArray {
  return list.map((item, index) => (index === at && isObject(item) ? setIn(item, path, value) : item));
}

function without(object: JsonObject, key: string): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([name]) => name !== key));
}

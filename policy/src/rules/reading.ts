import { isArray, isObject } from '../source/json.ts';
import type { JsonArray, JsonObject, JsonValue } from '../source/json.ts';
import { joinPath } from '../source/path.ts';
import type { PathPart } from '../source/path.ts';

/** Something that Rule mode cannot show, before its place in the text is known. */
export interface Obstacle {
  readonly code: string;
  readonly message: string;
  readonly path: readonly PathPart[];
}

/** A value on its way into the model: readers add an obstacle and go on, so that all of them are found. */
export interface At {
  readonly path: readonly PathPart[];
  readonly obstacles: Obstacle[];
}

export function at(place: At, ...parts: readonly PathPart[]): At {
  return { path: [...place.path, ...parts], obstacles: place.obstacles };
}

export function obstruct(place: At, code: string, message: string): void {
  place.obstacles.push({ code, message, path: place.path });
}

/** The server drops a null: it is as good as absent. */
export function isAbsent(value: JsonValue | undefined): value is null | undefined {
  return value === undefined || value === null;
}

export function readObject(value: JsonValue | undefined, place: At): JsonObject | undefined {
  if (isObject(value)) return value;
  obstruct(place, 'not-a-map', `${name(place)} should be a map`);
  return undefined;
}

/** An absent list is `undefined`, an empty one is empty. */
export function readList(value: JsonValue | undefined, place: At): JsonArray | undefined {
  if (isAbsent(value)) return undefined;
  if (isArray(value)) return value;
  obstruct(place, 'not-a-list', `${name(place)} should be a list`);
  return undefined;
}

export function readText(value: JsonValue | undefined, place: At): string | undefined {
  if (typeof value === 'string') return value;
  if (!isAbsent(value)) obstruct(place, 'not-text', `${name(place)} should be text: put it in quotes`);
  return undefined;
}

export function readTexts(value: JsonValue | undefined, place: At): readonly string[] {
  const texts = (readList(value, place) ?? []).map((item, index) => {
    const inner = at(place, index);
    if (item === null) obstruct(inner, 'not-text', `${name(inner)} should be text`);
    return readText(item, inner);
  });
  return texts.filter((text) => text !== undefined);
}

/** Fields that nobody knows, and known ones that Rule mode has no place for. */
export function refuseOthers(
  object: JsonObject,
  place: At,
  fields: { shown: readonly string[]; hidden?: readonly string[] },
): void {
  for (const key of Object.keys(object)) {
    if (fields.shown.includes(key)) continue;
    const inner = at(place, key);
    if (!fields.hidden?.includes(key))
      obstruct(inner, 'unknown-field', `${name(inner)} is not a field that this kind of policy has here`);
    else if (!isAbsent(object[key])) obstruct(inner, 'not-shown', `Rule mode has no place for ${name(inner)}`);
  }
}

export function name(place: At): string {
  return joinPath(place.path);
}

import { isArray, isObject } from '../source/json.ts';
import type { JsonArray, JsonObject, JsonValue } from '../source/json.ts';

/** The items of a list field; none where it is absent or no list. */
export function itemsOf(holder: JsonObject | undefined, field: string): JsonArray {
  const value = holder?.[field];
  return isArray(value) ? value : [];
}

/** The items of a list field that are objects, with their index. */
export function objectsOf(
  holder: JsonObject | undefined,
  field: string,
): readonly (readonly [index: number, item: JsonObject])[] {
  return itemsOf(holder, field).flatMap((item, index) => (isObject(item) ? [[index, item] as const] : []));
}

export function objectAt(holder: JsonObject | undefined, field: string): JsonObject | undefined {
  const value = holder?.[field];
  return isObject(value) ? value : undefined;
}

export function textAt(holder: JsonObject | undefined, field: string): string {
  const value = holder?.[field];
  return typeof value === 'string' ? value : '';
}

export function isSet(value: JsonValue | undefined): boolean {
  return value !== undefined && value !== null;
}

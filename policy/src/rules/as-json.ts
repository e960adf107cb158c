import { isArray, isObject } from '../source/json.ts';
import type { JsonArray, JsonObject, JsonValue } from '../source/json.ts';

/** The model's types are JSON by construction, which the compiler cannot see: an interface has no index signature. */
export function asJson(value: object | string | number | boolean | null): JsonValue {
  return value as JsonValue;
}

export function asList(value: JsonValue | undefined): JsonArray {
  return isArray(value) ? value : [];
}

export function asMap(value: JsonValue | undefined): JsonObject {
  return isObject(value) ? value : {};
}

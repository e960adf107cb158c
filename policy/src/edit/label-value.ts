import { isArray, isObject } from '../source/json.ts';
import type { JsonValue } from '../source/json.ts';
import type { PathPart } from '../source/path.ts';
import { disabledLabel } from './disabled-label.ts';

/** A value with the label in the map at `path`, which is made where it is missing. */
export function withLabel(value: JsonValue, path: readonly PathPart[]): JsonValue {
  const [part, ...rest] = path;
  if (isArray(value)) return value.map((item, index) => (index === part ? withLabel(item, rest) : item));
  const object = isObject(value) ? value : {};
  if (part === undefined) return { ...object, [disabledLabel.key]: disabledLabel.value };
  return { ...object, [part]: withLabel(object[String(part)] ?? null, rest) };
}

/** A value without the label in the map at `path`. */
export function withoutLabel(value: JsonValue, path: readonly PathPart[]): JsonValue {
  const [part, ...rest] = path;
  if (isArray(value)) return value.map((item, index) => (index === part ? withoutLabel(item, rest) : item));
  if (!isObject(value)) return value;
  if (part === undefined) {
    const { [disabledLabel.key]: _label, ...labels } = value;
    return labels;
  }
  const inner = value[String(part)];
  return inner === undefined ? value : { ...value, [part]: withoutLabel(inner, rest) };
}

/** An object of somebody's JSON, read field by field: a field of the wrong type counts as absent. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Protobuf's JSON has two spellings of a name, `pod_name` and `podName`; exporters write the first. */
export function field(object: JsonObject, name: string, camel: string = name): unknown {
  return object[name] ?? (camel === name ? undefined : object[camel]);
}

export function objectOf(value: unknown): JsonObject | undefined {
  return isObject(value) ? value : undefined;
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** A whole number, as all of Hubble's are; 64-bit ones are written as strings. What is none counts as absent. */
export function numberOf(value: unknown): number {
  const number = typeof value === 'string' ? Number(value) : value;
  return typeof number === 'number' && Number.isInteger(number) && number >= 0 ? number : 0;
}

export function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];
}

export function objectsOf(value: unknown): JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

/** An enum's value is its name, or its number in older exports and from writers of other languages. */
export function enumName(value: unknown, names: Readonly<Record<number, string>>): string {
  const isNumber = typeof value === 'number' || (typeof value === 'string' && /^\d+$/.test(value));
  return isNumber ? (names[Number(value)] ?? String(value)) : textOf(value);
}

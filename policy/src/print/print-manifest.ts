import { Document, visit } from 'yaml';
import type { JsonObject, JsonValue } from '../source/json.ts';
import { escapeSeparators } from '../edit/scalar-text.ts';
import { isArray, isObject } from '../source/json.ts';
import { resolvePlain } from '../source/scalars.ts';

const order = ['apiVersion', 'kind', 'metadata', 'spec', 'specs'] as const;
const metadataOrder = ['name', 'namespace', 'labels', 'annotations'] as const;

/**
 * YAML of one object, for people: the fields in the order they are used to, without what the API server keeps for itself
 * (`status`, `managedFields`). A text that `kubectl` would read as something else (`on`, `010`, `1_000`) is quoted.
 */
export function printManifest(object: JsonObject): string {
  const document = new Document(plain(forPeople(object)), { aliasDuplicateObjects: false });
  visit(document, {
    Scalar(_key, node) {
      if (typeof node.value === 'string' && isMisread(node.value)) node.type = 'QUOTE_DOUBLE';
    },
  });
  return escapeSeparators(document.toString({ lineWidth: 0, indentSeq: false }));
}

function forPeople(object: JsonObject): JsonObject {
  const { status: _status, metadata, ...rest } = object;
  const entries = Object.entries(isObject(metadata) ? { ...rest, metadata: withoutManagedFields(metadata) } : rest);
  return Object.fromEntries(sorted(entries, order));
}

function withoutManagedFields(metadata: JsonObject): JsonObject {
  const { managedFields: _managedFields, ...rest } = metadata;
  return Object.fromEntries(sorted(Object.entries(rest), metadataOrder));
}

function sorted<T>(entries: [string, T][], first: readonly string[]): [string, T][] {
  const rank = (key: string): number => (first.includes(key) ? first.indexOf(key) : first.length);
  return entries.sort(([left], [right]) => rank(left) - rank(right));
}

/** `yaml` wants objects with a prototype; own keys named `__proto__` stay own keys. */
function plain(value: JsonValue | undefined): unknown {
  if (isArray(value)) return value.map(plain);
  if (!isObject(value)) return value;
  return new Map(Object.entries(value).map(([key, child]) => [key, plain(child)]));
}

/** What no plain text or block may hold is a control character or a line end of YAML 1.1. */
function isMisread(text: string): boolean {
  if (/[^\P{Cc}\t\n]|[\u2028\u2029\ufeff]/u.test(text)) return true;
  if (text.includes('\n')) return false;
  const resolved = resolvePlain(text);
  return !resolved.ok || resolved.value !== text;
}

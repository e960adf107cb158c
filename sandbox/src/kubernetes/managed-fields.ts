import type { Json, JsonObject } from '../json.ts';
import { isEqual, isObject } from '../json.ts';
import type { KubeObject } from './object.ts';
import { withMetadata } from './object.ts';

interface Author {
  readonly manager: string;
  readonly time: string;
}

const ownedMetadata = ['labels', 'annotations', 'finalizers', 'ownerReferences'];

/** Who wrote which field: the author takes over every field that differs from `before`; one entry per manager. */
export function recordAuthor(before: KubeObject | undefined, after: KubeObject, author: Author): KubeObject {
  const had = before ? fieldsOf(before) : new Map<string, Json>();
  const has = fieldsOf(after);
  const changed = [...has].filter(([path, value]) => !isEqual(had.get(path), value)).map(([path]) => path);
  const entries = entriesOf(before).map((entry) => without(entry, (path) => !has.has(path) || changed.includes(path)));
  const own = entries.find((entry) => entry.manager === author.manager);
  const others = entries.filter((entry) => entry !== own && entry.paths.size > 0);
  const touched = changed.length > 0 || [...had.keys()].some((path) => !has.has(path));
  const ofStatus = managedOf(before).filter(({ subresource }) => subresource !== undefined);
  if (!touched && own === undefined) return withEntries(after, others, ofStatus);
  const paths = new Set([...(own?.paths ?? []), ...changed]);
  const mine = { manager: author.manager, time: touched ? author.time : (own?.time ?? author.time), paths };
  return withEntries(after, paths.size > 0 ? [...others, mine] : others, ofStatus);
}

/** Whose the status is: an entry of its own, which no write of the rest touches. */
export function recordStatusAuthor(object: KubeObject, { manager, time }: Author): KubeObject {
  const entry = {
    manager,
    operation: 'Update',
    apiVersion: object.apiVersion,
    time,
    fieldsType: 'FieldsV1',
    fieldsV1: { 'f:status': { 'f:conditions': {} } },
    subresource: 'status',
  };
  const managed = managedOf(object).filter(({ subresource }) => subresource === undefined);
  return withMetadata(object, { managedFields: [...managed, entry] });
}

interface Entry extends Author {
  readonly paths: ReadonlySet<string>;
}

function without(entry: Entry, isLost: (path: string) => boolean): Entry {
  return { ...entry, paths: new Set([...entry.paths].filter((path) => !isLost(path))) };
}

function fieldsOf(object: KubeObject): Map<string, Json> {
  const metadata = Object.fromEntries(Object.entries(object.metadata).filter(([key]) => ownedMetadata.includes(key)));
  const owned = Object.fromEntries(
    Object.entries(object).filter(([key]) => !['apiVersion', 'kind', 'metadata', 'status'].includes(key)),
  );
  const leaves = new Map<string, Json>();
  walk({ metadata, ...owned }, [], leaves);
  return leaves;
}

function walk(value: Json, path: readonly string[], leaves: Map<string, Json>): void {
  if (!isObject(value) || (Object.keys(value).length === 0 && path.length > 1)) {
    leaves.set(JSON.stringify(path), value);
    return;
  }
  for (const [key, inner] of Object.entries(value)) walk(inner, [...path, key], leaves);
}

function entriesOf(object: KubeObject | undefined): Entry[] {
  return managedOf(object)
    .filter(({ subresource }) => subresource === undefined)
    .map((entry) => ({
      manager: String(entry['manager']),
      time: String(entry['time']),
      paths: new Set(pathsOf(entry['fieldsV1'] ?? {}, [])),
    }));
}

function managedOf(object: KubeObject | undefined): readonly JsonObject[] {
  const managed = object?.metadata['managedFields'];
  return Array.isArray(managed) ? managed.filter(isObject) : [];
}

function pathsOf(tree: Json, path: readonly string[]): string[] {
  if (!isObject(tree)) return [];
  const keys = Object.keys(tree).filter((key) => key.startsWith('f:'));
  if (keys.length === 0) return path.length === 0 ? [] : [JSON.stringify(path)];
  return keys.flatMap((key) => pathsOf(tree[key] ?? {}, [...path, key.slice(2)]));
}

function withEntries(object: KubeObject, entries: readonly Entry[], ofStatus: readonly JsonObject[]): KubeObject {
  const managedFields = entries.map(({ manager, time, paths }) => ({
    manager,
    operation: 'Update',
    apiVersion: object.apiVersion,
    time,
    fieldsType: 'FieldsV1',
    fieldsV1: treeOf(paths),
  }));
  return withMetadata(object, { managedFields: [...managedFields, ...ofStatus] });
}

function treeOf(paths: ReadonlySet<string>): JsonObject {
  const tree: Record<string, Json> = {};
  for (const path of [...paths].toSorted()) {
    let node = tree;
    for (const key of stepsOf(path)) {
      const next: Record<string, Json> = { ...asObject(node[`f:${key}`]) };
      node[`f:${key}`] = next;
      node = next;
    }
  }
  return tree;
}

function stepsOf(path: string): string[] {
  const steps: unknown = JSON.parse(path);
  return Array.isArray(steps) ? steps.map(String) : [];
}

function asObject(value: Json | undefined): JsonObject {
  return isObject(value) ? value : {};
}

import type { Json, JsonObject } from '../json.ts';
import { isEqual, isObject } from '../json.ts';
import type { Validate } from './admit.ts';
import { admit, checkFields } from './admit.ts';
import { recordAuthor } from './managed-fields.ts';
import { mergePatch } from './merge-patch.ts';
import type { KubeObject } from './object.ts';
import { uidOf, versionOf, withMetadata } from './object.ts';
import type { Resource } from './resources.ts';
import { resources } from './resources.ts';
import type { Status } from './status.ts';
import { alreadyExists, badRequest, conflict, deleted, invalid, notFound, stale } from './status.ts';
import type { Store } from './store.ts';

export interface WriteContext {
  readonly store: Store;
  readonly validate: Validate;
  readonly now: () => Date;
  readonly newUid: () => string;
  readonly newSuffix: () => string;
}

export interface Target {
  readonly resource: Resource;
  readonly namespace: string;
  readonly name: string;
}

export interface WriteOptions {
  readonly manager: string;
  readonly dryRun: boolean;
  readonly strict: boolean;
}

export type Outcome =
  | { readonly ok: true; readonly code: number; readonly object: JsonObject }
  | { readonly ok: false; readonly status: Status };

export function createObject(
  context: WriteContext,
  target: Target,
  { body, options }: { readonly body: Json; readonly options: WriteOptions },
): Outcome {
  const { resource, namespace } = target;
  const read = admit(resource, namespace, body, context.newSuffix);
  if (!read.ok) return read;
  const name = read.object.metadata.name;
  if (read.object.metadata['resourceVersion'] !== undefined && versionOf(read.object) !== '') {
    return refuse(badRequest('resourceVersion should not be set on objects to be created'));
  }
  const home = resources.find(({ kind }) => kind === 'Namespace');
  if (resource.namespaced && home && !context.store.get(home, '', namespace)) return refuse(notFound(home, namespace));
  if (context.store.get(resource, namespace, name)) return refuse(alreadyExists(resource, name));
  const wrong = checkFields(resource, read.object, { validate: context.validate, strict: options.strict });
  if (wrong) return refuse(wrong);
  const time = timeOf(context.now());
  const fresh = withMetadata(clean(read.object), { uid: context.newUid(), creationTimestamp: time, generation: 1 });
  const object = recordAuthor(undefined, fresh, { manager: options.manager, time });
  return { ok: true, code: 201, object: options.dryRun ? object : context.store.put(resource, object) };
}

export function replaceObject(
  context: WriteContext,
  target: Target,
  { body, options }: { readonly body: Json; readonly options: WriteOptions },
): Outcome {
  const { resource, namespace, name } = target;
  const read = admit(resource, namespace, body, context.newSuffix);
  if (!read.ok) return read;
  if (read.object.metadata.name !== name) {
    return refuse(
      badRequest(`the name of the object (${read.object.metadata.name}) does not match the name on the URL (${name})`),
    );
  }
  const existing = context.store.get(resource, namespace, name);
  if (!existing) return refuse(notFound(resource, name));
  if (resource.custom && versionOf(read.object) === '') {
    const message = 'Invalid value: 0x0: must be specified for an update';
    return refuse(invalid(resource, name, [{ field: 'metadata.resourceVersion', message }]));
  }
  return update(context, target, { existing, desired: read.object, options });
}

export function patchObject(
  context: WriteContext,
  target: Target,
  { body, options }: { readonly body: Json; readonly options: WriteOptions },
): Outcome {
  const { resource, namespace, name } = target;
  const existing = context.store.get(resource, namespace, name);
  if (!existing) return refuse(notFound(resource, name));
  if (!isObject(body)) return refuse(badRequest('a merge patch must be an object'));
  const read = admit(resource, namespace, mergePatch(existing, body), context.newSuffix);
  if (!read.ok) return read;
  if (read.object.metadata.name !== name) return refuse(badRequest('the name of an object cannot be changed'));
  return update(context, target, { existing, desired: read.object, options });
}

export function deleteObject(
  context: WriteContext,
  target: Target,
  { body, dryRun }: { readonly body: Json; readonly dryRun: boolean },
): Outcome {
  const { resource, namespace, name } = target;
  const existing = context.store.get(resource, namespace, name);
  if (!existing) return refuse(notFound(resource, name));
  const wanted = isObject(body) && isObject(body['preconditions']) ? body['preconditions'] : {};
  const { uid, resourceVersion } = wanted;
  if (typeof uid === 'string' && uid !== uidOf(existing)) {
    const why = `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${uidOf(existing)}`;
    return refuse(conflict(resource, name, why));
  }
  if (typeof resourceVersion === 'string' && resourceVersion !== versionOf(existing)) {
    const why = `the ResourceVersion in the precondition (${resourceVersion}) does not match the ResourceVersion in record (${versionOf(existing)}). The object might have been modified`;
    return refuse(conflict(resource, name, why));
  }
  if (!dryRun) removeWithContents(context.store, resource, existing);
  return { ok: true, code: 200, object: deleted(resource, name, uidOf(existing)) };
}

function update(
  context: WriteContext,
  { resource, name }: Target,
  change: { readonly existing: KubeObject; readonly desired: KubeObject; readonly options: WriteOptions },
): Outcome {
  const { existing, options } = change;
  const { uid } = change.desired.metadata;
  const version = versionOf(change.desired);
  if (version !== '' && version !== versionOf(existing)) return refuse(conflict(resource, name, stale));
  if (typeof uid === 'string' && uid !== '' && uid !== uidOf(existing)) {
    const why = `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${uidOf(existing)}`;
    return refuse(conflict(resource, name, why));
  }
  const desired = keepIdentity(existing, change.desired);
  const wrong = checkFields(resource, desired, { validate: context.validate, strict: options.strict });
  if (wrong) return refuse(wrong);
  if (isEqual(desired, existing)) return { ok: true, code: 200, object: existing };
  const generation =
    Number(existing.metadata['generation'] ?? 1) + (isEqual(desired['spec'], existing['spec']) ? 0 : 1);
  const author = { manager: options.manager, time: timeOf(context.now()) };
  const object = recordAuthor(existing, withMetadata(desired, { generation }), author);
  return { ok: true, code: 200, object: options.dryRun ? object : context.store.put(resource, object) };
}

function keepIdentity(existing: KubeObject, desired: KubeObject): KubeObject {
  const { uid, creationTimestamp, generation, resourceVersion, managedFields } = existing.metadata;
  const kept = { uid, creationTimestamp, generation, resourceVersion, managedFields };
  const { status } = existing;
  const own = { ...clean(desired), ...(status === undefined ? {} : { status }) };
  return withMetadata(own, Object.fromEntries(Object.entries(kept).filter(isPresent)));
}

/** A client's word on fields that only the server sets does not count. */
function clean(object: KubeObject): KubeObject {
  const {
    managedFields: _managed,
    selfLink: _link,
    generateName: _prefix,
    resourceVersion: _version,
    ...metadata
  } = object.metadata;
  const { status: _status, ...rest } = object;
  return { ...rest, apiVersion: object.apiVersion, kind: object.kind, metadata };
}

function isPresent(entry: [string, Json | undefined]): entry is [string, Json] {
  return entry[1] !== undefined;
}

function removeWithContents(store: Store, resource: Resource, object: KubeObject): void {
  if (resource.kind === 'Namespace') {
    for (const inner of resources.filter(({ namespaced }) => namespaced)) {
      for (const content of store.list(inner, object.metadata.name)) store.remove(inner, content);
    }
  }
  store.remove(resource, object);
}

export function timeOf(date: Date): string {
  return `${date.toISOString().slice(0, 19)}Z`;
}

function refuse(status: Status): Outcome {
  return { ok: false, status };
}

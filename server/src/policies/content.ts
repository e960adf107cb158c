import type { KubernetesObject } from '@bartizan/backends';
import { printManifest } from '@bartizan/policy';
import type { JsonObject } from '@bartizan/policy';

/** What the API server gives an object itself is no part of what a person wrote. */
export function withoutServerFields(object: KubernetesObject): KubernetesObject {
  const {
    resourceVersion: _version,
    uid: _uid,
    creationTimestamp: _time,
    generation: _generation,
    managedFields: _fields,
    ...metadata
  } = object.metadata;
  const { status: _status, ...rest } = object;
  return { ...rest, metadata } as KubernetesObject;
}

/** YAML of what a version says: the same for two versions that say the same. */
export function contentOf(object: KubernetesObject): string {
  return printManifest(withoutServerFields(object) as unknown as JsonObject);
}

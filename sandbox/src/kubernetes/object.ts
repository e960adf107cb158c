import type { Json, JsonObject } from '../json.ts';
import { isObject } from '../json.ts';

/** Any object of the API: only `metadata` is known. */
export interface KubeObject extends JsonObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: JsonObject & { readonly name: string };
}

export function isKubeObject(value: unknown): value is KubeObject {
  return (
    isObject(value) &&
    typeof value['apiVersion'] === 'string' &&
    typeof value['kind'] === 'string' &&
    isObject(value['metadata']) &&
    typeof value['metadata']['name'] === 'string'
  );
}

export function namespaceOf(object: KubeObject): string {
  return text(object.metadata['namespace']);
}

export function versionOf(object: KubeObject): string {
  return text(object.metadata['resourceVersion']);
}

export function uidOf(object: KubeObject): string {
  return text(object.metadata['uid']);
}

export function labelsOf(object: KubeObject): Readonly<Record<string, string>> {
  const labels = object.metadata['labels'];
  if (!isObject(labels)) return {};
  return Object.fromEntries(Object.entries(labels).map(([key, value]) => [key, text(value)]));
}

export function withMetadata(object: KubeObject, fields: JsonObject): KubeObject {
  return { ...object, metadata: { ...object.metadata, ...fields } };
}

function text(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}

import type { JsonObject, JsonValue } from './json.ts';
import { isArray, isObject } from './json.ts';

export interface Leftover {
  readonly code: string;
  readonly message: string;
  readonly offset: number;
}

/** The first `{{ … }}` of a Helm (or Go) template that was not rendered; not one in a comment or in quotes. */
export function findTemplate(text: string, start: number, end: number): Leftover | undefined {
  for (let at = text.indexOf('{{', start); at >= 0 && at < end; at = text.indexOf('{{', at + 2)) {
    const before = text.slice(Math.max(at - 200, start), at);
    if (/[#'"][^\n]*$/.test(before)) continue;
    const message =
      'This is a Helm template that was not rendered (`{{ … }}`): check the output of `helm template` instead';
    return { code: 'helm-template', offset: at, message };
  }
  return undefined;
}

/** Keys of a `kustomization.yaml`, which may leave `kind` out. */
const kustomizationKeys = [
  'resources',
  'bases',
  'patches',
  'patchesStrategicMerge',
  'patchesJson6902',
  'namePrefix',
  'components',
];

export function isKustomization(object: JsonObject): boolean {
  return (
    object['kind'] === 'Kustomization' ||
    (object['kind'] === undefined && kustomizationKeys.some((key) => isArray(object[key])))
  );
}

/** A kustomize JSON patch: a list of operations, not an object. */
export function isJsonPatch(value: JsonValue): boolean {
  return isArray(value) && value.length > 0 && value.every((item) => isObject(item) && typeof item['op'] === 'string');
}

/** `$patch: delete|replace|merge` marks a part of a kustomize patch; no API server knows it. Where the first stands. */
export function findPatchDirective(value: JsonValue): readonly (string | number)[] | undefined {
  if (isArray(value)) {
    for (const [index, item] of value.entries()) {
      const found = findPatchDirective(item);
      if (found !== undefined) return [index, ...found];
    }
  } else if (isObject(value)) {
    if (typeof value['$patch'] === 'string') return ['$patch'];
    for (const key of Object.keys(value)) {
      const found = findPatchDirective(value[key] ?? null);
      if (found !== undefined) return [key, ...found];
    }
  }
  return undefined;
}

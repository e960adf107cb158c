import { setIn, valueAt } from '../edit/at-path.ts';
import { changeManifest } from '../edit/change-manifest.ts';
import { describePolicy } from '../humanize/describe.ts';
import { phraseText } from '../humanize/words.ts';
import { lowerPolicy } from '../lower/lower-policy.ts';
import type { Direction, Policy } from '../model/policy.ts';
import { printManifest } from '../print/print-manifest.ts';
import { isArray, isObject } from '../source/json.ts';
import type { JsonObject } from '../source/json.ts';
import type { Manifest } from '../source/manifest.ts';
import { splitPath } from '../source/path.ts';
import { readManifests } from '../source/read-manifests.ts';
import { validate } from '../validate/validate.ts';

/** A changed manifest that both the API server and Cilium would take, and what it says that it did not say before. */
export interface Draft {
  readonly direction: Direction;
  readonly policy: Policy;
  readonly manifest: Manifest;
  readonly isNew: boolean;
  readonly path: string;
  readonly words: string;
  readonly adds: JsonObject;
}

interface Change {
  readonly direction: Direction;
  /** Of what is added or extended. */
  readonly path: string;
  /** The rule that alone says what is added. */
  readonly rule: JsonObject;
}

/** `specs[1].ingress[2]` → `specs[1]`: the part with the selector. */
export function specOf(path: string): string {
  return /^specs?(\[\d+\])?/.exec(path)?.[0] ?? 'spec';
}

/** The same manifest with another value at a path; undefined where that cannot be written or would be refused. */
export function draftOf(
  manifest: Manifest,
  change: Change & { readonly put: readonly [path: string, value: JsonObject[]] },
): Draft | undefined {
  const [path, value] = change.put;
  const written = changeManifest(manifest, setIn(manifest.object, splitPath(path), value));
  return written.ok ? accepted(written.value, change, false) : undefined;
}

export function newDraft(object: JsonObject, change: Change): Draft | undefined {
  return accepted(printManifest(object), change, true);
}

function accepted(text: string, change: Change, isNew: boolean): Draft | undefined {
  const [manifest] = readManifests(text).manifests;
  const lowered = manifest && lowerPolicy(manifest.object);
  if (!manifest || !lowered?.ok || validate(manifest).some(({ severity }) => severity === 'error')) return undefined;
  const { direction, path } = change;
  const adds = onlyWith(manifest, change);
  const words = describePolicy(adds)
    .specs.flatMap(({ rules }) => rules)
    .map(({ parts }) => phraseText(parts))
    .join(' ');
  return { direction, policy: lowered.value, manifest, isNew, path, words, adds };
}

/** A policy of the same name and subject that has but one rule. */
function onlyWith({ object, name, namespace }: Manifest, { direction, path, rule }: Change): JsonObject {
  const spec = valueAt(object, splitPath(specOf(path)));
  const selectors = ['endpointSelector', 'nodeSelector', 'podSelector'];
  const selector = Object.entries(isObject(spec) ? spec : {}).filter(([key]) => selectors.includes(key));
  return {
    apiVersion: object['apiVersion'] ?? '',
    kind: object['kind'] ?? '',
    metadata: namespace === '' ? { name } : { name, namespace },
    spec: { ...Object.fromEntries(selector), [direction]: [rule] },
  };
}

/** The objects of a list at a path; empty where there is none. */
export function listAt({ object }: Manifest, path: string): JsonObject[] {
  const list = valueAt(object, splitPath(path));
  return isArray(list) ? list.filter(isObject) : [];
}

export function objectAt({ object }: Manifest, path: string): JsonObject | undefined {
  const value = valueAt(object, splitPath(path));
  return isObject(value) ? value : undefined;
}

import { policyKindOf } from '../lower/lower-policy.ts';
import type { PolicyKind } from '../model/policy.ts';
import type { Problem, Result } from '../model/problem.ts';
import { isArray, isObject } from '../source/json.ts';
import type { JsonArray, JsonObject } from '../source/json.ts';
import type { Manifest } from '../source/manifest.ts';
import { splitPath } from '../source/path.ts';
import { setIn, valueAt } from './at-path.ts';
import { changeManifest } from './change-manifest.ts';
import { describedAt } from './description.ts';
import { disabledLabel, isDisabledSelector } from './disabled-label.ts';

/** One operation on the text of a policy. `null` takes a label, an annotation, a namespace or a description away. */
export type PolicyEdit =
  | { readonly op: 'rename'; readonly name: string; readonly namespace?: string | null }
  | { readonly op: 'describe'; readonly description: string | null }
  | { readonly op: 'label' | 'annotate'; readonly values: Readonly<Record<string, string | null>> }
  /** `path`: `spec` unless said otherwise. The label of a disabled policy stays. */
  | { readonly op: 'select'; readonly selector: JsonObject; readonly path?: string }
  /** `path` of the list: `spec.ingress`. It is made where it is missing; without `index` the rule goes to the end. */
  | { readonly op: 'add-rule'; readonly path: string; readonly rule: JsonObject; readonly index?: number }
  /** `path` of the rule: `spec.ingress[0]`. */
  | { readonly op: 'replace-rule'; readonly path: string; readonly rule: JsonObject }
  | { readonly op: 'remove-rule'; readonly path: string }
  | { readonly op: 'move-rule'; readonly path: string; readonly to: number };

/** The text after the operations: only what they name changes; comments, order, quoting and everything unknown stay. */
export function editPolicy(manifest: Manifest, edits: readonly PolicyEdit[]): Result<string> {
  const kind = policyKindOf(manifest.object);
  if (kind === undefined)
    return refuse(manifest, { code: 'not-a-policy', message: 'This is not a network policy', path: '' });
  let wanted = manifest.object;
  for (const edit of edits) {
    const next = applyEdit(wanted, edit, kind);
    if ('code' in next) return refuse(manifest, next);
    wanted = next.object;
  }
  return changeManifest(manifest, wanted);
}

type Refusal = Pick<Problem, 'code' | 'message' | 'path'>;

function refuse(manifest: Manifest, refusal: Refusal): Result<string> {
  return { ok: false, problems: [{ ...refusal, severity: 'error', ...manifest.place(refusal.path) }] };
}

function applyEdit(policy: JsonObject, edit: PolicyEdit, kind: PolicyKind): { readonly object: JsonObject } | Refusal {
  switch (edit.op) {
    case 'rename': {
      const named = setIn(policy, ['metadata', 'name'], edit.name);
      return {
        object:
          edit.namespace === undefined ? named : setIn(named, ['metadata', 'namespace'], edit.namespace ?? undefined),
      };
    }
    case 'describe':
      return { object: setIn(policy, describedAt(kind, policy).path, edit.description ?? undefined) };
    case 'label':
      return { object: setAll(policy, ['metadata', 'labels'], edit.values) };
    case 'annotate':
      return { object: setAll(policy, ['metadata', 'annotations'], edit.values) };
    case 'select':
      return select(policy, edit, kind);
    case 'add-rule':
    case 'replace-rule':
    case 'remove-rule':
    case 'move-rule':
      return editRules(policy, edit);
    default:
      return edit satisfies never;
  }
}

function setAll(
  policy: JsonObject,
  path: readonly string[],
  values: Readonly<Record<string, string | null>>,
): JsonObject {
  return Object.entries(values).reduce(
    (object, [key, value]) => setIn(object, [...path, key], value ?? undefined),
    policy,
  );
}

function select(
  policy: JsonObject,
  edit: PolicyEdit & { op: 'select' },
  kind: PolicyKind,
): { readonly object: JsonObject } | Refusal {
  const path = splitPath(edit.path ?? 'spec');
  const spec = valueAt(policy, path);
  if (!isObject(spec))
    return { code: 'no-spec', message: `There is no ${edit.path ?? 'spec'}`, path: edit.path ?? 'spec' };
  const key =
    kind === 'NetworkPolicy' ? 'podSelector' : isObject(spec['nodeSelector']) ? 'nodeSelector' : 'endpointSelector';
  const labels = edit.selector['matchLabels'];
  const kept = { ...(isObject(labels) ? labels : {}), [disabledLabel.key]: disabledLabel.value };
  const selector = isDisabledSelector(spec[key]) ? { ...edit.selector, matchLabels: kept } : edit.selector;
  return { object: setIn(policy, [...path, key], selector) };
}

function editRules(
  policy: JsonObject,
  edit: PolicyEdit & { readonly path: string },
): { readonly object: JsonObject } | Refusal {
  const path = splitPath(edit.path);
  const listPath = edit.op === 'add-rule' ? path : path.slice(0, -1);
  const list = valueAt(policy, listPath) ?? [];
  const at = edit.op === 'add-rule' ? (edit.index ?? (isArray(list) ? list.length : 0)) : path.at(-1);
  const isThere =
    isArray(list) && typeof at === 'number' && at >= 0 && at < list.length + (edit.op === 'add-rule' ? 1 : 0);
  if (!isThere) return { code: 'no-rule', message: `There is no rule at ${edit.path}`, path: edit.path };
  const items = itemsAfter(list, at, edit);
  return { object: setIn(policy, listPath, items.length > 0 ? items : undefined) };
}

function itemsAfter(list: JsonArray, at: number, edit: PolicyEdit): JsonArray {
  switch (edit.op) {
    case 'add-rule':
      return [...list.slice(0, at), edit.rule, ...list.slice(at)];
    case 'replace-rule':
      return list.map((item, index) => (index === at ? edit.rule : item));
    case 'move-rule': {
      const others = list.filter((_, index) => index !== at);
      return [...others.slice(0, edit.to), list[at] ?? null, ...others.slice(edit.to)];
    }
    default:
      return list.filter((_, index) => index !== at);
  }
}

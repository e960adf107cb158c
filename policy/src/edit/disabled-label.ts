import { isObject } from '../source/json.ts';
import type { JsonObject, JsonValue } from '../source/json.ts';

/** A label that no pod has: in the selector of a policy it makes it select nothing (EDIT-1). */
export const disabledLabel = { key: 'network-policy.gitlab.com/disabled_by', value: 'gitlab' } as const;

const selectorKeys = ['podSelector', 'endpointSelector', 'nodeSelector'] as const;

/** Whether this selector carries the label, whatever its value. */
export function isDisabledSelector(selector: JsonValue | undefined): boolean {
  if (!isObject(selector)) return false;
  const labels = selector['matchLabels'];
  return isObject(labels) && Object.hasOwn(labels, disabledLabel.key);
}

export function isEnabledSpec(spec: JsonObject): boolean {
  return !selectorKeys.some((key) => isDisabledSelector(spec[key]));
}

/** The selector without the label; itself where it has none. */
export function withoutDisabledLabel(selector: JsonValue | undefined): JsonValue | undefined {
  if (!isObject(selector) || !isDisabledSelector(selector)) return selector;
  const labels = selector['matchLabels'];
  if (!isObject(labels)) return selector;
  const { [disabledLabel.key]: _label, ...matchLabels } = labels;
  return { ...selector, matchLabels };
}

/** A policy is disabled when none of its `spec` and `specs` can select anything any more. */
export function isEnabled(policy: JsonObject): boolean {
  const specs = specsOf(policy);
  return specs.length === 0 || specs.some(({ spec }) => isEnabledSpec(spec));
}

/** `spec` and every entry of `specs`, with their paths. */
export function specsOf(policy: JsonObject): readonly { readonly path: string; readonly spec: JsonObject }[] {
  const { spec, specs } = policy;
  const many = Array.isArray(specs) ? (specs as readonly JsonValue[]) : [];
  const all = [{ path: 'spec', spec }, ...many.map((entry, index) => ({ path: `specs[${index}]`, spec: entry }))];
  return all.flatMap(({ path, spec: value }) => (isObject(value) ? [{ path, spec: value }] : []));
}

import type { KubernetesObject } from '@bartizan/backends';
import { disabledLabel, isDisabledSelector, isObject, withoutDisabledLabel } from '@bartizan/policy';
import type { JsonObject, JsonValue } from '@bartizan/policy';

const selectorKeys = ['podSelector', 'endpointSelector', 'nodeSelector'] as const;

/** The object as it is to be written: the label that no pod has in the selector of each spec, or gone from it. */
export function withEnforcement(object: KubernetesObject, enabled: boolean): KubernetesObject {
  const { spec, specs } = object as { spec?: JsonValue; specs?: JsonValue };
  const key = object.kind === 'NetworkPolicy' ? 'podSelector' : 'endpointSelector';
  const change = (item: JsonValue): JsonValue => (isObject(item) ? changeSpec(item, { enabled, key }) : item);
  return {
    ...object,
    ...(isObject(spec) ? { spec: change(spec) } : {}),
    ...(Array.isArray(specs) ? { specs: specs.map(change) } : {}),
  };
}

/** A spec without any selector selects everything: it gets the one of its kind. */
function changeSpec(
  spec: JsonObject,
  { enabled, key: own }: { readonly enabled: boolean; readonly key: (typeof selectorKeys)[number] },
): JsonObject {
  const present = selectorKeys.filter((key) => spec[key] !== undefined);
  const changed = (present.length > 0 || enabled ? present : [own]).map((key) => [
    key,
    enabled ? enable(spec[key]) : disable(spec[key]),
  ]);
  return { ...spec, ...(Object.fromEntries(changed) as JsonObject) };
}

function disable(selector: JsonValue | undefined): JsonValue {
  const before = isObject(selector) ? selector : {};
  if (isDisabledSelector(before)) return before;
  const labels = isObject(before['matchLabels']) ? before['matchLabels'] : {};
  return { ...before, matchLabels: { ...labels, [disabledLabel.key]: disabledLabel.value } };
}

/** An emptied `matchLabels` goes too: to the cluster `{}` says the same. */
function enable(selector: JsonValue | undefined): JsonValue {
  const without = withoutDisabledLabel(selector) ?? {};
  if (!isDisabledSelector(selector) || !isObject(without)) return without;
  const { matchLabels, ...rest } = without;
  return isObject(matchLabels) && Object.keys(matchLabels).length === 0 ? rest : without;
}

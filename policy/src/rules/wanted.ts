import { alignLists, canonical } from '../edit/align.ts';
import { disabledLabel, isDisabledSelector } from '../edit/disabled-label.ts';
import { sameJson } from '../edit/same-json.ts';
import type { JsonArray, JsonObject, JsonValue } from '../source/json.ts';
import { asJson, asList, asMap } from './as-json.ts';
import { changeCiliumItem, printCiliumItem } from './cilium-write.ts';
import { describedAt } from '../edit/description.ts';
import { changeKubernetesItem, printKubernetesItem } from './kubernetes-write.ts';
import type { LabelSelector, PolicyRules, Rule } from './model.ts';
import { sectionOf, sections } from './sections.ts';
import { printSelector } from './selector.ts';

/** The object that says `wanted`, made from the one that says `current`; whether it is enabled stays as it is. */
export function wantedObject(policy: JsonObject, current: PolicyRules, wanted: PolicyRules): JsonObject {
  const named = setIn(
    setIn(policy, ['metadata', 'name'], text(current.name, wanted.name)),
    ['metadata', 'namespace'],
    text(current.namespace, wanted.namespace),
  );
  const described = setIn(
    named,
    describedAt(wanted.kind, policy).path,
    current.description === wanted.description ? 'unchanged' : { value: wanted.description },
  );
  const spec = asMap(described['spec']);
  return { ...described, spec: wantedSpec(spec, current, wanted) };
}

type Change = 'unchanged' | { readonly value: string | undefined };

function text(before: string, after: string): Change {
  return before === after ? 'unchanged' : { value: after === '' ? undefined : after };
}

function setIn(object: JsonObject, path: readonly string[], change: Change): JsonObject {
  const [key, ...rest] = path;
  if (change === 'unchanged' || key === undefined) return object;
  if (rest.length > 0) return { ...object, [key]: setIn(asMap(object[key]), rest, change) };
  if (change.value !== undefined) return { ...object, [key]: change.value };
  return Object.fromEntries(Object.entries(object).filter(([name]) => name !== key));
}

function wantedSpec(spec: JsonObject, current: PolicyRules, wanted: PolicyRules): JsonObject {
  const selectorKey = selectorKeyOf(wanted);
  const changed: Record<string, JsonValue | undefined> = { ...spec };
  const oldKey = selectorKeyOf(current);
  if (oldKey !== selectorKey || !sameJson(asJson(current.selector), asJson(wanted.selector))) {
    if (oldKey !== selectorKey) delete changed[oldKey];
    changed[selectorKey] = wantedSelector(spec[oldKey], wanted.selector);
  }
  for (const key of ['policyTypes', 'enableDefaultDeny'] as const) {
    const value = wanted[key];
    if (sameJson(asJson(current[key] ?? null), asJson(value ?? null))) continue;
    if (value === undefined) delete changed[key];
    else changed[key] = asJson(value);
  }
  const order = [...new Set([...Object.keys(spec), ...wanted.rules.map(sectionOf), ...sections.map(({ key }) => key)])];
  for (const key of order.filter((each) => sections.some((section) => section.key === each))) {
    const items = wantedItems(asList(spec[key]), rulesOf(current, key), {
      rules: rulesOf(wanted, key),
      kind: wanted.kind,
    });
    if (items.length > 0) changed[key] = items;
    else if (rulesOf(current, key).length > 0) delete changed[key];
  }
  return changed;
}

export function selectorKeyOf({ kind, subject }: Pick<PolicyRules, 'kind' | 'subject'>): string {
  if (kind === 'NetworkPolicy') return 'podSelector';
  return subject === 'nodes' ? 'nodeSelector' : 'endpointSelector';
}

function wantedSelector(written: JsonValue | undefined, selector: LabelSelector): JsonObject {
  const { matchLabels, ...others } = printSelector(selector);
  if (!isDisabledSelector(written)) return { ...(matchLabels === undefined ? {} : { matchLabels }), ...others };
  return { matchLabels: { ...asMap(matchLabels), [disabledLabel.key]: disabledLabel.value }, ...others };
}

function rulesOf({ rules }: PolicyRules, key: string): readonly Rule[] {
  return rules.filter((rule) => sectionOf(rule) === key);
}

/** Entries whose rule stays are kept as they are, wherever they move; one that changed keeps what did not. */
function wantedItems(
  items: JsonArray,
  current: readonly Rule[],
  wanted: { readonly rules: readonly Rule[]; readonly kind: PolicyRules['kind'] },
): JsonArray {
  const isKubernetes = wanted.kind === 'NetworkPolicy';
  const aligned = alignLists(current.map(asJson), wanted.rules.map(asJson));
  const used = new Set(aligned.flatMap((each) => (each.kind === 'added' ? [] : [each.from])));
  const spare = new Map(
    current.flatMap((rule, index) => (used.has(index) ? [] : [[canonical(asJson(rule)), items[index]] as const])),
  );
  return wanted.rules.map((rule, index): JsonValue => {
    const each = aligned[index];
    const from = each === undefined || each.kind === 'added' ? undefined : each.from;
    const before = from === undefined ? undefined : current[from];
    const item = from === undefined ? undefined : items[from];
    if (each?.kind === 'kept' && item !== undefined) return item;
    const moved = spare.get(canonical(asJson(rule)));
    if (moved !== undefined) return moved;
    if (before === undefined || item === undefined)
      return isKubernetes ? printKubernetesItem(rule) : printCiliumItem(rule);
    return isKubernetes ? changeKubernetesItem(asMap(item), before, rule) : changeCiliumItem(asMap(item), before, rule);
  });
}

import { disabledLabel } from '../edit/disabled-label.ts';
import { blockText } from '../edit/value-text.ts';
import type { JsonObject } from '../source/json.ts';
import { asJson, asMap } from './as-json.ts';
import { printCiliumItem } from './cilium-write.ts';
import { describedAt } from '../edit/description.ts';
import { printKubernetesItem } from './kubernetes-write.ts';
import type { PolicyRules, Rule } from './model.ts';
import { groupBySection, sectionOf } from './sections.ts';
import { printSelector } from './selector.ts';
import { selectorKeyOf } from './wanted.ts';

/** A new manifest that says these rules, as `kubectl` would print it. Text that could be read as something else is quoted. */
export function printRules(rules: PolicyRules): string {
  return `${blockText(manifestOf(rules), { eol: '\n', listIndent: 0, column: 0 })}\n`;
}

export function manifestOf(rules: PolicyRules): JsonObject {
  const { kind, name, namespace, description } = rules;
  const isKubernetes = kind === 'NetworkPolicy';
  const annotations = isKubernetes && description !== undefined ? annotationOf(description) : {};
  return {
    apiVersion: isKubernetes ? 'networking.k8s.io/v1' : 'cilium.io/v2',
    kind,
    metadata: { name, ...(namespace === '' ? {} : { namespace }), ...annotations },
    spec: specOf(rules),
  };
}

function annotationOf(description: string): JsonObject {
  const key = describedAt('NetworkPolicy', {}).path.at(-1) ?? '';
  return { annotations: { [key]: description } };
}

function specOf(rules: PolicyRules): JsonObject {
  const { kind, description, enabled, selector, policyTypes, enableDefaultDeny } = rules;
  const isKubernetes = kind === 'NetworkPolicy';
  const printed = printSelector(selector);
  const matchLabels = { ...asMap(printed['matchLabels']), [disabledLabel.key]: disabledLabel.value };
  return {
    ...(isKubernetes || description === undefined ? {} : { description }),
    [selectorKeyOf(rules)]: enabled ? printed : { ...printed, matchLabels },
    ...(policyTypes ? { policyTypes } : {}),
    ...(enableDefaultDeny ? { enableDefaultDeny: asJson(enableDefaultDeny) } : {}),
    ...sectionsOf(rules.rules, isKubernetes ? printKubernetesItem : printCiliumItem),
  };
}

function sectionsOf(rules: readonly Rule[], print: (rule: Rule) => JsonObject): JsonObject {
  const grouped = groupBySection(rules);
  const keys = [...new Set(grouped.map(sectionOf))];
  return Object.fromEntries(keys.map((key) => [key, grouped.filter((rule) => sectionOf(rule) === key).map(print)]));
}

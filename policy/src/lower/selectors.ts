import { clusterKey, namespaceKey, namespaceLabelPrefix, splitKey } from '../model/selector.ts';
import type { LabelOperator, Requirement, Selector } from '../model/selector.ts';
import { complain, fieldsOf, itemsOf, textOf, textsOf } from './read.ts';
import type { Reading } from './read.ts';

const operators: readonly string[] = ['In', 'NotIn', 'Exists', 'DoesNotExist'] satisfies LabelOperator[];

interface SelectorText {
  readonly value: unknown;
  readonly path: string;
  /** The source of a key that names none. */
  readonly source: string;
  /** Put before each key: the prefix of namespace labels. */
  readonly prefix?: string;
}

/** The requirements of a label selector as written; undefined where there is no selector. */
export function readRequirements(reading: Reading, text: SelectorText): Requirement[] | undefined {
  const selector = readSelector(reading, text);
  return selector && [...selector.labels, ...selector.expressions];
}

export interface ReadSelector {
  readonly labels: readonly Requirement[];
  readonly expressions: readonly Requirement[];
}

export function readSelector(reading: Reading, text: SelectorText): ReadSelector | undefined {
  const fields = fieldsOf(reading, text.value, text.path);
  if (!fields) return undefined;
  const keyOf = (key: string): { source: string; key: string } => {
    const split = splitKey(key);
    const source = split.source === 'any' && !key.includes(':') ? text.source : split.source;
    return { source, key: `${text.prefix ?? ''}${split.key}` };
  };
  const labels = fieldsOf(reading, fields['matchLabels'], `${text.path}.matchLabels`) ?? {};
  const equal = Object.entries(labels).map(([key, value]): Requirement => {
    const values = [textOf(reading, value, `${text.path}.matchLabels.${key}`) ?? ''];
    return { ...keyOf(key), operator: 'In', values };
  });
  const expressions = itemsOf(reading, fields['matchExpressions'], `${text.path}.matchExpressions`) ?? [];
  const expressed = expressions.flatMap((expression): Requirement[] => {
    const key = textOf(reading, expression.fields['key'], `${expression.path}.key`) ?? '';
    const operator = textOf(reading, expression.fields['operator'], `${expression.path}.operator`) ?? '';
    const values = textsOf(reading, expression.fields['values'], `${expression.path}.values`) ?? [];
    if (isOperator(operator)) return [{ ...keyOf(key), operator, values }];
    complain(reading, `${expression.path}.operator`, `${operator || 'an empty operator'} is not a label operator`);
    return [];
  });
  return { labels: equal, expressions: expressed };
}

function isOperator(text: string): text is LabelOperator {
  return operators.includes(text);
}

/** Two labels that Cilium writes under one key, keeping whichever value comes last in a map without order. */
export function findCollision(value: unknown): string | undefined {
  const labels = isRecord(value) && isRecord(value['matchLabels']) ? value['matchLabels'] : {};
  const collides = (key: string): boolean => `any:${key}` in labels && labels[`any:${key}`] !== labels[key];
  return Object.keys(labels).find((key) => !key.includes(':') && collides(key));
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const hasKey = (requirements: readonly Requirement[], key: string): boolean =>
  requirements.some((requirement) => requirement.key === key && ['k8s', 'any'].includes(requirement.source));

export const inNamespace = (namespace: string): Requirement => ({
  source: 'k8s',
  key: namespaceKey,
  operator: 'In',
  values: [namespace],
});

const inAnyNamespace: Requirement = { source: 'k8s', key: namespaceKey, operator: 'Exists', values: [] };

/** Adds the local cluster unless the selector speaks of clusters itself. */
export function scopeToCluster(requirements: readonly Requirement[]): Selector {
  return { requirements, cluster: hasKey(requirements, clusterKey) ? 'any' : 'default' };
}

/** How Cilium narrows `fromEndpoints` and `toEndpoints`: by the policy's namespace and the local cluster. */
export function scopePeer(
  requirements: readonly Requirement[],
  policy: { readonly namespace: string; readonly subjectSelectsInit: boolean },
): Selector {
  if (requirements.some(({ source }) => source === 'reserved')) return { requirements, cluster: 'any' };
  if (hasKey(requirements, namespaceKey)) return scopeToCluster(requirements);
  if (policy.namespace === '') {
    return scopeToCluster(policy.subjectSelectsInit ? requirements : [...requirements, inAnyNamespace]);
  }
  const namesNamespaceLabels = requirements.some(
    ({ source, key }) => ['k8s', 'any'].includes(source) && key.startsWith(namespaceLabelPrefix),
  );
  return scopeToCluster(namesNamespaceLabels ? requirements : [...requirements, inNamespace(policy.namespace)]);
}

/**
 * Puts a selector into a namespace as Cilium does: by setting the label in `matchLabels`, which replaces one of that
 * key. An expression about the namespace stays beside it.
 */
export function placeInNamespace({ labels, expressions }: ReadSelector, namespace: string): Requirement[] {
  const others = labels.filter(({ source, key }) => !(source === 'k8s' && key === namespaceKey));
  return [...others, ...expressions, inNamespace(namespace)];
}

export function reserved(name: string): Requirement {
  return { source: 'reserved', key: name, operator: 'Exists', values: [] };
}

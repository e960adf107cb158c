import { isArray, isObject } from '../source/json.ts';
import type { JsonObject, JsonValue } from '../source/json.ts';
import { list, part, say } from './words.ts';
import type { Phrase } from './words.ts';

export interface Requirement {
  readonly key: string;
  readonly operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist';
  readonly values: readonly string[];
  /** Written in `matchLabels`. */
  readonly isLabel: boolean;
}

/** The requirements of a label selector; `undefined` where it holds what nobody understands. */
export function requirementsOf(selector: JsonValue | undefined): readonly Requirement[] | undefined {
  if (selector === undefined || selector === null) return [];
  if (!isObject(selector)) return undefined;
  if (Object.keys(selector).some((key) => key !== 'matchLabels' && key !== 'matchExpressions')) return undefined;
  const labels = labelsOf(selector['matchLabels']);
  const expressions = expressionsOf(selector['matchExpressions']);
  return labels && expressions ? [...labels, ...expressions] : undefined;
}

function labelsOf(labels: JsonValue | undefined): readonly Requirement[] | undefined {
  if (labels === undefined || labels === null) return [];
  if (!isObject(labels)) return undefined;
  const requirements: Requirement[] = [];
  for (const [key, value] of Object.entries(labels)) {
    if (typeof value !== 'string') return undefined;
    requirements.push({ key, operator: 'In', values: [value], isLabel: true });
  }
  return requirements;
}

function expressionsOf(expressions: JsonValue | undefined): readonly Requirement[] | undefined {
  if (expressions === undefined || expressions === null) return [];
  if (!isArray(expressions)) return undefined;
  const requirements: Requirement[] = [];
  for (const expression of expressions) {
    const requirement = isObject(expression) ? expressionOf(expression) : undefined;
    if (requirement === undefined) return undefined;
    requirements.push(requirement);
  }
  return requirements;
}

const knownInExpression = new Set(['key', 'operator', 'values']);

function expressionOf(expression: JsonObject): Requirement | undefined {
  const { key, operator } = expression;
  const values = expression['values'] ?? [];
  if (typeof key !== 'string' || !isArray(values)) return undefined;
  if (!Object.keys(expression).every((name) => knownInExpression.has(name))) return undefined;
  const texts = values.filter((value): value is string => typeof value === 'string');
  if (texts.length !== values.length) return undefined;
  const takesValues = operator === 'In' || operator === 'NotIn';
  const takesNone = operator === 'Exists' || operator === 'DoesNotExist';
  if (takesValues && texts.length > 0) return { key, operator, values: texts, isLabel: false };
  if (takesNone && texts.length === 0) return { key, operator, values: [], isLabel: false };
  return undefined;
}

/** `with app=web, tier in (web, api) and without role`. Empty for no requirement. */
export function requirementsPhrase(requirements: readonly Requirement[]): Phrase {
  const withs = requirements.filter(({ operator }) => operator !== 'DoesNotExist').map(requirementPhrase);
  const withouts = requirements.filter(({ operator }) => operator === 'DoesNotExist').map(requirementPhrase);
  const clauses = [
    ...(withs.length > 0 ? [say`with ${list(withs)}`] : []),
    ...(withouts.length > 0 ? [say`without ${list(withouts, 'or')}`] : []),
  ];
  return list(clauses);
}

export function requirementPhrase({ key, operator, values, isLabel }: Requirement): Phrase {
  const joined = values.join(', ');
  switch (operator) {
    case 'In':
      return say`${part('selector', isLabel ? `${key}=${joined}` : `${key} in (${joined})`)}`;
    case 'NotIn':
      return say`${part('selector', `${key} not in (${joined})`)} (or no such label)`;
    case 'Exists':
      return say`any value of ${part('selector', key)}`;
    case 'DoesNotExist':
      return say`the label ${part('selector', key)}`;
    default:
      return operator satisfies never;
  }
}

/** "pods with app=web", "every pod" for no requirement. */
export function nounWith({ one, many }: { one: string; many: string }, requirements: readonly Requirement[]): Phrase {
  return requirements.length === 0 ? say`every ${one}` : say`${many} ${requirementsPhrase(requirements)}`;
}

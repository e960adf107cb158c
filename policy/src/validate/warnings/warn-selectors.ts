import type { JsonObject } from '../../source/json.ts';
import { itemsOf, objectAt, objectsOf, textAt } from '../access.ts';
import type { Findings, Path } from '../findings.ts';

/** Selectors that can match nothing, or whose meaning is left to chance. */
export function warnSelector(selector: JsonObject, path: Path, findings: Findings): void {
  const labels = objectAt(selector, 'matchLabels') ?? {};
  for (const key of Object.keys(labels)) {
    if (!key.includes(':') && Object.hasOwn(labels, `any:${key}`) && labels[key] !== labels[`any:${key}`]) {
      const message = `\`${key}\` and \`any:${key}\` are one key for Cilium, and which of their two values counts is left to chance: keep one`;
      findings.warn('ambiguous-label', [...path, 'matchLabels', key], message);
    }
  }
  const demands = new Map(
    Object.entries(labels).map(([key, value]) => [key, [{ operator: 'In', values: [value] }] as Parts[]]),
  );
  for (const [index, expression] of objectsOf(selector, 'matchExpressions')) {
    const key = textAt(expression, 'key');
    const own = partsOf(expression);
    const earlier = demands.get(key) ?? [];
    const clash = earlier.find((other) => excludes(own, other) || excludes(other, own));
    if (clash !== undefined) {
      const message = `This selector matches nothing: \`${key}\` must be ${say(clash)} and ${say(own)} at once`;
      findings.warn('selects-nothing', [...path, 'matchExpressions', index], message);
    }
    if (earlier.length < mostCompared) demands.set(key, [...earlier, own]);
  }
}

/** Nobody writes more expressions of one key; the limit keeps hostile selectors cheap. */
const mostCompared = 8;

interface Parts {
  readonly operator: string;
  readonly values: readonly unknown[];
}

function partsOf(expression: JsonObject): Parts {
  return { operator: textAt(expression, 'operator'), values: itemsOf(expression, 'values') };
}

function excludes(one: Parts, other: Parts): boolean {
  if (one.values.length * other.values.length > 10_000) return false;
  if (one.operator === 'DoesNotExist') return other.operator === 'In' || other.operator === 'Exists';
  if (one.operator !== 'In') return false;
  if (other.operator === 'In') return !one.values.some((value) => other.values.includes(value));
  return other.operator === 'NotIn' && one.values.every((value) => other.values.includes(value));
}

function say({ operator, values }: Parts): string {
  const list =
    values
      .slice(0, 5)
      .map((value) => JSON.stringify(value))
      .join(' or ') + (values.length > 5 ? ' or …' : '');
  if (operator === 'In') return list;
  if (operator === 'NotIn') return `not ${list}`;
  return operator === 'Exists' ? 'there' : 'absent';
}

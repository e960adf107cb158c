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
  for (const [index, expression] of objectsOf(selector, 'matchExpressions')) {
    const reason = contradiction(selector, expression, index);
    if (reason !== undefined)
      findings.warn(
        'selects-nothing',
        [...path, 'matchExpressions', index],
        `This selector matches nothing: ${reason}`,
      );
  }
}

/** Why no labels satisfy an expression together with the ones before it and with `matchLabels`. */
function contradiction(selector: JsonObject, expression: JsonObject, index: number): string | undefined {
  const key = textAt(expression, 'key');
  const labels = objectAt(selector, 'matchLabels') ?? {};
  const wanted = Object.hasOwn(labels, key) ? [labels[key]] : undefined;
  const earlier = objectsOf(selector, 'matchExpressions').filter(
    ([at, other]) => at < index && textAt(other, 'key') === key,
  );
  const sets = [
    ...(wanted === undefined ? [] : [{ operator: 'In', values: wanted }]),
    ...earlier.map(([, other]) => partsOf(other)),
  ];
  const own = partsOf(expression);
  const clash = sets.find((other) => excludes(own, other) || excludes(other, own));
  return clash === undefined ? undefined : `\`${key}\` must be ${say(clash)} and ${say(own)} at once`;
}

interface Parts {
  readonly operator: string;
  readonly values: readonly unknown[];
}

function partsOf(expression: JsonObject): Parts {
  return { operator: textAt(expression, 'operator'), values: itemsOf(expression, 'values') };
}

function excludes(one: Parts, other: Parts): boolean {
  if (one.operator === 'DoesNotExist') return other.operator === 'In' || other.operator === 'Exists';
  if (one.operator !== 'In') return false;
  if (other.operator === 'In') return !one.values.some((value) => other.values.includes(value));
  return other.operator === 'NotIn' && one.values.every((value) => other.values.includes(value));
}

function say({ operator, values }: Parts): string {
  const list = values.map((value) => JSON.stringify(value)).join(' or ');
  if (operator === 'In') return list;
  if (operator === 'NotIn') return `not ${list}`;
  return operator === 'Exists' ? 'there' : 'absent';
}

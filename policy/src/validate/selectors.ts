import type { JsonObject } from '../source/json.ts';
import { itemsOf, objectAt, objectsOf, textAt } from './access.ts';
import type { Findings, Path, Refuser } from './findings.ts';
import { labelValue } from './formats.ts';
import { labelKeyFault, selectorKeyFault } from './label-keys.ts';
import { isLabelValue } from './metadata.ts';
import { nearestWord } from './nearest-word.ts';
import { selectorOperators } from './selector-schema.ts';

interface SelectorCheck {
  /** Cilium's selectors may have a source before the key. */
  readonly by: Refuser;
  readonly findings: Findings;
}

/** A label selector as its validator checks it (Kubernetes' own, and Cilium's copy of it). */
export function checkSelector(selector: JsonObject, path: Path, check: SelectorCheck): void {
  for (const [key, value] of Object.entries(objectAt(selector, 'matchLabels') ?? {})) {
    checkKey(key, [...path, 'matchLabels', key], check);
    if (typeof value === 'string') checkValue(value, [...path, 'matchLabels', key], check);
  }
  for (const [index, expression] of objectsOf(selector, 'matchExpressions')) {
    checkExpression(expression, [...path, 'matchExpressions', index], check);
  }
}

function checkExpression(expression: JsonObject, path: Path, check: SelectorCheck): void {
  const { by, findings } = check;
  const operator = textAt(expression, 'operator');
  const values = itemsOf(expression, 'values');
  if ((operator === 'In' || operator === 'NotIn') && values.length === 0) {
    findings.refuse(by, 'missing-values', path, `\`${operator}\` needs at least one item in \`values\``);
  } else if ((operator === 'Exists' || operator === 'DoesNotExist') && values.length > 0) {
    findings.refuse(
      by,
      'needless-values',
      [...path, 'values'],
      `\`${operator}\` asks for the key alone: remove \`values\`, or write In or NotIn`,
    );
  } else if (!selectorOperators.some((known) => known === operator)) {
    const fix = nearestWord(operator, selectorOperators);
    const choices = selectorOperators.join(', ');
    findings.refuse(
      by,
      'not-allowed',
      [...path, 'operator'],
      `${JSON.stringify(operator)} is not an operator: ${fix === undefined ? `write one of ${choices}` : `did you mean ${fix}?`}`,
    );
  }
  checkKey(textAt(expression, 'key'), [...path, 'key'], check);
  for (const [index, value] of values.entries()) {
    if (typeof value === 'string') checkValue(value, [...path, 'values', index], check);
  }
}

function checkKey(key: string, path: Path, { by, findings }: SelectorCheck): void {
  const fault = by === 'cilium' ? selectorKeyFault(key) : labelKeyFault(key);
  if (fault !== undefined)
    findings.refuse(by, 'bad-label-key', path, `\`${key}\` cannot be the key of a label: ${fault}`);
}

function checkValue(value: string, path: Path, { by, findings }: SelectorCheck): void {
  if (isLabelValue(value)) return;
  findings.refuse(
    by,
    'bad-label-value',
    path,
    `${JSON.stringify(value)} cannot be the value of a label: it must be ${labelValue.says}, 63 characters at most`,
  );
}

import type { JsonObject, JsonValue } from '../source/json.ts';
import type { LabelExpression, LabelSelector } from './model.ts';
import { at, isAbsent, name, obstruct, readList, readObject, readText, readTexts, refuseOthers } from './reading.ts';
import type { At } from './reading.ts';

/** An absent selector and an empty one both select everything where they stand. */
export function readSelector(value: JsonValue | undefined, place: At): LabelSelector {
  if (isAbsent(value)) return {};
  const selector = readObject(value, place);
  if (selector === undefined) return {};
  refuseOthers(selector, place, { shown: ['matchLabels', 'matchExpressions'] });
  const matchLabels = readLabels(selector['matchLabels'], at(place, 'matchLabels'));
  const expressions = readList(selector['matchExpressions'], at(place, 'matchExpressions')) ?? [];
  const matchExpressions = expressions.flatMap((item, index) =>
    readExpression(item, at(place, 'matchExpressions', index)),
  );
  return selectorOf(matchLabels, matchExpressions);
}

/** Leaves out what is empty. */
export function selectorOf(
  matchLabels: Readonly<Record<string, string>>,
  matchExpressions: readonly LabelExpression[],
): LabelSelector {
  return {
    ...(Object.keys(matchLabels).length > 0 ? { matchLabels } : {}),
    ...(matchExpressions.length > 0 ? { matchExpressions } : {}),
  };
}

function readLabels(value: JsonValue | undefined, place: At): Readonly<Record<string, string>> {
  if (isAbsent(value)) return {};
  const labels = readObject(value, place) ?? {};
  const entries = Object.entries(labels).map(([key, label]) => {
    if (typeof label !== 'string')
      obstruct(at(place, key), 'not-text', `The value of label ${key} should be text: put it in quotes`);
    return [key, typeof label === 'string' ? label : ''] as const;
  });
  return Object.fromEntries(entries);
}

function readExpression(value: JsonValue, place: At): readonly LabelExpression[] {
  const expression = readObject(value, place);
  if (expression === undefined) return [];
  refuseOthers(expression, place, { shown: ['key', 'operator', 'values'] });
  const key = readText(expression['key'], at(place, 'key'));
  const operator = operatorOf(expression['operator']);
  const values = readTexts(expression['values'], at(place, 'values'));
  if (key === undefined) obstruct(place, 'incomplete', `${name(place)} has no key`);
  if (operator === undefined)
    obstruct(at(place, 'operator'), 'unknown-operator', 'The operator should be In, NotIn, Exists or DoesNotExist');
  if (key === undefined || operator === undefined) return [];
  return [{ key, operator, ...(values.length > 0 ? { values } : {}) }];
}

const operators = ['In', 'NotIn', 'Exists', 'DoesNotExist'] as const;

function operatorOf(value: JsonValue | undefined): LabelExpression['operator'] | undefined {
  return operators.find((operator) => operator === value);
}

/** A selector as the manifest has it. */
export function printSelector({ matchLabels, matchExpressions }: LabelSelector): JsonObject {
  return {
    ...(matchLabels ? { matchLabels } : {}),
    ...(matchExpressions
      ? {
          matchExpressions: matchExpressions.map(({ key, operator, values }) => ({
            key,
            operator,
            ...(values ? { values } : {}),
          })),
        }
      : {}),
  };
}

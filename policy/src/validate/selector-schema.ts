import { labelValue } from './formats.ts';
import { list, map, object, text } from './schema.ts';
import type { ObjectSchema } from './schema.ts';

export const selectorOperators = ['In', 'NotIn', 'Exists', 'DoesNotExist'] as const;

/** A label selector of a CRD. */
export function selectorSchema(): ObjectSchema {
  const expression = object(
    'a label expression',
    { key: text(), operator: text({ words: selectorOperators }), values: list(text()) },
    { required: ['key', 'operator'] },
  );
  return object('a label selector', {
    matchLabels: map(text({ maxLength: 63, format: labelValue })),
    matchExpressions: list(expression),
  });
}

/** A label selector of a built-in kind: decoded first, validated afterwards. */
export function looseSelectorSchema(): ObjectSchema {
  const expression = object('a label expression', { key: text(), operator: text(), values: list(text()) });
  return object('a label selector', { matchLabels: map(text()), matchExpressions: list(expression) });
}

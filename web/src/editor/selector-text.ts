import type { LabelExpression, LabelSelector } from '@bartizan/policy';

/** What somebody typed, understood or not. */
export type Typed<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly message: string };

/** One condition of a selector. */
export type Requirement =
  | { readonly kind: 'label'; readonly key: string; readonly value: string }
  | { readonly kind: 'expression'; readonly expression: LabelExpression };

/** `app=web`, `tier in (a, b)`, `tier not in (a)`, `tier exists`, `tier does not exist`; kubectl's `!=`, `!tier` and `notin` too. */
export function readRequirement(text: string): Typed<Requirement> {
  const typed = text.trim();
  const set = /^(\S+)\s+(not\s*in|in)\s*\(([^)]*)\)$/i.exec(typed);
  if (set) return readSet(set[1] ?? '', /^in$/i.test(set[2] ?? ''), set[3] ?? '');
  const absent = /^!(\S+)$/.exec(typed) ?? /^(\S+)\s+does\s*not\s*exist$/i.exec(typed);
  if (absent) return expression({ key: absent[1] ?? '', operator: 'DoesNotExist' });
  const present = /^(\S+)\s+exists$/i.exec(typed);
  if (present) return expression({ key: present[1] ?? '', operator: 'Exists' });
  const pair = /^([^\s=!]+)\s*(==?|!=)\s*(\S*)$/.exec(typed);
  if (!pair) return { ok: false, message: hint(typed) };
  const [, key = '', sign, value = ''] = pair;
  if (sign === '!=') return expression({ key, operator: 'NotIn', values: [value] });
  return { ok: true, value: { kind: 'label', key, value } };
}

function readSet(key: string, isIn: boolean, list: string): Typed<Requirement> {
  const values = list
    .split(',')
    .map((value) => value.trim())
    .filter((value) => value !== '');
  if (values.length === 0) return { ok: false, message: `Name at least one value: ${key} in (a, b)` };
  return expression({ key, operator: isIn ? 'In' : 'NotIn', values });
}

function expression(value: LabelExpression): Typed<Requirement> {
  return { ok: true, value: { kind: 'expression', expression: value } };
}

function hint(typed: string): string {
  const colon = /^([^\s:]+):(\S+)$/.exec(typed);
  if (colon) return `A label is written ${colon[1]}=${colon[2]}`;
  return 'A label needs a key and a value, for example app=web';
}

export function printRequirement(requirement: Requirement): string {
  if (requirement.kind === 'label') return `${requirement.key}=${requirement.value}`;
  const { key, operator, values = [] } = requirement.expression;
  switch (operator) {
    case 'In':
      return `${key} in (${values.join(', ')})`;
    case 'NotIn':
      return `${key} not in (${values.join(', ')})`;
    case 'Exists':
      return `${key} exists`;
    case 'DoesNotExist':
      return `${key} does not exist`;
    default:
      return operator satisfies never;
  }
}

export function requirementsOf({ matchLabels = {}, matchExpressions = [] }: LabelSelector): readonly Requirement[] {
  return [
    ...Object.entries(matchLabels).map(([key, value]): Requirement => ({ kind: 'label', key, value })),
    ...matchExpressions.map((one): Requirement => ({ kind: 'expression', expression: one })),
  ];
}

/** The selector of these conditions; of two labels with one key the later counts. What is empty is left out. */
export function selectorOf(requirements: readonly Requirement[]): LabelSelector {
  const labels = requirements.flatMap((one) => (one.kind === 'label' ? [[one.key, one.value] as const] : []));
  const expressions = requirements.flatMap((one) => (one.kind === 'expression' ? [one.expression] : []));
  return {
    ...(labels.length > 0 ? { matchLabels: Object.fromEntries(labels) } : {}),
    ...(expressions.length > 0 ? { matchExpressions: expressions } : {}),
  };
}

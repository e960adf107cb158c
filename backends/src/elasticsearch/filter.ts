import type { FilterTerm, TransactionField } from '@bartizan/api';
import { transactionFields } from '@bartizan/api';
import type { TransactionRow } from '@bartizan/waf';
import type { ReadLine } from './decode.ts';

type Value = string | number | readonly string[] | null;

/** The value of a field: of a list, every item. */
function valueOf(row: TransactionRow, field: TransactionField): Value {
  if (field === 'rule') return row.rules.map(({ id }) => id);
  if (field === 'category') return row.categories;
  return row[field];
}

function isField(name: string): name is TransactionField {
  return Object.hasOwn(transactionFields, name);
}

/** Whether a record is among those that the filter keeps, as the embedded store decides it. */
export function keepsRecord(row: TransactionRow, filter: readonly FilterTerm[]): boolean {
  return filter.every((term) => {
    if (!isField(term.field)) throw new Error(`transactions cannot be filtered by ${term.field}`);
    return fits(valueOf(row, term.field), term) !== term.negated;
  });
}

const lineFields: ReadonlySet<string> = new Set([
  'client',
  'method',
  'host',
  'path',
  'status',
  'namespace',
  'upstream',
]);

/** Whether access lines alone can tell which requests the filter keeps. */
export function asksOfLinesOnly(filter: readonly FilterTerm[]): boolean {
  return filter.every(({ field }) => lineFields.has(field));
}

export function keepsLine(line: ReadLine, filter: readonly FilterTerm[]): boolean {
  return filter.every((term) => fits(line[term.field as keyof ReadLine], term) !== term.negated);
}

function fits(value: Value, { field, test }: FilterTerm): boolean {
  const items: readonly (string | number)[] = typeof value === 'object' ? (value ?? []) : [value];
  switch (test.kind) {
    case 'any-of': {
      if (field === 'class') return test.values.some((each) => isOfClass(value, each));
      if (field === 'status' || field === 'score') return test.values.some((each) => value === Number(each));
      if (value === null) return test.values.includes('');
      return items.some((item) => test.values.includes(String(item)));
    }
    case 'contains':
      return items.some((item) => String(item).includes(test.text));
    case 'compare':
      return typeof value === 'number' && compares(value, test.operator, test.number);
    case 'present':
      return items.some((item) => item !== '');
    default:
      return test satisfies never;
  }
}

function isOfClass(value: Value, name: string): boolean {
  return name === 'anomalous' ? value === 'blocked' || value === 'detected' : value === name;
}

function compares(value: number, operator: '>' | '>=' | '<' | '<=', limit: number): boolean {
  switch (operator) {
    case '>':
      return value > limit;
    case '>=':
      return value >= limit;
    case '<':
      return value < limit;
    case '<=':
      return value <= limit;
    default:
      return operator satisfies never;
  }
}

import type { FilterTerm, TransactionField, Window } from '@bartizan/api';
import type { DuckDBValue } from '@duckdb/node-api';
import type { TransactionQuery } from '../transaction-store.ts';
import type { Scope } from '../scope.ts';
import { classes, separator } from './transactions-tables.ts';

export type Bind = (value: DuckDBValue) => string;

/** Collects values, and says how the statement names each. */
export function createValues(): { readonly values: readonly DuckDBValue[]; readonly bind: Bind } {
  const values: DuckDBValue[] = [];
  return { values, bind: (value) => `$${values.push(value)}${typeOf(value)}` };
}

/** Without a type a number is compared as HUGEINT or DOUBLE, which is many times slower. */
function typeOf(value: DuckDBValue): string {
  if (typeof value === 'bigint') return '::BIGINT';
  return typeof value === 'number' && Number.isInteger(value) && Math.abs(value) < 2 ** 31 ? '::INTEGER' : '';
}

interface Column {
  readonly kind: 'class' | 'text' | 'number' | 'list';
  readonly name: string;
  /** May be null, which a filter knows as the empty text. */
  readonly isOptional?: boolean;
}

const columns: Readonly<Record<TransactionField, Column>> = {
  class: { kind: 'class', name: 'class' },
  client: { kind: 'text', name: 'client' },
  method: { kind: 'text', name: 'method' },
  host: { kind: 'text', name: 'host' },
  path: { kind: 'text', name: 'path' },
  status: { kind: 'number', name: 'status' },
  rule: { kind: 'list', name: 'rules' },
  category: { kind: 'list', name: 'categories' },
  score: { kind: 'number', name: 'score' },
  namespace: { kind: 'text', name: 'namespace', isOptional: true },
  upstream: { kind: 'text', name: 'upstream', isOptional: true },
};

export function duringAny(windows: readonly Window[], bind: Bind): string {
  const spans = windows.map(
    ({ fromMs, toMs }) =>
      `(time_ms >= ${bind(BigInt(Math.ceil(fromMs)))} AND time_ms < ${bind(BigInt(Math.ceil(toMs)))})`,
  );
  return spans.length === 0 ? 'false' : `(${spans.join(' OR ')})`;
}

/** True for the transactions that the query is about, but for the time. Every figure, list and export uses this and nothing else. */
export function conditionsOf({ scope, filter }: Omit<TransactionQuery, 'window'>, bind: Bind): string[] {
  return [...scopeConditions(scope, bind), ...filter.map((term) => termCondition(term, bind))];
}

/** The columns that the terms look at. */
export function columnsOf(filter: TransactionQuery['filter']): string[] {
  return filter.map(({ field }) => columnOf(field).name);
}

function scopeConditions(scope: Scope, bind: Bind): string[] {
  if (scope.kind === 'all') return [];
  const inside = [anyOf('namespace', scope.namespaces, bind), anyOf('host', scope.hosts, bind)];
  return [anyOf('source', scope.sources, bind), `(${inside.join(' OR ')})`];
}

function anyOf(column: string, values: readonly DuckDBValue[], bind: Bind): string {
  return values.length === 0 ? 'false' : `${column} IN (${values.map(bind).join(', ')})`;
}

/** Only a negated condition must say what becomes of no value: without a function around it the scan skips what cannot fit. */
function termCondition({ field, negated, test }: FilterTerm, bind: Bind): string {
  const condition = testCondition(columnOf(field), test, bind);
  return negated ? `NOT coalesce(${condition}, false)` : condition;
}

function columnOf(field: string): Column {
  if (!Object.hasOwn(columns, field)) throw new Error(`transactions cannot be filtered by ${field}`);
  return columns[field as TransactionField];
}

function testCondition({ kind, name, isOptional = false }: Column, test: FilterTerm['test'], bind: Bind): string {
  switch (test.kind) {
    case 'any-of':
      if (kind === 'class') return anyOf(name, test.values.flatMap(classNumbers), bind);
      if (kind === 'number') return anyOf(name, test.values.map(Number), bind);
      if (kind === 'text')
        return anyOf(isOptional && test.values.includes('') ? `coalesce(${name}, '')` : name, test.values, bind);
      return `list_has_any(string_split(${name}, '${separator}'), [${test.values.map(bind).join(', ')}])`;
    case 'contains':
      return `contains(CAST(${name} AS VARCHAR), ${bind(test.text)})`;
    case 'compare':
      return `${name} ${operators[test.operator]} ${bind(test.number)}`;
    case 'present':
      return kind === 'text' || kind === 'list' ? `${name} <> ''` : `${name} IS NOT NULL`;
    default:
      return test satisfies never;
  }
}

const operators = { '>': '>', '>=': '>=', '<': '<', '<=': '<=' } as const;

function classNumbers(name: string): number[] {
  if (name === 'anomalous') return [classes.indexOf('detected'), classes.indexOf('blocked')];
  return classes.flatMap((known, index) => (known === name ? [index] : []));
}

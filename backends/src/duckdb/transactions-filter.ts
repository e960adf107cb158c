import type { FilterTerm, TransactionField } from '@bartizan/api';
import type { DuckDBValue } from '@duckdb/node-api';
import type { TransactionQuery } from '../transaction-store.ts';
import type { Scope } from '../scope.ts';
import { classes, separator } from './transactions-tables.ts';

type Bind = (value: DuckDBValue) => string;

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

/** True for the transactions that the query is about. Every figure, list and export uses this and nothing else. */
export function whereOf(query: TransactionQuery, bind: Bind): string {
  return [
    `time_ms >= ${bind(BigInt(Math.ceil(query.window.fromMs)))}`,
    `time_ms < ${bind(BigInt(Math.ceil(query.window.toMs)))}`,
    ...scopeConditions(query.scope, bind),
    ...query.filter.map((term) => termCondition(term, bind)),
  ].join(' AND ');
}

export function scopeConditions(scope: Scope, bind: Bind): string[] {
  if (scope.kind === 'all') return [];
  const inside = [anyOf('namespace', scope.namespaces, bind), anyOf('host', scope.hosts, bind)];
  return [anyOf('source', scope.sources, bind), `(${inside.join(' OR ')})`];
}

function anyOf(column: string, values: readonly DuckDBValue[], bind: Bind): string {
  return values.length === 0 ? 'false' : `${column} IN (${values.map(bind).join(', ')})`;
}

/** Only a negated condition must say what becomes of no value: without a function around it the scan skips what cannot fit. */
function termCondition({ field, negated, test }: FilterTerm, bind: Bind): string {
  if (!Object.hasOwn(columns, field)) throw new Error(`transactions cannot be filtered by ${field}`);
  const condition = testCondition(columns[field as TransactionField], test, bind);
  return negated ? `NOT coalesce(${condition}, false)` : condition;
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

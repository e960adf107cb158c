import type { FilterTerm, FlowField } from '@bartizan/api';
import type { DuckDBValue } from '@duckdb/node-api';
import type { Scope } from '../scope.ts';

/** Collects values, and says how the statement names each. */
export interface Binder {
  readonly values: readonly DuckDBValue[];
  bind(value: DuckDBValue): string;
}

export function createBinder(): Binder {
  const values: DuckDBValue[] = [];
  return { values, bind: (value) => `$${values.push(value)}${typeOf(value)}` };
}

/** Without its type a whole number is compared as HUGEINT, which makes the columns be cast and their zone maps useless. */
function typeOf(value: DuckDBValue): string {
  return typeof value === 'bigint' ? '::BIGINT' : '';
}

/** Of whole events, or of counts by the hour (`flow_kinds`). */
export type Shape = 'whole' | 'counted';

/** What a field of the filter language is compared with: one expression, any of several, or the items of a list. */
type Column =
  | { readonly kind: 'text' | 'number'; readonly expressions: readonly string[] }
  | { readonly kind: 'list'; readonly expression: string };

const sameInBoth = {
  verdict: text('verdict'),
  type: text('type'),
  subtype: text('subtype'),
  direction: text('direction'),
  namespace: text('source_namespace', 'destination_namespace'),
  port: { kind: 'number', expressions: ['port'] },
  protocol: text('protocol'),
  reason: text('reason'),
  name: { kind: 'list', expression: 'names' },
  reply: text('reply'),
} as const satisfies Partial<Record<FlowField, Column>>;

/** How the end of an event is called where hours are counted. */
export function groupedName(end: 'source' | 'destination', shape: Shape): string {
  return shape === 'whole' ? `coalesce(${end}_network, ${end}_name)` : `${end}_name`;
}

export function pairOf(source: string, destination: string): string {
  return `(${source} || ' -> ' || ${destination})`;
}

/** An address outside is found by its network too; a text that may be part of an address is not asked of counts. */
function columnOf(field: string, shape: Shape, test: FilterTerm['test']): Column {
  const isPart = test.kind === 'contains';
  const nameOf = (end: 'source' | 'destination'): string =>
    shape === 'counted' && isPart ? `(CASE WHEN ${end}_is_network THEN '' ELSE ${end}_name END)` : `${end}_name`;
  const grouped = shape === 'whole' && test.kind === 'any-of';
  switch (field) {
    case 'source':
    case 'destination':
      return text(nameOf(field), ...(grouped ? [`${field}_network`] : []));
    case 'pair': {
      const names = pairOf(nameOf('source'), nameOf('destination'));
      return text(names, ...(grouped ? [pairOf(groupedName('source', shape), groupedName('destination', shape))] : []));
    }
    case 'node':
      if (shape === 'whole') return text('node');
      break;
    default:
      if (Object.hasOwn(sameInBoth, field)) return sameInBoth[field as keyof typeof sameInBoth];
  }
  throw new Error(`flows cannot be filtered by ${field}`);
}

function text(...expressions: readonly string[]): Column {
  return { kind: 'text', expressions };
}

/** True for what the query is about, whatever its time; empty where that is everything. */
export function conditionsOf(
  query: { readonly scope: Scope; readonly filter: readonly FilterTerm[] },
  binder: Binder,
  shape: Shape,
): readonly string[] {
  const conditionOf = (term: FilterTerm): string =>
    term.field === 'place' ? placeCondition(term, query.scope, binder) : termCondition(term, binder, shape);
  return [...scopeConditions(query.scope, binder), ...query.filter.map(conditionOf)];
}

/** What is inside at both ends is ingress and egress as well. */
function placeCondition({ negated, test }: FilterTerm, scope: Scope, binder: Binder): string {
  const { out, into } = placeExpressions(scope, binder);
  const places: Readonly<Record<string, string>> = { ingress: into, egress: out, internal: `(${out} AND ${into})` };
  const asked = test.kind === 'any-of' ? test.values.map((value) => places[value] ?? 'false') : ['true'];
  return `${negated ? 'NOT ' : ''}(${asked.join(' OR ')})`;
}

/** Where an event lies; without a set of namespaces, inside is whatever has one, or has none at either end. */
export function placeExpressions(scope: Scope, binder: Binder): { readonly out: string; readonly into: string } {
  if (scope.kind === 'all') {
    const neither = '(source_namespace IS NULL AND destination_namespace IS NULL)';
    return {
      out: `(source_namespace IS NOT NULL OR ${neither})`,
      into: `(destination_namespace IS NOT NULL OR ${neither})`,
    };
  }
  const inside = scope.namespaces.map((namespace) => binder.bind(namespace)).join(', ');
  const isInside = (column: string): string => (inside === '' ? 'false' : `coalesce(${column} IN (${inside}), false)`);
  return { out: isInside('source_namespace'), into: isInside('destination_namespace') };
}

/** Columns as they are: where functions stand around them, a scan cannot skip what does not fit. */
function scopeConditions(scope: Scope, binder: Binder): string[] {
  if (scope.kind === 'all') return [];
  const ends = ['source_namespace', 'destination_namespace'].map((end) => inList(end, scope.namespaces, binder));
  return [inList('source', scope.sources, binder), `(${ends.join(' OR ')})`];
}

export function inList(expression: string, values: readonly string[], binder: Binder): string {
  if (values.length === 0) return 'false';
  return `${expression} IN (${values.map((value) => binder.bind(value)).join(', ')})`;
}

/** A row without a value is never equal to one, so it is kept by a negated term. */
function termCondition({ field, negated, test }: FilterTerm, binder: Binder, shape: Shape): string {
  const matches = field === 'pair' ? pairCondition(test, binder, shape) : fieldCondition(field, test, binder, shape);
  return negated ? `NOT coalesce(${matches}, false)` : matches;
}

function fieldCondition(field: string, test: FilterTerm['test'], binder: Binder, shape: Shape): string {
  const column = columnOf(field, shape, test);
  return column.kind === 'list' ? listCondition(column.expression, test, binder) : anyOf(column, test, binder);
}

const arrow = ' -> ';

/** Each end by itself, where that is the same: no pair has to be put together to be compared. */
function pairCondition(test: FilterTerm['test'], binder: Binder, shape: Shape): string {
  if (test.kind === 'any-of') {
    const pairs = test.values.map((value) => value.split(arrow));
    if (pairs.every((ends) => ends.length === 2))
      return `(${pairs.map((ends) => endsCondition(ends, binder, shape)).join(' OR ')})`;
  }
  // A text that has nothing of the arrow is in one of the ends.
  if (test.kind === 'contains' && !/[ >]/.test(test.text) && test.text !== '-')
    return `(${(['source', 'destination'] as const).map((end) => fieldCondition(end, test, binder, shape)).join(' OR ')})`;
  return fieldCondition('pair', test, binder, shape);
}

/** Of addresses both ends as they are, or both by their networks. */
function endsCondition([source = '', destination = '']: readonly string[], binder: Binder, shape: Shape): string {
  const [from, to] = [binder.bind(source), binder.bind(destination)];
  const named = `(source_name = ${from} AND destination_name = ${to})`;
  if (shape === 'counted') return named;
  return `(${named} OR (${isCalled('source', from)} AND ${isCalled('destination', to)}))`;
}

function isCalled(end: 'source' | 'destination', value: string): string {
  return `(${end}_network = ${value} OR (${end}_network IS NULL AND ${end}_name = ${value}))`;
}

function anyOf(column: Extract<Column, { kind: 'text' | 'number' }>, test: FilterTerm['test'], binder: Binder): string {
  return `(${column.expressions.map((expression) => oneCondition({ kind: column.kind, expression }, test, binder)).join(' OR ')})`;
}

function oneCondition(
  { kind, expression }: { readonly kind: 'text' | 'number'; readonly expression: string },
  test: FilterTerm['test'],
  binder: Binder,
): string {
  switch (test.kind) {
    case 'any-of': {
      const values = kind === 'number' ? test.values.map(Number) : test.values;
      return `${expression} IN (${values.map((value) => binder.bind(value)).join(', ')})`;
    }
    case 'contains':
      return `contains(CAST(${expression} AS VARCHAR), ${binder.bind(test.text)})`;
    case 'compare':
      return `${expression} ${test.operator} ${binder.bind(test.number)}`;
    case 'present':
      return `${expression} <> ''`;
    default:
      return test satisfies never;
  }
}

function listCondition(expression: string, test: FilterTerm['test'], binder: Binder): string {
  switch (test.kind) {
    case 'any-of':
      return `(${test.values.map((value) => `list_contains(${expression}, ${binder.bind(value)})`).join(' OR ')})`;
    case 'contains':
      return `len(list_filter(${expression}, lambda one: contains(one, ${binder.bind(test.text)}))) > 0`;
    case 'present':
      return `len(${expression}) > 0`;
    case 'compare':
      return 'false';
    default:
      return test satisfies never;
  }
}

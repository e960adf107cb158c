import { FirstSeenKind } from '@bartizan/api';
import type { FirstSeen, FlowQuery } from '../flow-store.ts';
import type { Row } from './flows-decode.ts';
import { createBinder, groupedName, pairOf } from './flows-filter.ts';
import type { Shape } from './flows-filter.ts';
import type { Plan } from './flows-plan.ts';
import { everyPart } from './flows-query.ts';
import type { Statement } from './flows-query.ts';

interface Expression {
  readonly value: string;
  /** The parts of the value by which its records are found. */
  readonly parts: readonly string[];
  readonly where: string;
}

/** An event that says who asked whom: not the answer, whose port is any. */
const isAsked = "(reply = 'false' OR (reply = 'unknown' AND type IN ('PolicyVerdict', 'Drop')))";

/**
 * Pairs begun by a single address outside are left out: on a public service each of them is new. Names are those of outside:
 * not what the cluster's own DNS serves.
 */
function expressionOf(kind: FirstSeenKind, shape: Shape): Expression {
  const [source, destination] = [groupedName('source', shape), groupedName('destination', shape)];
  const isAddress = shape === 'whole' ? 'source_network IS NOT NULL' : 'source_is_network';
  switch (kind) {
    case 'drop':
    case 'pair':
      return {
        value: pairOf(source, destination),
        parts: [source, destination],
        where: `${kind === 'drop' ? "verdict = 'DROPPED'" : isAsked} AND NOT (source_namespace IS NULL AND ${isAddress})`,
      };
    case 'name':
      return { value: 'unnest(names)', parts: [], where: 'len(names) > 0' };
    case 'port':
      return {
        value: `(${destination} || ' ' || port || '/' || protocol)`,
        parts: [destination, 'CAST(port AS VARCHAR)', 'protocol'],
        where: `${isAsked} AND port IS NOT NULL AND destination_namespace IS NOT NULL`,
      };
    default:
      return kind satisfies never;
  }
}

const ofTheCluster = String.raw`regexp_matches(value, '\.(cluster\.local|svc|local|in-addr\.arpa|ip6\.arpa)$')`;

/** Values of one kind that the window has and all that is stored before it has not; what got through comes first. */
function firstSeenStatement(
  { window, scope }: Pick<FlowQuery, 'window' | 'scope'>,
  plan: Plan,
  { kind, limit }: { readonly kind: FirstSeenKind; readonly limit: number },
): Statement {
  const binder = createBinder();
  const from = binder.bind(BigInt(Math.ceil(window.fromMs)));
  const names = expressionOf(kind, 'whole').parts.map((_, at) => `part${at}`);
  const events = everyPart(
    { query: { window, scope, filter: [] }, plan, binder },
    ({ shape, firstMs }) => {
      const { value, parts } = expressionOf(kind, shape);
      const named = parts.map((part, at) => `${part} AS part${at}`);
      return [`${value} AS value`, ...named, 'verdict', `${firstMs} AS first_ms`].join(', ');
    },
    (shape) => expressionOf(kind, shape).where,
  );
  const where = kind === 'name' ? ` WHERE NOT ${ofTheCluster}` : '';
  const first = `SELECT ${['value', ...names.map((name) => `any_value(${name}) AS ${name}`)].join(', ')}, min(first_ms) AS first,
    sum(events)::BIGINT AS events, coalesce(sum(events) FILTER (verdict = 'DROPPED'), 0)::BIGINT AS dropped FROM (${events})${where} GROUP BY value`;
  const sql = `SELECT *, count(*) OVER () AS total FROM (${first}) WHERE first >= ${from}
    ORDER BY dropped = events, first DESC, value LIMIT ${binder.bind(limit)}`;
  return { sql, values: binder.values };
}

/** Asks for every kind; all the store has to know is how to answer a statement. */
export async function findFirstSeen(
  ask: (statement: (plan: Plan) => Statement) => Promise<readonly Row[]>,
  query: Pick<FlowQuery, 'window' | 'scope'>,
  limit: number,
): Promise<Omit<FirstSeen, 'oldestMs'>> {
  const found = await Promise.all(
    FirstSeenKind.options.map(async (kind) => ({
      kind,
      rows: await ask((plan) => firstSeenStatement(query, plan, { kind, limit })),
    })),
  );
  const totals = found.map(({ kind, rows }) => [kind, Number(rows[0]?.['total'] ?? 0)] as const);
  return {
    items: found.flatMap(({ kind, rows }) => rows.map((row) => itemOf(kind, row))),
    totals: Object.fromEntries(totals) as FirstSeen['totals'],
  };
}

function itemOf(kind: FirstSeenKind, row: Row): FirstSeen['items'][number] {
  return {
    kind,
    value: String(row['value']),
    parts: kind === 'name' ? [String(row['value'])] : partsIn(row),
    firstMs: Number(row['first']),
    count: Number(row['events']),
    dropped: Number(row['dropped']),
  };
}

function partsIn(row: Row): string[] {
  return ['part0', 'part1', 'part2'].flatMap((name) => (row[name] === undefined ? [] : [String(row[name])]));
}

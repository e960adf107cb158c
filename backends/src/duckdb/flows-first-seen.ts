import { FirstSeenKind } from '@bartizan/api';
import type { FirstSeen, FlowQuery } from '../flow-store.ts';
import type { Row } from './flows-decode.ts';
import { createBinder, groupedName, pairOf } from './flows-filter.ts';
import type { Binder } from './flows-filter.ts';
import type { Plan } from './flows-plan.ts';
import { everyPart } from './flows-query.ts';
import type { Statement } from './flows-query.ts';

interface Expression {
  /** Made of the parts, by which its records are found. */
  readonly value: string;
  readonly parts: readonly string[];
  readonly where: string;
}

/** An event that says who asked whom: not the answer, whose port is any. */
const isAsked = "(reply = 'false' OR (reply = 'unknown' AND type IN ('PolicyVerdict', 'Drop')))";
const ofTheCluster = String.raw`regexp_matches(name, '\.(cluster\.local|svc|local|in-addr\.arpa|ip6\.arpa)$')`;
const isPair = 'NOT (is_outside AND is_address)';

/**
 * Pairs begun by a single address outside are left out: on a public service each of them is new. Names are those of outside:
 * not what the cluster's own DNS serves.
 */
const expressions: Readonly<Record<FirstSeenKind, Expression>> = {
  drop: {
    value: pairOf('part0', 'part1'),
    parts: ['from_end', 'to_end'],
    where: `verdict = 'DROPPED' AND ${isPair}`,
  },
  pair: { value: pairOf('part0', 'part1'), parts: ['from_end', 'to_end'], where: `is_asked AND ${isPair}` },
  name: { value: 'part0', parts: ['name'], where: `NOT ${ofTheCluster}` },
  port: {
    value: "(part0 || ' ' || part1 || '/' || part2)",
    parts: ['to_end', 'port', 'protocol'],
    where: 'is_asked AND port IS NOT NULL AND is_inside',
  },
};

/** What all kinds are made of, a row for all that is alike. */
function seenStatement(query: Pick<FlowQuery, 'window' | 'scope'>, plan: Plan, binder: Binder): string {
  const columns = 'from_end, to_end, names, port, protocol, verdict, is_asked, is_outside, is_address, is_inside';
  const events = everyPart({ query: { ...query, filter: [] }, plan, binder }, ({ shape, firstMs }) =>
    [
      `${groupedName('source', shape)} AS from_end`,
      `${groupedName('destination', shape)} AS to_end`,
      'names',
      'port',
      'protocol',
      'verdict',
      `${isAsked} AS is_asked`,
      'source_namespace IS NULL AS is_outside',
      `${shape === 'whole' ? 'source_network IS NOT NULL' : 'source_is_network'} AS is_address`,
      'destination_namespace IS NOT NULL AS is_inside',
      `${firstMs} AS first_ms`,
    ].join(', '),
  );
  return `SELECT ${columns}, min(first_ms) AS first_ms, sum(events)::BIGINT AS events FROM (${events}) GROUP BY ${columns}`;
}

/** Values that the window has and all that is stored before it has not; of each kind what got through comes first. */
function firstSeenStatement(query: Pick<FlowQuery, 'window' | 'scope'>, plan: Plan, limit: number): Statement {
  const binder = createBinder();
  const seen = seenStatement(query, plan, binder);
  const from = binder.bind(BigInt(Math.ceil(query.window.fromMs)));
  const most = binder.bind(limit);
  const dropped = "coalesce(sum(events) FILTER (verdict = 'DROPPED'), 0)::BIGINT AS dropped";
  const found = FirstSeenKind.options.map((kind) => {
    const { value, parts, where } = expressions[kind];
    const named = [0, 1, 2].map((place) => `${parts[place] ?? 'NULL'}::VARCHAR AS part${place}`);
    const rows = kind === 'name' ? 'SELECT *, unnest(names) AS name FROM seen' : 'FROM seen';
    const first = `SELECT ${named.join()}, min(first_ms) AS first, sum(events)::BIGINT AS events, ${dropped}
      FROM (${rows}) WHERE ${where} GROUP BY ALL HAVING min(first_ms) >= ${from}`;
    const place = 'row_number() OVER (ORDER BY dropped = events, first DESC, value) AS place';
    return `SELECT *, ${place} FROM (SELECT '${kind}' AS kind, ${value} AS value, *, count(*) OVER () AS total FROM (${first})) QUALIFY place <= ${most}`;
  });
  const sql = `WITH seen AS MATERIALIZED (${seen}) ${found.join(' UNION ALL ')} ORDER BY place`;
  return { sql, values: binder.values };
}

/** All the store has to know is how to answer a statement. */
export async function findFirstSeen(
  ask: (statement: (plan: Plan) => Statement) => Promise<readonly Row[]>,
  query: Pick<FlowQuery, 'window' | 'scope'>,
  limit: number,
): Promise<Omit<FirstSeen, 'oldestMs'>> {
  const rows = await ask((plan) => firstSeenStatement(query, plan, limit));
  const found = FirstSeenKind.options.map((kind) => ({ kind, rows: rows.filter((row) => row['kind'] === kind) }));
  return {
    items: found.flatMap(({ kind, rows: all }) => all.map((row) => itemOf(kind, row))),
    totals: Object.fromEntries(
      found.map(({ kind, rows: [first] }) => [kind, Number(first?.['total'] ?? 0)]),
    ) as FirstSeen['totals'],
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
  return ['part0', 'part1', 'part2'].flatMap((name) =>
    row[name] === null || row[name] === undefined ? [] : [String(row[name])],
  );
}

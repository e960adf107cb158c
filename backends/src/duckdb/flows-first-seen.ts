import { FirstSeenKind } from '@bartizan/api';
import type { FirstSeen, FlowQuery } from '../flow-store.ts';
import type { Row } from './flows-decode.ts';
import { createBinder, nanosOfMs, whereOf } from './flows-filter.ts';
import type { Statement } from './flows-query.ts';

interface Expression {
  readonly value: string;
  /** The parts of the value by which its records are found. */
  readonly parts: readonly string[];
  readonly where: string;
}

/** An event that says who asked whom: not the answer, whose port is any. */
const isAsked = "(reply = 'false' OR (reply = 'unknown' AND type IN ('PolicyVerdict', 'Drop')))";
const isAddress = (name: string): string =>
  String.raw`regexp_full_match(${name}, '[0-9.]+|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*')`;

/**
 * Pairs begun by a single address outside are left out: on a public service each of them is new. Names are those of outside:
 * not what the cluster's own DNS serves.
 */
const kinds: Readonly<Record<FirstSeenKind, Expression>> = {
  drop: {
    value: "source_name || ' -> ' || destination_name",
    parts: ['source_name', 'destination_name'],
    where: `verdict = 'DROPPED' AND NOT (source_namespace IS NULL AND ${isAddress('source_name')})`,
  },
  pair: {
    value: "source_name || ' -> ' || destination_name",
    parts: ['source_name', 'destination_name'],
    where: `${isAsked} AND NOT (source_namespace IS NULL AND ${isAddress('source_name')})`,
  },
  name: {
    value: 'name',
    parts: ['name'],
    where: String.raw`NOT regexp_matches(name, '\.(cluster\.local|svc|local|in-addr\.arpa|ip6\.arpa)$')`,
  },
  port: {
    value: "destination_name || ' ' || port || '/' || protocol",
    parts: ['destination_name', 'CAST(port AS VARCHAR)', 'protocol'],
    where: `${isAsked} AND port IS NOT NULL AND destination_namespace IS NOT NULL`,
  },
};

/** Values of one kind that the window has and all that is stored before it has not; what got through comes first. */
function firstSeenStatement(
  { window, scope }: Pick<FlowQuery, 'window' | 'scope'>,
  { kind, limit }: { readonly kind: FirstSeenKind; readonly limit: number },
): Statement {
  const binder = createBinder();
  const { value, parts, where } = kinds[kind];
  const until = whereOf({ window: { fromMs: 0, toMs: window.toMs }, scope, filter: [] }, binder);
  const from = binder.bind(nanosOfMs(window.fromMs));
  const rows = kind === 'name' ? '(SELECT *, unnest(names) AS name FROM flows)' : 'flows';
  const first = `SELECT ${value} AS value, ${parts.map((part, at) => `any_value(${part}) AS part${at}`).join(', ')}, min(nanos) AS first,
    count(*) AS events, count(*) FILTER (verdict = 'DROPPED') AS dropped FROM ${rows} WHERE ${until} AND ${where} GROUP BY value`;
  const sql = `SELECT *, count(*) OVER () AS total FROM (${first}) WHERE first >= ${from}
    ORDER BY dropped = events, first DESC, value LIMIT ${binder.bind(limit)}`;
  return { sql, values: binder.values };
}

/** Asks for every kind; all the store has to know is how to answer a statement. */
export async function findFirstSeen(
  ask: (statement: Statement) => Promise<readonly Row[]>,
  query: Pick<FlowQuery, 'window' | 'scope'>,
  limit: number,
): Promise<Omit<FirstSeen, 'oldestMs'>> {
  const found = await Promise.all(
    FirstSeenKind.options.map(async (kind) => ({ kind, rows: await ask(firstSeenStatement(query, { kind, limit })) })),
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
    parts: kinds[kind].parts.map((_, at) => String(row[`part${at}`])),
    firstMs: Number(BigInt(String(row['first'])) / 1_000_000n),
    count: Number(row['events']),
    dropped: Number(row['dropped']),
  };
}

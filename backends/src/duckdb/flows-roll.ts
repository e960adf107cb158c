import type { DuckDBConnection } from '@duckdb/node-api';
import { readMark, writeMark } from './flows-marks.ts';
import { addCounts, connectionLevel, flowLevel, mergeNext, tidyHours } from './flows-merge.ts';

/**
 * How far everything is rolled up: events that arrived as number `arrival` or before and are older than `nanos`. Both only grow, in
 * the transaction that adds the counts, so that each event is counted once, either in an hour or as the row that it is.
 */
export interface RolledMark {
  readonly arrival: bigint;
  /** Nanoseconds since 1970. */
  readonly nanos: bigint;
}

export const nanosPerHour = 3_600_000_000_000n;

export async function readRolled(connection: DuckDBConnection): Promise<RolledMark> {
  return {
    arrival: await readMark(connection, 'rolled-arrival'),
    nanos: await readMark(connection, 'rolled-nanos'),
  };
}

/** Adds all that is not rolled up yet and lies before the mark; the caller's transaction makes it whole or not at all. */
export async function rollUp(connection: DuckDBConnection, to: RolledMark): Promise<void> {
  const from = await readRolled(connection);
  // Plain ranges, one after the other: only of these the database knows where it need not look.
  const isNew = (time: string): readonly string[] => [
    `arrival > ${from.arrival} AND arrival <= ${to.arrival} AND ${time} < ${to.nanos}`,
    `arrival <= ${from.arrival} AND ${time} >= ${from.nanos} AND ${time} < ${to.nanos}`,
  ];
  await rollFlows(connection, isNew('nanos'));
  await rollConnections(connection, isNew('began'));
  const [first, over] = [Number(from.nanos / nanosPerHour), Number(to.nanos / nanosPerHour)];
  for (const level of [flowLevel, connectionLevel]) {
    if (first < over) await tidyHours(connection, level, { from: first, to: over });
    await mergeNext(connection, level, over);
  }
  await writeMark(connection, 'rolled-arrival', to.arrival);
  await writeMark(connection, 'rolled-nanos', to.nanos);
}

const sameInBoth = 'source, verdict, type, subtype, direction, reply, source_namespace, destination_namespace';
const kindColumns = `${sameInBoth}, source_name, destination_name, source_is_network, destination_is_network, port, protocol, reason, names`;
/** Stands for the columns while they are compared, which costs a fraction of comparing them: 128 bits, not kept anywhere. */
const kindHash = `hash(${kindColumns}) AS hash, hash('again', ${kindColumns.split(', ').toReversed().join()}) AS hash_again`;
const byHash = 'USING (hash, hash_again)';

/** An event's columns as those of its kind. */
const asKind = `${sameInBoth}, coalesce(source_network, source_name) AS source_name,
  coalesce(destination_network, destination_name) AS destination_name, source_network IS NOT NULL AS source_is_network,
  destination_network IS NOT NULL AS destination_is_network, port, protocol, reason, names`;

async function rollFlows(connection: DuckDBConnection, isNew: readonly string[]): Promise<void> {
  const events = isNew.map((where) => `SELECT rowid AS event, nanos, ${asKind} FROM flows WHERE ${where}`);
  await connection.run(`CREATE OR REPLACE TEMP TABLE flows_rolled AS
    SELECT (nanos // ${nanosPerHour})::INTEGER AS hour, hash, hash_again, count(*) AS count,
      min(nanos) // 1000000 AS first_ms, max(nanos) // 1000000 AS last_ms, min(event) AS event
    FROM (SELECT event, nanos, ${kindHash} FROM (${events.join(' UNION ALL ')})) GROUP BY ALL`);
  const kinds = `(SELECT id, ${kindHash} FROM flow_kinds)`;
  await connection.run(`INSERT INTO flow_kinds SELECT (SELECT coalesce(max(id), 0) FROM flow_kinds) + row_number() OVER (), ${asKind}
    FROM flows WHERE rowid IN (SELECT min(event) FROM flows_rolled ANTI JOIN ${kinds} ${byHash} GROUP BY hash, hash_again)`);
  await connection.run(`CREATE OR REPLACE TEMP TABLE kinds_rolled AS
    SELECT hour, id AS kind, count, first_ms, last_ms FROM flows_rolled JOIN ${kinds} ${byHash}`);
  await addCounts(connection, flowLevel, 'kinds_rolled');
  await connection.run('DROP TABLE flows_rolled');
  await connection.run('DROP TABLE kinds_rolled');
}

async function rollConnections(connection: DuckDBConnection, isNew: readonly string[]): Promise<void> {
  await connection.run(`CREATE OR REPLACE TEMP TABLE connections_rolled AS
    SELECT (began // ${nanosPerHour})::INTEGER AS hour, edge, outcome, node, sum(change)::BIGINT AS count,
      min(began) FILTER (change > 0) // 1000000 AS first_ms, max(began) FILTER (change > 0) // 1000000 AS last_ms
    FROM (${isNew.map(changesWhere).join(' UNION ALL ')}) GROUP BY ALL`);
  await addCounts(connection, connectionLevel, 'connections_rolled');
  await connection.run('DROP TABLE connections_rolled');
}

/** What events changed, each outcome by itself. */
export function changesWhere(where: string): string {
  return `SELECT began, edge, added AS outcome, node, count AS change FROM connections WHERE added IS NOT NULL AND ${where}
    UNION ALL SELECT began, edge, removed, node, -count FROM connections WHERE removed IS NOT NULL AND ${where}`;
}

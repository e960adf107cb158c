import type { DuckDBConnection } from '@duckdb/node-api';

/**
 * How far everything is rolled up: events that arrived as number `arrival` or before and are older than `nanos`. Both only grow, in
 * the transaction that adds the counts, so that each event is counted once, either in an hour or as the row that it is.
 */
export interface RolledMark {
  readonly arrival: bigint;
  /** The beginning of an hour, in nanoseconds since 1970. */
  readonly nanos: bigint;
}

export const nanosPerHour = 3_600_000_000_000n;
const hoursPerDay = 24;

export async function readMark(connection: DuckDBConnection, name: string): Promise<bigint> {
  const found = await connection.runAndReadAll('SELECT value FROM flow_marks WHERE name = $1', [name]);
  return BigInt(String(found.getRows()[0]?.[0] ?? 0));
}

export async function writeMark(connection: DuckDBConnection, name: string, value: bigint): Promise<void> {
  await connection.run('INSERT OR REPLACE INTO flow_marks VALUES ($1, $2)', [name, value]);
}

export async function readRolled(connection: DuckDBConnection): Promise<RolledMark> {
  return {
    arrival: await readMark(connection, 'rolled-arrival'),
    nanos: await readMark(connection, 'rolled-nanos'),
  };
}

/** Adds all that is not rolled up yet and lies before `to.nanos`; the caller's transaction makes it whole or not at all. */
export async function rollUp(connection: DuckDBConnection, to: RolledMark): Promise<void> {
  const from = await readRolled(connection);
  const isNew = (time: string): string =>
    `arrival <= ${to.arrival} AND ${time} < ${to.nanos} AND (arrival > ${from.arrival} OR ${time} >= ${from.nanos})`;
  await rollFlows(connection, isNew('nanos'));
  await rollConnections(connection, isNew('began'), to);
  await writeMark(connection, 'rolled-arrival', to.arrival);
  await writeMark(connection, 'rolled-nanos', to.nanos);
}

const sameInBoth = 'source, verdict, type, subtype, direction, reply, source_namespace, destination_namespace';
const kindColumns = `${sameInBoth}, source_name, destination_name, source_is_network, destination_is_network, port, protocol, reason, names`;

async function rollFlows(connection: DuckDBConnection, isNew: string): Promise<void> {
  await connection.run(`CREATE OR REPLACE TEMP TABLE flows_rolled AS SELECT nanos // ${nanosPerHour} AS hour, ${sameInBoth},
    coalesce(source_network, source_name) AS source_name, coalesce(destination_network, destination_name) AS destination_name,
    source_network IS NOT NULL AS source_is_network, destination_network IS NOT NULL AS destination_is_network,
    port, protocol, reason, names, count(*) AS count, min(nanos) // 1000000 AS first_ms, max(nanos) // 1000000 AS last_ms
    FROM flows WHERE ${isNew} GROUP BY ALL`);
  const isSame = kindColumns
    .split(', ')
    .map((column) => `old.${column} IS NOT DISTINCT FROM new.${column}`)
    .join(' AND ');
  await connection.run(`INSERT INTO flow_kinds SELECT (SELECT coalesce(max(id), 0) FROM flow_kinds) + row_number() OVER (), ${kindColumns}
    FROM (SELECT DISTINCT ${kindColumns} FROM flows_rolled) AS new ANTI JOIN flow_kinds AS old ON ${isSame}`);
  await connection.run(`INSERT INTO flow_hours SELECT new.hour, old.id, new.count, new.first_ms, new.last_ms
    FROM flows_rolled AS new JOIN flow_kinds AS old ON ${isSame} ORDER BY hour, id`);
  await connection.run('DROP TABLE flows_rolled');
}

async function rollConnections(connection: DuckDBConnection, isNew: string, to: RolledMark): Promise<void> {
  await connection.run(`CREATE OR REPLACE TEMP TABLE connections_rolled AS
    SELECT (began // ${nanosPerHour})::INTEGER AS hour, edge, outcome, node, sum(change)::BIGINT AS count,
      min(began) FILTER (change > 0) // 1000000 AS first_ms, max(began) FILTER (change > 0) // 1000000 AS last_ms
    FROM (${changesWhere(isNew)}) GROUP BY ALL`);
  await connection.run('INSERT INTO connection_hours FROM connections_rolled ORDER BY hour, edge');
  const days = `SELECT DISTINCT hour // ${hoursPerDay} FROM connections_rolled WHERE hour // ${hoursPerDay} < ${to.nanos / nanosPerHour / BigInt(hoursPerDay)}`;
  await connection.run(`DELETE FROM connection_days WHERE day IN (${days})`);
  await connection.run(`INSERT INTO connection_days SELECT hour // ${hoursPerDay} AS day, edge, outcome, node, sum(count)::BIGINT,
    min(first_ms), max(last_ms) FROM connection_hours WHERE hour // ${hoursPerDay} IN (${days}) GROUP BY ALL ORDER BY day, edge`);
  await connection.run('DROP TABLE connections_rolled');
}

/** What events changed, each outcome by itself. */
export function changesWhere(where: string): string {
  return `SELECT began, edge, added AS outcome, node, count AS change FROM connections WHERE added IS NOT NULL AND ${where}
    UNION ALL SELECT began, edge, removed, node, -count FROM connections WHERE removed IS NOT NULL AND ${where}`;
}

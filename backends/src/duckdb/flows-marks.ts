import type { DuckDBConnection } from '@duckdb/node-api';

/** How far things are, written in the transaction that got them there; what was never written is 0. */
export async function readMark(connection: DuckDBConnection, name: string): Promise<bigint> {
  const found = await connection.runAndReadAll('SELECT value FROM flow_marks WHERE name = $1', [name]);
  return BigInt(String(found.getRows()[0]?.[0] ?? 0));
}

export async function writeMark(connection: DuckDBConnection, name: string, value: bigint): Promise<void> {
  await connection.run('INSERT OR REPLACE INTO flow_marks VALUES ($1, $2)', [name, value]);
}

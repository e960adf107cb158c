import type { DuckDBConnection } from '@duckdb/node-api';
import { createRollups } from './transactions-rollups.ts';
import { createSegmentsTable } from './transactions-segments.ts';

/** Order of the numbers that stand for classes and reasons in the table. */
export const classes = ['clean', 'matched', 'detected', 'blocked'] as const;
export const reasons = ['none', 'log', 'evaluation', 'severity', 'inferred'] as const;

export { separator } from '../packed-transactions.ts';

/** One row for each transaction, as narrow as statistics allow; the raw records lie apart, several to a block. */
export const createTransactionTables = `
CREATE TABLE IF NOT EXISTS transactions (
  time_ms BIGINT NOT NULL,
  source VARCHAR NOT NULL,
  file INTEGER NOT NULL,
  position BIGINT NOT NULL,
  audit_file INTEGER,
  audit_position BIGINT,
  has_access BOOLEAN NOT NULL,
  class UTINYINT NOT NULL,
  reason UTINYINT NOT NULL,
  client VARCHAR NOT NULL,
  method VARCHAR NOT NULL,
  host VARCHAR NOT NULL,
  path VARCHAR NOT NULL,
  status USMALLINT,
  score INTEGER,
  rules VARCHAR NOT NULL,
  categories VARCHAR NOT NULL,
  namespace VARCHAR,
  upstream VARCHAR,
  block INTEGER NOT NULL,
  block_start INTEGER NOT NULL,
  audit_size INTEGER NOT NULL,
  access_size INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS transactions_deleted (before_ms BIGINT NOT NULL, reason VARCHAR NOT NULL);
CREATE TABLE IF NOT EXISTS transaction_rules (id VARCHAR PRIMARY KEY, message VARCHAR NOT NULL);
CREATE TABLE IF NOT EXISTS transaction_gaps (
  key VARCHAR PRIMARY KEY, source VARCHAR NOT NULL, reason VARCHAR NOT NULL, from_ms BIGINT, to_ms BIGINT
);
CREATE TABLE IF NOT EXISTS log_files (
  id INTEGER PRIMARY KEY,
  source VARCHAR NOT NULL,
  kind VARCHAR NOT NULL,
  path VARCHAR NOT NULL,
  device VARCHAR NOT NULL,
  inode VARCHAR NOT NULL,
  fingerprint VARCHAR NOT NULL,
  fingerprint_length INTEGER NOT NULL,
  read_to BIGINT NOT NULL,
  pattern VARCHAR,
  first_ms BIGINT,
  last_ms BIGINT,
  caught_up_ms BIGINT,
  malformed BIGINT NOT NULL
);
`;

export async function createTables(connection: DuckDBConnection): Promise<void> {
  await connection.run(createTransactionTables);
  await connection.run(createSegmentsTable);
  await createRollups(connection);
}

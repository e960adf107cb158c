import type { DuckDBAppender, DuckDBConnection } from '@duckdb/node-api';
import type { GapNote, LogFile, StoredTransaction } from '../transaction-store.ts';
import type { RawPlace } from './transactions-blocks.ts';
import { classes, reasons, separator } from './transactions-tables.ts';

/** Adds rows; the caller's transaction makes them durable together with the rest of the batch. */
export async function insertTransactions(
  connection: DuckDBConnection,
  { transactions, places }: { transactions: readonly StoredTransaction[]; places: readonly RawPlace[] },
): Promise<void> {
  const appender = await connection.createAppender('transactions');
  try {
    transactions.forEach((transaction, index) => {
      const place = places[index];
      if (place) appendRow(appender, transaction, place);
    });
    appender.flushSync();
  } finally {
    appender.closeSync();
  }
}

/** The columns in the order of the table. */
function appendRow(appender: DuckDBAppender, { summary, ...transaction }: StoredTransaction, raw: RawPlace): void {
  const { access, audit } = transaction;
  const place = access ?? audit;
  if (!place) throw new Error('a transaction without a place in a log');
  appender.appendBigInt(BigInt(summary.timeMs));
  appender.appendVarchar(transaction.source);
  appender.appendInteger(place.file);
  appender.appendBigInt(BigInt(place.offset));
  if (audit) {
    appender.appendInteger(audit.file);
    appender.appendBigInt(BigInt(audit.offset));
  } else {
    appender.appendNull();
    appender.appendNull();
  }
  appender.appendBoolean(access !== null);
  appender.appendUTinyInt(classes.indexOf(summary.class));
  appender.appendUTinyInt(reasons.indexOf(summary.reason));
  appender.appendVarchar(summary.client);
  appender.appendVarchar(summary.method);
  appender.appendVarchar(summary.host);
  appender.appendVarchar(summary.path);
  if (summary.status === null) appender.appendNull();
  else appender.appendUSmallInt(summary.status);
  if (summary.score === null) appender.appendNull();
  else appender.appendInteger(Math.min(summary.score, 0x7fffffff));
  appender.appendVarchar(joined(summary.rules.map(({ id }) => id)));
  appender.appendVarchar(joined(summary.categories));
  appendOptional(appender, transaction.namespace);
  appendOptional(appender, summary.upstream);
  appender.appendInteger(raw.block);
  appender.appendInteger(raw.start);
  appender.appendInteger(raw.auditSize);
  appender.appendInteger(raw.accessSize);
  appender.endRow();
}

function appendOptional(appender: DuckDBAppender, text: string | null): void {
  if (text === null) appender.appendNull();
  else appender.appendVarchar(text);
}

function joined(values: readonly string[]): string {
  if (values.length === 0) return '';
  return values.map((value) => value.replaceAll(separator, '_')).join(separator);
}

export async function saveFiles(connection: DuckDBConnection, files: readonly LogFile[]): Promise<void> {
  for (const file of files)
    await connection.run('INSERT OR REPLACE INTO log_files VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14)', [
      file.id,
      file.source,
      file.kind,
      file.path,
      file.device,
      file.inode,
      file.fingerprint,
      file.fingerprintLength,
      BigInt(file.offset),
      file.pattern,
      bigintOf(file.firstMs),
      bigintOf(file.lastMs),
      bigintOf(file.caughtUpMs),
      BigInt(file.malformed),
    ]);
}

export async function saveGaps(connection: DuckDBConnection, gaps: readonly GapNote[]): Promise<void> {
  for (const { key, source, reason, from, to } of gaps)
    await connection.run('INSERT OR REPLACE INTO transaction_gaps VALUES ($1,$2,$3,$4,$5)', [
      key,
      source,
      reason,
      bigintOf(from === undefined ? null : Date.parse(from)),
      bigintOf(to === undefined ? null : Date.parse(to)),
    ]);
}

export async function saveRules(connection: DuckDBConnection, rules: ReadonlyMap<string, string>): Promise<void> {
  for (const [id, message] of rules)
    await connection.run('INSERT OR REPLACE INTO transaction_rules VALUES ($1,$2)', [id, message]);
}

function bigintOf(value: number | null): bigint | null {
  return value === null ? null : BigInt(Math.floor(value));
}

import type { DuckDBAppender, DuckDBConnection, DuckDBValue } from '@duckdb/node-api';
import type { PackedTransactions } from '../packed-transactions.ts';
import type { GapNote, LogFile } from '../transaction-store.ts';
import { appendAll } from './append-all.ts';
import { classes, reasons } from './transactions-tables.ts';

/** Adds rows; the caller's transaction makes them durable together with the rest of the batch. The first block has the given number. */
export async function insertTransactions(
  connection: DuckDBConnection,
  { packed, firstBlock }: { readonly packed: PackedTransactions; readonly firstBlock: number },
): Promise<void> {
  const { numbers, texts, optional } = packed;
  // The columns in the order of the table.
  await appendAll(connection, 'transactions', numbers.timeMs.keys(), (appender, row) => {
    appendLong(appender, numbers.timeMs[row]);
    appendText(appender, texts.source[row]);
    appendInteger(appender, numbers.file[row]);
    appendLong(appender, numbers.position[row]);
    appendInteger(appender, numbers.auditFile[row]);
    appendLong(appender, numbers.auditPosition[row]);
    appender.appendBoolean(numbers.hasAccess[row] === 1);
    appender.appendUTinyInt(classes.findIndex((name) => name === texts.class[row]));
    appender.appendUTinyInt(reasons.findIndex((name) => name === texts.reason[row]));
    appendText(appender, texts.client[row]);
    appendText(appender, texts.method[row]);
    appendText(appender, texts.host[row]);
    appendText(appender, texts.path[row]);
    const status = numberOf(numbers.status[row]);
    if (status === null) appender.appendNull();
    else appender.appendUSmallInt(status);
    appendInteger(appender, numbers.score[row]);
    appendText(appender, texts.rules[row]);
    appendText(appender, texts.categories[row]);
    appendText(appender, optional.namespace[row]);
    appendText(appender, optional.upstream[row]);
    appendInteger(appender, firstBlock + (numbers.block[row] ?? 0));
    appendInteger(appender, numbers.start[row]);
    appendInteger(appender, numbers.auditSize[row]);
    appendInteger(appender, numbers.accessSize[row]);
  });
}

/** NaN stands for none. */
function numberOf(value: number | undefined): number | null {
  return value === undefined || Number.isNaN(value) ? null : value;
}

function appendInteger(appender: DuckDBAppender, held: number | undefined): void {
  const value = numberOf(held);
  if (value === null) appender.appendNull();
  else appender.appendInteger(Math.min(value, 0x7fffffff));
}

function appendLong(appender: DuckDBAppender, held: number | undefined): void {
  const value = numberOf(held);
  if (value === null) appender.appendNull();
  else appender.appendBigInt(BigInt(value));
}

function appendText(appender: DuckDBAppender, text: string | null | undefined): void {
  if (typeof text === 'string') appender.appendVarchar(text);
  else appender.appendNull();
}

const filesAtOnce = 100;
const fileColumns = 14;

export async function saveFiles(connection: DuckDBConnection, files: readonly LogFile[]): Promise<void> {
  for (let at = 0; at < files.length; at += filesAtOnce) {
    const some = files.slice(at, at + filesAtOnce);
    const rows = some.map((_, row) => `(${valueNames(row * fileColumns).join()})`).join();
    await connection.run(`INSERT OR REPLACE INTO log_files VALUES ${rows}`, some.flatMap(valuesOf));
  }
}

const valueNames = (before: number): string[] =>
  Array.from({ length: fileColumns }, (_, column) => `$${before + column + 1}`);

function valuesOf(file: LogFile): DuckDBValue[] {
  return [
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
  ];
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

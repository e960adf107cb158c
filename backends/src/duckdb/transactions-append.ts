import type { DuckDBAppender, DuckDBConnection, DuckDBValue } from '@duckdb/node-api';
import type { PackedTransactions } from '../packed-transactions.ts';
import type { GapNote, LogFile } from '../transaction-store.ts';
import { classes, reasons } from './transactions-tables.ts';

/** Adds rows; the caller's transaction makes them durable together with the rest of the batch. The first block has the given number. */
export async function insertTransactions(
  connection: DuckDBConnection,
  { packed, firstBlock }: { readonly packed: PackedTransactions; readonly firstBlock: number },
): Promise<void> {
  const appender = await connection.createAppender('transactions');
  try {
    const appendRow = rowAppender(appender, packed, firstBlock);
    for (let row = 0; row < packed.count; row += 1) appendRow(row);
    appender.flushSync();
  } finally {
    appender.closeSync();
  }
}

/** The columns in the order of the table. */
function rowAppender(
  appender: DuckDBAppender,
  { numbers, texts, optional }: PackedTransactions,
  firstBlock: number,
): (row: number) => void {
  const numberOf = (column: Float64Array, row: number): number | null => {
    const value = column[row];
    return value === undefined || Number.isNaN(value) ? null : value;
  };
  const integer = (value: number | null): void =>
    value === null ? appender.appendNull() : appender.appendInteger(Math.min(value, 0x7fffffff));
  const long = (value: number | null): void =>
    value === null ? appender.appendNull() : appender.appendBigInt(BigInt(value));
  const text = (value: string | null | undefined): void =>
    typeof value === 'string' ? appender.appendVarchar(value) : appender.appendNull();
  return (row) => {
    long(numberOf(numbers.timeMs, row));
    text(texts.source[row]);
    integer(numberOf(numbers.file, row));
    long(numberOf(numbers.position, row));
    integer(numberOf(numbers.auditFile, row));
    long(numberOf(numbers.auditPosition, row));
    appender.appendBoolean(numbers.hasAccess[row] === 1);
    appender.appendUTinyInt(classes.findIndex((name) => name === texts.class[row]));
    appender.appendUTinyInt(reasons.findIndex((name) => name === texts.reason[row]));
    text(texts.client[row]);
    text(texts.method[row]);
    text(texts.host[row]);
    text(texts.path[row]);
    const status = numberOf(numbers.status, row);
    if (status === null) appender.appendNull();
    else appender.appendUSmallInt(status);
    integer(numberOf(numbers.score, row));
    text(texts.rules[row]);
    text(texts.categories[row]);
    text(optional.namespace[row]);
    text(optional.upstream[row]);
    integer(firstBlock + (numbers.block[row] ?? 0));
    integer(numberOf(numbers.start, row));
    integer(numberOf(numbers.auditSize, row));
    integer(numberOf(numbers.accessSize, row));
    appender.endRow();
  };
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

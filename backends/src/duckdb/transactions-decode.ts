import { TransactionClass, detailOf, readAudit, utc } from '@bartizan/waf';
import type { AccessReader, AuditRecord, TransactionDetail, TransactionRow } from '@bartizan/waf';
import type { Row } from './database.ts';
import type { ListPlace } from './transactions-query.ts';
import { classes, reasons, separator } from './transactions-tables.ts';

/** The id of a transaction is the place of its record: file and offset. */
export function idOf(place: { readonly file: number; readonly position: number }): string {
  return `${place.file.toString(36)}-${place.position.toString(36)}`;
}

export function readId(id: string): { readonly file: number; readonly position: number } | null {
  const match = /^([0-9a-z]{1,6})-([0-9a-z]{1,10})$/.exec(id);
  if (!match) return null;
  const file = Number.parseInt(match[1] ?? '', 36);
  return file <= 0x7fffffff ? { file, position: Number.parseInt(match[2] ?? '', 36) } : null;
}

export function printCursor(place: ListPlace): string {
  return `${place.timeMs.toString(36)}.${idOf(place)}`;
}

export function readCursor(text: string): ListPlace | null {
  const match = /^([0-9a-z]{1,10})\.(.*)$/.exec(text);
  const place = readId(match?.[2] ?? '');
  return match && place ? { timeMs: Number.parseInt(match[1] ?? '', 36), ...place } : null;
}

export function numberOf(row: Row, name: string): number {
  return Number(row[name] ?? 0);
}

function textOf(row: Row, name: string): string {
  return String(row[name] ?? '');
}

function optionalNumber(row: Row, name: string): number | null {
  return row[name] === null || row[name] === undefined ? null : Number(row[name]);
}

function optionalText(row: Row, name: string): string | null {
  return row[name] === null || row[name] === undefined ? null : String(row[name]);
}

function split(text: string): string[] {
  return text === '' ? [] : text.split(separator);
}

export function placeOf(row: Row): ListPlace {
  return { timeMs: numberOf(row, 'time_ms'), file: numberOf(row, 'file'), position: numberOf(row, 'position') };
}

export function rulesOf(row: Row): string[] {
  return split(textOf(row, 'rules'));
}

export function readRow(row: Row, names: ReadonlyMap<string, string>): TransactionRow {
  return {
    id: idOf(placeOf(row)),
    time: new Date(numberOf(row, 'time_ms')).toISOString(),
    class: TransactionClass.parse(classes[numberOf(row, 'class')]),
    reason: reasons[numberOf(row, 'reason')] ?? 'none',
    client: textOf(row, 'client'),
    method: textOf(row, 'method'),
    host: textOf(row, 'host'),
    path: textOf(row, 'path'),
    status: optionalNumber(row, 'status'),
    score: optionalNumber(row, 'score'),
    rules: rulesOf(row).map((id) => ({ id, message: names.get(id) ?? '' })),
    categories: split(textOf(row, 'categories')),
    namespace: optionalText(row, 'namespace'),
    upstream: optionalText(row, 'upstream'),
  };
}

/** Where the raw records of a transaction are: the unpacked block that they lie in, and how its access line is read. */
export interface RawSource {
  readonly block: Buffer;
  readonly reader: AccessReader;
}

/** The whole transaction, read again from its raw records. */
export function readDetail(found: Row, { block, reader }: RawSource, row: TransactionRow): TransactionDetail {
  const start = numberOf(found, 'block_start');
  const auditSize = numberOf(found, 'audit_size');
  const audit = auditSize === 0 ? null : block.toString('utf8', start, start + auditSize);
  const accessFrom = start + auditSize;
  const accessSize = numberOf(found, 'access_size');
  const access = accessSize === 0 ? null : block.toString('utf8', accessFrom, accessFrom + accessSize);
  const line = access === null ? null : reader.read(access);
  return detailOf({
    row,
    record: audit === null ? null : readRecord(audit),
    access: line?.ok === true ? line.value : null,
    raw: { audit, access },
  });
}

function readRecord(text: string): AuditRecord | null {
  const reading = readAudit(text, { zone: utc });
  return reading.ok === true ? reading.value : null;
}

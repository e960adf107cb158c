import { readContainerMark } from '../container-line.ts';
import { failed } from '../reading.ts';
import type { Reading, ReadingContext } from '../reading.ts';
import type { AuditDialect, AuditRecord } from './audit-record.ts';
import { readCorazaJson } from './coraza-json.ts';
import { readCorazaLine } from './coraza-line.ts';
import { readErrorLine } from './error-line.ts';
import { objectOf, parseJson } from './json-value.ts';
import type { JsonObject } from './json-value.ts';
import { isLineDialect, mergeRecords } from './merge-records.ts';
import { readBoundary, readModSecurityNative } from './modsecurity-native.ts';
import { readModSecurity2Json } from './modsecurity-2-json.ts';
import { readModSecurityJson } from './modsecurity-json.ts';

/** A line that belongs to the log but tells of no transaction: other messages in an error log, an empty line. */
export type AuditReading = Reading<AuditRecord> | { readonly ok: 'passed-over' };

/** What a log shipper may put before a line: the name of a pod, the head of a syslog message. */
const longestPrefix = 200;

const passedOver = { ok: 'passed-over' } as const;

/** Reads one record: a line, all lines of a native record, or the lines of one transaction in an error log. */
export function readAudit(text: string, context: ReadingContext): AuditReading {
  const reading = readOne(text, context);
  if (reading.ok !== true || !isLineDialect(reading.value.dialect) || !text.includes('\n')) return reading;
  const [, ...further] = text.split('\n').map((line) => readOne(line, context));
  const records = further.flatMap((other) => (other.ok === true ? [other.value] : []));
  return { ok: true, value: records.reduce(mergeRecords, reading.value) };
}

function readOne(whole: string, context: ReadingContext): AuditReading {
  const text = whole.slice(readContainerMark(whole)?.length ?? 0);
  const first = text.charCodeAt(0);
  if (first === 123 /* { */) return readJsonRecord(text, context);
  if (first === 45 /* - */ && readBoundary(firstLine(text))) return readModSecurityNative(text);
  if (first >= 48 && first <= 57 && isErrorLog(text))
    return text.includes('ModSecurity: ') && !text.includes(' [notice] ') ? readErrorLine(text, context) : passedOver;
  if (text.includes('Coraza: ') && text.includes('[client "')) return readCorazaLine(text, context);
  if (text.trim() === '') return passedOver;
  const start = text.indexOf('{"transaction"');
  if (start > 0 && start < longestPrefix) return readJsonRecord(text.slice(start), context);
  const message = text.slice(0, longestPrefix).search(/\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d \[/);
  if (message > 0 && text.includes('ModSecurity: ')) return readErrorLine(text.slice(message), context);
  return failed('not a record of a known audit log');
}

function readJsonRecord(text: string, context: ReadingContext): AuditReading {
  const value = parseJson(text);
  if (value === undefined) return failed('not whole JSON');
  const root = objectOf(value);
  switch (dialectOf(root)) {
    case 'modsecurity-json':
      return readModSecurityJson(root, context);
    case 'coraza-json':
      return readCorazaJson(root, context);
    case 'modsecurity-2-json':
      return readModSecurity2Json(root, context);
    default:
      return failed(
        typeof root['error'] === 'string' ? root['error'] : 'JSON, but no transaction of ModSecurity or Coraza',
      );
  }
}

export function dialectOf(root: JsonObject): AuditDialect | null {
  const transaction = objectOf(root['transaction']);
  if (root['audit_data'] !== undefined || transaction['transaction_id'] !== undefined) return 'modsecurity-2-json';
  if (transaction['time_stamp'] !== undefined) return 'modsecurity-json';
  if (transaction['timestamp'] !== undefined || transaction['unix_timestamp'] !== undefined) return 'coraza-json';
  return null;
}

function isErrorLog(text: string): boolean {
  return /^\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d \[/.test(text.slice(0, 24));
}

function firstLine(text: string): string {
  const end = text.indexOf('\n');
  return end < 0 ? text.slice(0, 70) : text.slice(0, Math.min(end, 70));
}

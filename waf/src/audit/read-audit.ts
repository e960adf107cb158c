import { openLine, openLogfmt, openObject } from '../envelope.ts';
import type { Opened } from '../envelope.ts';
import { isAuditIndex, isProgramLine, looksLikeAccess, looksLikeError } from '../other-lines.ts';
import { failed } from '../reading.ts';
import type { Reading, ReadingContext } from '../reading.ts';
import type { AuditDialect, AuditRecord } from './audit-record.ts';
import { readCorazaJson } from './coraza-json.ts';
import { readCorazaLine } from './coraza-line.ts';
import { readApacheLine, readErrorLine } from './error-line.ts';
import { objectOf, parseJson } from './json-value.ts';
import type { JsonObject } from './json-value.ts';
import { isLineDialect, mergeRecords } from './merge-records.ts';
import { readBoundary, readModSecurityNative } from './modsecurity-native.ts';
import { readModSecurity2Json } from './modsecurity-2-json.ts';
import { readModSecurityJson } from './modsecurity-json.ts';

/** A line that tells of no transaction; the reason where it is of another kind than those of this log. */
export type AuditReading = Reading<AuditRecord> | { readonly ok: 'passed-over'; readonly reason: string | null };

/** What a log shipper may put before a line: the name of a pod, the head of a syslog message. */
const longestPrefix = 200;
/** A container's line with a logger's object with the firewall's words is three deep. */
const deepest = 4;

const nothing = { ok: 'passed-over', reason: null } as const;

/** Reads one record: a line, all lines of a native record, or the lines of one transaction in an error log. */
export function readAudit(text: string, context: ReadingContext): AuditReading {
  return readWords(text, context, 0);
}

function readWords(text: string, context: ReadingContext, depth: number): AuditReading {
  const reading = readOne(text, context, depth);
  if (!text.includes('\n') || (reading.ok === true && !isLineDialect(reading.value.dialect))) return reading;
  const readings = text.split('\n').map((line) => readOne(line, context, depth));
  const [first, ...further] = readings.flatMap((other) => (other.ok === true ? [other.value] : []));
  return first ? { ok: true, value: further.reduce(mergeRecords, first) } : reading;
}

function readOne(line: string, outer: ReadingContext, depth: number): AuditReading {
  const { text: whole, writtenMs } = openLine(line);
  const context = writtenMs === null ? outer : { ...outer, writtenMs };
  const text = whole.startsWith('[') ? whole.replace(/^\[\s*(?=\{)/, '') : whole;
  const first = text.charCodeAt(0);
  if (first === 123 /* { */) return readJsonRecord(text, context, depth);
  if (first === 45 /* - */ && readBoundary(firstLine(text))) return readModSecurityNative(text, context);
  if (looksLikeError(text))
    return text.includes('ModSecurity: ') && !text.includes(' [notice] ') ? readErrorLine(text, context) : nothing;
  if (text.includes('Coraza: ') && text.includes('[client ') && !text.includes('{"'))
    return readCorazaLine(text, context);
  return readPrefixed(text, context, depth);
}

/** A line with something before it that is not ours. */
function readPrefixed(text: string, context: ReadingContext, depth: number): AuditReading {
  if (/^[\s\0,[\]]*$/.test(text)) return nothing;
  const head = text.slice(0, longestPrefix);
  const start = head.search(/\{"(?:transaction|level|ts|msg)"/);
  if (start > 0) return readJsonRecord(text.slice(start), context, depth);
  const message = head.search(/\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d \[/);
  if (message > 0 && text.includes('ModSecurity: ')) return readErrorLine(text.slice(message), context);
  if (text.includes('] ModSecurity: ') && text.startsWith('[')) return readApacheLine(text, context);
  const opened = openLogfmt(text);
  if (opened && depth < deepest) return readWords(opened.text, { ...context, ...timeOf(opened) }, depth + 1);
  if (isProgramLine(text)) return nothing;
  if (isAuditIndex(text))
    return failed(
      'the index of a concurrent audit log, which tells of no rules: give the folder of SecAuditLogStorageDir instead',
    );
  return looksLikeAccess(text)
    ? { ok: 'passed-over', reason: 'a line of an access log' }
    : failed('not a record of a known audit log');
}

function timeOf({ writtenMs }: Opened): Pick<ReadingContext, 'writtenMs'> {
  return writtenMs === null ? {} : { writtenMs };
}

function readJsonRecord(text: string, context: ReadingContext, depth: number): AuditReading {
  const value = parseJson(text) ?? parseJson(text.replace(/[\s,\]\0]+$/, ''));
  if (value === undefined) return failed('not whole JSON');
  const root = recordIn(objectOf(value), 0);
  switch (root && dialectOf(root)) {
    case 'modsecurity-json':
      return readModSecurityJson(root ?? {}, context);
    case 'coraza-json':
      return readCorazaJson(root ?? {}, context);
    case 'modsecurity-2-json':
      return readModSecurity2Json(root ?? {}, context);
    default:
      return readOtherJson(objectOf(value), context, depth);
  }
}

/** The record itself, which a shipper may have put under a name of its own. */
function recordIn(object: JsonObject, depth: number): JsonObject | null {
  if (dialectOf(object)) return object;
  if (depth === 2) return null;
  for (const value of Object.values(object)) {
    const found = typeof value === 'object' && value !== null ? recordIn(objectOf(value), depth + 1) : null;
    if (found) return found;
  }
  return null;
}

/** JSON that is no record: what carries one, or a line of another program. */
function readOtherJson(object: JsonObject, context: ReadingContext, depth: number): AuditReading {
  if (typeof object['error'] === 'string' && Object.keys(object).length === 1) return failed(object['error']);
  if (object['transaction'] !== undefined) return failed('JSON, but no transaction of ModSecurity or Coraza');
  const opened = depth < deepest ? openObject(object) : null;
  const reading = opened && readWords(opened.text, { ...context, ...timeOf(opened) }, depth + 1);
  if (reading && (reading.ok !== false || isRecordish(opened?.text ?? ''))) return reading;
  return { ok: 'passed-over', reason: 'JSON, but no transaction of ModSecurity or Coraza' };
}

/** What a broken record still shows. */
function isRecordish(text: string): boolean {
  return text.includes('"transaction"') || text.includes('ModSecurity: ') || text.includes('Coraza: ');
}

export function dialectOf(root: JsonObject): AuditDialect | null {
  const transaction = objectOf(root['transaction']);
  if (root['audit_data'] !== undefined || transaction['transaction_id'] !== undefined) return 'modsecurity-2-json';
  if (transaction['time_stamp'] !== undefined) return 'modsecurity-json';
  if (transaction['timestamp'] !== undefined || transaction['unix_timestamp'] !== undefined) return 'coraza-json';
  return null;
}

function firstLine(text: string): string {
  const end = text.indexOf('\n');
  return end < 0 ? text.slice(0, 70) : text.slice(0, Math.min(end, 70));
}

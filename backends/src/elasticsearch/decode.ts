import { createAccessReader, detailOf, readAudit, redact, summarise, utc } from '@bartizan/waf';
import type { AccessLine, AuditRecord, TransactionDetail, TransactionRow } from '@bartizan/waf';
import type { Hit } from './answer.ts';
import { idOfHit, objectOf, textAt, timeOfHit, valueAt } from './document.ts';
import type { JsonObject } from './document.ts';
import { lineOfEcs, printCtime, recordOfEcs } from './ecs.ts';
import type { AccessLayout, AuditLayout, Profile } from './profile.ts';

/** A transaction as lists show it. */
export interface ReadRecord {
  readonly timeMs: number;
  readonly row: TransactionRow;
}

/** A request as statistics need it. */
export interface ReadLine {
  readonly timeMs: number;
  readonly client: string;
  readonly method: string;
  readonly host: string;
  readonly path: string;
  readonly status: number | null;
  readonly upstream: string | null;
  readonly namespace: string | null;
}

/** Not one: a text that belongs to no record, or a record that cannot be read. */
export type NotRead = 'passed-over' | 'malformed';

export function readRecord(hit: Hit, profile: Profile): ReadRecord | NotRead {
  const found = auditOf(hit, profile);
  return typeof found === 'string' ? found : { timeMs: found.timeMs, row: rowOf(hit, profile, found) };
}

export function readDetail(hit: Hit, profile: Profile): TransactionDetail | null {
  const found = auditOf(hit, profile);
  if (typeof found === 'string') return null;
  const raw = { audit: found.text, access: null };
  return detailOf({ row: rowOf(hit, profile, found), record: found.record, access: null, raw });
}

interface FoundRecord {
  readonly record: AuditRecord;
  readonly text: string;
  readonly timeMs: number;
}

function rowOf(hit: Hit, { namespaceField }: Profile, { record, timeMs }: FoundRecord): TransactionRow {
  const summary = summarise(record, null);
  if (summary === null) throw new Error('a record without a summary');
  const { timeMs: _ownTime, ...rest } = summary;
  return {
    ...rest,
    id: idOfHit(hit),
    time: new Date(timeMs).toISOString(),
    rules: [...summary.rules],
    categories: [...summary.categories],
    namespace: namespaceField === null ? null : textAt(hit._source, namespaceField),
  };
}

function auditOf(hit: Hit, profile: Profile): FoundRecord | NotRead {
  const timeMs = timeOfHit(hit, profile.timeField);
  const document = objectOf(hit._source);
  if (document === null || Number.isNaN(timeMs)) return 'malformed';
  let outcome: NotRead = 'passed-over';
  for (const layout of profile.audit) {
    const written = textOfRecord(document, layout, timeMs);
    if (written === null) continue;
    const text = redact(written);
    const reading = readAudit(text, { zone: utc });
    if (reading.ok === true) return { record: reading.value, text, timeMs };
    if (reading.ok === false && isRecord(written, layout)) outcome = 'malformed';
  }
  return outcome;
}

/** Among texts there are many that are no records. */
function isRecord(text: string, layout: AuditLayout): boolean {
  return layout.kind !== 'text' || /^\s*\{\s*"(transaction|audit_data)"|^--/.test(text);
}

function textOfRecord(document: JsonObject, layout: AuditLayout, timeMs: number): string | null {
  switch (layout.kind) {
    case 'text':
      return textAt(document, layout.field);
    case 'ecs': {
      const original = textAt(document, 'event.original');
      return original ?? JSON.stringify(recordOfEcs(document, timeMs));
    }
    case 'object':
      return textOfObject(document, layout.path, timeMs);
    default:
      return layout satisfies never;
  }
}

/** Coraza and ModSecurity 2 write parts of a record beside `transaction`. */
const besides = ['messages', 'request', 'response', 'audit_data'] as const;

function textOfObject(document: JsonObject, path: string, timeMs: number): string | null {
  const transaction = objectOf(valueAt(document, path));
  if (transaction === null) return null;
  const parent = path.includes('.') ? path.slice(0, path.lastIndexOf('.') + 1) : '';
  const others = besides.map((name) => [name, valueAt(document, `${parent}${name}`)] as const);
  const isTimed = ['time_stamp', 'unix_timestamp', 'timestamp', 'time'].some((name) => transaction[name] !== undefined);
  const messages = objectOf(transaction['messages']);
  return JSON.stringify({
    transaction: {
      ...transaction,
      ...(isTimed ? {} : { time_stamp: printCtime(timeMs) }),
      // A list of one, as some shippers write it.
      ...(messages === null ? {} : { messages: [messages] }),
    },
    ...Object.fromEntries(others.filter(([, value]) => value !== undefined)),
  });
}

/** Reads access lines; made once for many. */
export function createLineReader(profile: Profile): (hit: Hit) => ReadLine | NotRead {
  const lines = createAccessReader();
  return (hit) => {
    const timeMs = timeOfHit(hit, profile.timeField);
    const document = objectOf(hit._source);
    if (document === null || Number.isNaN(timeMs)) return 'malformed';
    for (const layout of profile.access) {
      const text = textOfLine(document, layout, timeMs);
      const reading = text === null ? null : lines.read(redact(text));
      if (reading?.ok === true) return lineOf({ line: reading.value, timeMs, document, profile });
    }
    return 'passed-over';
  };
}

function lineOf(found: {
  readonly line: AccessLine;
  readonly timeMs: number;
  readonly document: JsonObject;
  readonly profile: Profile;
}): ReadLine {
  const { line, timeMs, document, profile } = found;
  const summary = summarise(null, line);
  if (summary === null) throw new Error('a line without a summary');
  const { client, method, host, path, status, upstream } = summary;
  const namespace = profile.namespaceField === null ? null : textAt(document, profile.namespaceField);
  return { timeMs, client, method, host, path, status, upstream, namespace };
}

function textOfLine(document: JsonObject, layout: AccessLayout, timeMs: number): string | null {
  switch (layout.kind) {
    case 'text':
      return textAt(document, layout.field);
    case 'fields': {
      const object = objectOf(valueAt(document, layout.path));
      return object === null ? null : JSON.stringify({ time_iso8601: new Date(timeMs).toISOString(), ...object });
    }
    case 'ecs':
      return JSON.stringify(lineOfEcs(document, timeMs));
    default:
      return layout satisfies never;
  }
}

import { addressOf } from '../address.ts';
import { failed } from '../reading.ts';
import type { Reading, ReadingContext } from '../reading.ts';
import { parseAnyTime, parseCtime, parseSlashTime } from '../time.ts';
import { parseRequestLine } from '../access/request-line.ts';
import type { AuditRecord } from './audit-record.ts';
import { normaliseHost } from './headers.ts';
import { hasRule, readRuleText } from './rule-text.ts';
import type { RuleText } from './rule-text.ts';

/** A line of nginx's error log that ModSecurity wrote; it may be cut anywhere, nginx stops at 2,047 characters. */
export function readErrorLine(line: string, context: ReadingContext): Reading<AuditRecord> {
  const timeMs = parseSlashTime(line.slice(0, 19), context.zone);
  if (timeMs === null) return failed('the line does not begin with a time');
  const start = line.indexOf('ModSecurity: ');
  const end = line.indexOf(', client: ', Math.max(line.lastIndexOf('[unique_id "'), start));
  const message = readRuleText(line.slice(start, end < 0 ? line.length : end));
  const tail = readTail(end < 0 ? '' : line.slice(end));
  const request = parseRequestLine(tail.request);
  return {
    ok: true,
    value: {
      ...said(message),
      timeMs,
      client: addressOf(/\[client ([^\]\s]+)\]/.exec(line.slice(0, start))?.[1] ?? tail.client),
      method: request.method,
      uri: request.uri || message.uri,
      httpVersion: request.version,
      host: normaliseHost(tail.host),
    },
  };
}

/** A line of Apache's error log that ModSecurity 2 wrote: `[Sat Jun 15 12:12:40.123456 2024] [:error] … [client 203.0.113.7:51234]`. */
export function readApacheLine(line: string, context: ReadingContext): Reading<AuditRecord> {
  const [, head = '', fraction = '', year = ''] = /^\[(.{19})(\.\d{1,9})? (\d{4})\]/.exec(line) ?? [];
  const seconds = parseCtime(`${head} ${year}`, context.zone);
  const timeMs =
    seconds === null ? parseAnyTime(head, context.zone) : seconds + Math.floor(Number(`0${fraction}`) * 1000);
  if (timeMs === null) return failed('the line does not begin with a time');
  const start = line.indexOf('ModSecurity: ');
  const message = readRuleText(line.slice(start));
  const clients = [...line.slice(0, start).matchAll(/\[client ([^\]\s]+)\]/g)];
  return {
    ok: true,
    value: {
      ...said(message),
      timeMs,
      client: addressOf(clients.at(-1)?.[1] ?? ''),
      method: '',
      uri: message.uri,
      httpVersion: null,
      host: normaliseHost(message.hostname),
    },
  };
}

/** What the line says of the rule, and what no line says. */
function said(message: RuleText) {
  return {
    dialect: 'error-line',
    id: message.uniqueId || null,
    userAgent: null,
    // The line says with which code access was denied; the answer itself may have been another.
    status: message.isDenial ? deniedStatus(message.match) : null,
    engine: message.isDenial ? 'on' : 'unknown',
    stopped: message.isDenial ? true : null,
    components: [],
    messages: [message].filter(hasRule),
    request: null,
    response: null,
  } as const satisfies Partial<AuditRecord>;
}

function deniedStatus(text: string): number | null {
  const code = /^ModSecurity: Access denied with code (\d{3})\b/.exec(text)?.[1];
  return code === undefined ? null : Number(code);
}

/**
 * What nginx writes behind a message, in this order: `, client: …, server: …, request: "…", upstream: "…", host: "…", referrer: "…"`.
 * Quotes in a request are not escaped: it ends behind its version, so that none can name another host.
 */
function readTail(tail: string): { readonly client: string; readonly request: string; readonly host: string } {
  const client = /^, client: ([^,\s]+)/.exec(tail)?.[1] ?? '';
  const server = /, server: ([^,]*)/.exec(tail)?.[1] ?? '';
  const from = tail.indexOf(', request: "');
  if (from < 0) return { client, request: '', host: quoted(tail, 'host') || server };
  const rest = tail.slice(from + 12);
  const versioned = / HTTP\/\d(?:\.\d)?"(?=, [a-z]+: |$)/.exec(rest);
  const end = versioned ? versioned.index + versioned[0].length - 1 : /"(?:, [a-z]+: |$)/.exec(rest)?.index;
  const host = end === undefined ? '' : quoted(rest.slice(end + 1), 'host');
  return { client, request: rest.slice(0, end), host: host || server };
}

function quoted(text: string, name: string): string {
  return new RegExp(`, ${name}: "([^"]*)`).exec(text)?.[1] ?? '';
}

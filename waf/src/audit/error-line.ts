import { failed } from '../reading.ts';
import type { Reading, ReadingContext } from '../reading.ts';
import { parseSlashTime } from '../time.ts';
import { parseRequestLine } from '../access/request-line.ts';
import type { AuditRecord } from './audit-record.ts';
import { normaliseHost } from './headers.ts';
import { readRuleText } from './rule-text.ts';

/** A line of nginx's error log that ModSecurity wrote; it may be cut anywhere, nginx stops at 2,047 characters. */
export function readErrorLine(line: string, context: ReadingContext): Reading<AuditRecord> {
  const timeMs = parseSlashTime(line.slice(0, 19), context.zone);
  if (timeMs === null) return failed('the line does not begin with a time');
  const start = line.indexOf('ModSecurity: ');
  const end = line.indexOf(', client: ', Math.max(line.lastIndexOf('[unique_id "'), start));
  const tail = end < 0 ? '' : line.slice(end);
  const message = readRuleText(line.slice(start, end < 0 ? line.length : end));
  const request = parseRequestLine(quotedField(tail, 'request'));
  return {
    ok: true,
    value: {
      dialect: 'error-line',
      id: message.uniqueId || null,
      timeMs,
      client: /\[client ([^\]\s]+)\]/.exec(line)?.[1] ?? /, client: ([^,\s]+)/.exec(tail)?.[1] ?? '',
      method: request.method,
      uri: request.uri || message.uri,
      httpVersion: request.version,
      host: normaliseHost(quotedField(tail, 'host') || (/, server: ([^,]*)/.exec(tail)?.[1] ?? '')),
      userAgent: null,
      // The line says with which code access was denied; the answer itself may have been another.
      status: message.isDenial ? deniedStatus(line.slice(start, start + 80)) : null,
      engine: message.isDenial ? 'on' : 'unknown',
      stopped: message.isDenial ? true : null,
      components: [],
      messages: message.id === '' ? [] : [message],
      request: null,
      response: null,
    },
  };
}

function deniedStatus(text: string): number | null {
  const code = /^ModSecurity: Access denied with code (\d{3})\b/.exec(text)?.[1];
  return code === undefined ? null : Number(code);
}

function quotedField(tail: string, name: string): string {
  const at = tail.indexOf(`, ${name}: "`);
  if (at < 0) return '';
  const from = at + name.length + 5;
  const next = /"(?:, [a-z]+: |$)/.exec(tail.slice(from));
  return tail.slice(from, next ? from + next.index : tail.length);
}

import { addressOf } from '../address.ts';
import { failed } from '../reading.ts';
import type { Reading, ReadingContext } from '../reading.ts';
import { parseAnyTime } from '../time.ts';
import type { AuditRecord } from './audit-record.ts';
import { headerOf, httpPart, normaliseHost } from './headers.ts';
import { objectOf, statusOf, textOf, textsOf } from './json-value.ts';
import type { JsonObject } from './json-value.ts';
import { engineOf } from './modsecurity-json.ts';
import { parseRequestLine } from '../access/request-line.ts';
import { readRuleText } from './rule-text.ts';

/** ModSecurity v2 (Apache, IIS) with `SecAuditLogFormat JSON`, and Coraza's `JsonLegacy`: messages are lines of text. */
export function readModSecurity2Json(root: JsonObject, context: ReadingContext): Reading<AuditRecord> {
  const transaction = objectOf(root['transaction']);
  const timeMs = parseAnyTime(textOf(transaction['time']), context.zone) ?? context.writtenMs ?? null;
  if (timeMs === null) return failed('the record has no readable time');
  const request = objectOf(root['request']);
  const response = objectOf(root['response']);
  const audit = objectOf(root['audit_data']);
  const line = parseRequestLine(textOf(request['request_line']));
  const lines = textsOf(audit['messages']);
  const messages = lines.map((text) => readRuleText(text)).filter(({ id }) => id !== '');
  const intercepted = objectOf(audit['action'])['intercepted'] === true;
  return {
    ok: true,
    value: {
      dialect: 'modsecurity-2-json',
      id: textOf(transaction['transaction_id']) || null,
      timeMs,
      client: addressOf(textOf(transaction['remote_address'])),
      method: line.method,
      uri: line.uri,
      httpVersion: line.version,
      host: normaliseHost(headerOf(request['headers'], 'Host') ?? ''),
      userAgent: headerOf(request['headers'], 'User-Agent'),
      status: statusOf(response['status']),
      engine: engineOf(textOf(audit['engine_mode'])),
      stopped: intercepted || messages.some(({ isDenial }) => isDenial),
      components: [audit['producer']].flat().filter((item) => typeof item === 'string'),
      messages,
      request: httpPart({ headers: request['headers'], body: bodyOf(request['body']) }),
      response: httpPart({ headers: response['headers'], body: bodyOf(response['body']) }),
    },
  };
}

/** Version 2 writes a body as a list of pieces. */
function bodyOf(value: unknown): string | undefined {
  if (Array.isArray(value)) return textsOf(value).join('');
  return typeof value === 'string' ? value : undefined;
}

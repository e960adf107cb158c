import { addressOf } from '../address.ts';
import type { EngineMode } from '../transaction.ts';
import { failed } from '../reading.ts';
import type { Reading, ReadingContext } from '../reading.ts';
import { parseAnyTime } from '../time.ts';
import type { AuditRecord, BriefMessage, BriefRecord, RuleMessage } from './audit-record.ts';
import { headerOf, httpPart, normaliseHost } from './headers.ts';
import { integerOf, listOf, objectOf, statusOf, textOf, textsOf } from './json-value.ts';
import type { JsonObject } from './json-value.ts';

/** ModSecurity v3 with `SecAuditLogFormat JSON`: https://github.com/owasp-modsecurity/ModSecurity, Transaction::toJSON. */
export function readModSecurityJson(root: JsonObject, context: ReadingContext): Reading<AuditRecord> {
  const { request, response, messages } = objectOf(root['transaction']);
  const brief = readBriefly(root, listOf(messages).map(readMessage), context);
  if (!brief.ok) return brief;
  const version = objectOf(request)['http_version'];
  return {
    ok: true,
    value: {
      ...brief.value,
      httpVersion: typeof version === 'number' ? version.toFixed(1) : textOf(version) || null,
      // Asked for only where one transaction is shown.
      get request() {
        return httpPart(objectOf(request));
      },
      get response() {
        return httpPart(objectOf(response));
      },
    },
  };
}

/** What statistics need, with messages that were read apart from it; it holds on to nothing else of the record. */
export function readBriefly<M extends BriefMessage>(
  root: JsonObject,
  messages: readonly M[],
  context: ReadingContext,
): Reading<BriefRecord & { readonly messages: readonly M[] }> {
  const transaction = objectOf(root['transaction']);
  const timeMs = parseAnyTime(textOf(transaction['time_stamp']), context.zone) ?? context.writtenMs ?? null;
  if (timeMs === null) return failed('the record has no readable time_stamp');
  const request = objectOf(transaction['request']);
  const producer = objectOf(transaction['producer']);
  return {
    ok: true,
    value: {
      dialect: 'modsecurity-json',
      id: textOf(transaction['unique_id']) || textOf(transaction['id']) || null,
      timeMs,
      client: addressOf(textOf(transaction['client_ip'])),
      method: textOf(request['method']),
      uri: textOf(request['uri']),
      host: normaliseHost(headerOf(request['headers'], 'Host') ?? ''),
      userAgent: headerOf(request['headers'], 'User-Agent'),
      status: statusOf(objectOf(transaction['response'])['http_code']),
      engine: engineOf(textOf(producer['secrules_engine'])),
      stopped: null,
      components: textsOf(producer['components']),
      messages,
    },
  };
}

export function engineOf(text: string): EngineMode {
  switch (text.toLowerCase().replaceAll(/[^a-z]/g, '')) {
    case 'enabled':
    case 'on':
      return 'on';
    case 'detectiononly':
      return 'detection-only';
    case 'disabled':
    case 'off':
      return 'off';
    default:
      return 'unknown';
  }
}

export function readMessage(value: unknown): RuleMessage {
  const message = objectOf(value);
  const details = objectOf(message['details']);
  const severity = integerOf(details['severity']);
  return {
    id: textOf(details['ruleId']),
    text: textOf(message['message']),
    match: textOf(details['match']),
    data: textOf(details['data']),
    reference: textOf(details['reference']),
    // Version 3 writes 0 where a rule sets none.
    severity: severity === 0 ? null : severity,
    tags: textsOf(details['tags']),
    version: textOf(details['ver']),
    file: textOf(details['file']) || null,
    line: integerOf(details['lineNumber']),
  };
}

import { addressOf } from '../address.ts';
import { failed } from '../reading.ts';
import type { Reading, ReadingContext } from '../reading.ts';
import { parseAnyTime, parseEpoch } from '../time.ts';
import type { AuditRecord, RuleMessage } from './audit-record.ts';
import { headerOf, httpPart, normaliseHost } from './headers.ts';
import { integerOf, listOf, objectOf, statusOf, textOf, textsOf } from './json-value.ts';
import type { JsonObject } from './json-value.ts';
import { readRuleText } from './rule-text.ts';
import { severityOf } from '../rules/severity.ts';
import { engineOf } from './modsecurity-json.ts';

/** Coraza v3 with `SecAuditLogFormat JSON`: https://github.com/corazawaf/coraza, internal/auditlog. */
export function readCorazaJson(root: JsonObject, context: ReadingContext): Reading<AuditRecord> {
  const transaction = objectOf(root['transaction']);
  const timeMs = timeOf(transaction, context);
  if (timeMs === null) return failed('the record has no readable timestamp');
  const request = objectOf(transaction['request']);
  const response = objectOf(transaction['response']);
  const producer = objectOf(transaction['producer']);
  const protocol = textOf(request['protocol']) || textOf(request['http_version']);
  const interrupted = transaction['is_interrupted'];

  return {
    ok: true,
    value: {
      dialect: 'coraza-json',
      id: textOf(transaction['id']) || null,
      timeMs,
      client: addressOf(textOf(transaction['client_ip'])),
      method: textOf(request['method']),
      uri: textOf(request['uri']),
      httpVersion: protocol.replace(/^HTTP\//, '') || null,
      host: normaliseHost(headerOf(request['headers'], 'host') ?? ''),
      userAgent: headerOf(request['headers'], 'user-agent'),
      status: statusOf(response['status']),
      engine: engineOf(textOf(producer['rule_engine'])),
      stopped: typeof interrupted === 'boolean' ? interrupted : null,
      components: textsOf(producer['rulesets']),
      messages: listOf(root['messages'] ?? transaction['messages']).map(readMessage),
      // Asked for only where one transaction is shown.
      get request() {
        return httpPart(request);
      },
      get response() {
        return httpPart(response);
      },
    },
  };
}

/** The nanoseconds exceed what a number holds exactly; milliseconds survive. */
function timeOf(transaction: JsonObject, context: ReadingContext): number | null {
  const since = textOf(transaction['unix_timestamp']);
  return parseEpoch(since) ?? parseAnyTime(textOf(transaction['timestamp']), context.zone) ?? context.writtenMs ?? null;
}

function readMessage(value: unknown): RuleMessage {
  const message = objectOf(value);
  const fields = objectOf(message['data']);
  const line = textOf(message['error_message']);
  const id = integerOf(fields['id']);
  // Without part K only the classic line is there.
  if (id === null || id === 0) return readRuleText(line || textOf(message['message']));
  const severity = integerOf(fields['severity']) ?? severityOf(textOf(fields['severity']));
  return {
    id: String(id),
    text: textOf(message['message']) || textOf(fields['msg']),
    match: line,
    data: textOf(fields['data']),
    reference: '',
    severity: severity === 0 ? null : severity,
    tags: textsOf(fields['tags']),
    version: textOf(fields['ver']),
    file: textOf(fields['file']) || null,
    line: integerOf(fields['line']),
  };
}

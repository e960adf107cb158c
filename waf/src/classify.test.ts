import { describe, expect, test } from 'vitest';
import type { AccessLine } from './access/access-line.ts';
import { createAccessReader } from './access/read-access.ts';
import type { AuditRecord, RuleMessage } from './audit/audit-record.ts';
import { classify } from './classify.ts';

function message(id: string, fields: Partial<RuleMessage> = {}): RuleMessage {
  const none = {
    text: '',
    match: '',
    data: '',
    reference: '',
    severity: null,
    tags: [],
    version: '',
    file: null,
    line: null,
  };
  return { id, ...none, ...fields };
}

function record(fields: Partial<AuditRecord> = {}): AuditRecord {
  return {
    dialect: 'modsecurity-json',
    id: 'a',
    timeMs: 0,
    client: '203.0.113.7',
    method: 'GET',
    uri: '/',
    httpVersion: '1.1',
    host: 'shop.example',
    userAgent: null,
    status: 403,
    engine: 'on',
    stopped: null,
    components: ['OWASP_CRS/3.3.4"'],
    messages: [],
    request: null,
    response: null,
    ...fields,
  };
}

function answer(status: number, upstream: string): AccessLine {
  const line = `203.0.113.7 - - [15/Jun/2024:12:00:01 +0000] "GET / HTTP/1.1" ${status} 1 "-" "a" 1 0.1 [a-b-80] [] ${upstream} - - - id`;
  const reading = createAccessReader().read(line);
  if (reading.ok !== true) throw new Error(reading.reason);
  return reading.value;
}

describe('what became of a request', () => {
  test.each([
    ['nothing matched', {}, 'clean', 'none'],
    ['a rule below the threshold', { messages: [message('920350', { severity: 4 })] }, 'matched', 'none'],
    ['an evaluation rule, engine on', { messages: [message('949110')] }, 'blocked', 'evaluation'],
    ['the early evaluation rule', { messages: [message('949111')] }, 'blocked', 'evaluation'],
    ['the outbound evaluation rule', { messages: [message('959100')] }, 'blocked', 'evaluation'],
    [
      'an evaluation rule, detection only',
      { engine: 'detection-only', messages: [message('949110')] },
      'detected',
      'evaluation',
    ],
    ['a body that cannot be parsed', { messages: [message('200002')] }, 'blocked', 'evaluation'],
    ['a parser rule that only sets a flag', { messages: [message('200001')] }, 'matched', 'none'],
    [
      'an evaluation rule without a denial, mode unknown',
      { dialect: 'modsecurity-native', engine: 'unknown', messages: [message('949110')] },
      'detected',
      'evaluation',
    ],
    ['the log says that it was denied', { stopped: true, messages: [message('1001')] }, 'blocked', 'log'],
    [
      'Coraza says that it was not interrupted',
      { dialect: 'coraza-json', stopped: false, messages: [message('949110')] },
      'detected',
      'evaluation',
    ],
    [
      'a critical match below the threshold, with scoring',
      { messages: [message('942100', { severity: 2 })] },
      'matched',
      'none',
    ],
    [
      'a critical match, no scoring',
      { components: [], messages: [message('77', { severity: 2 })] },
      'blocked',
      'severity',
    ],
    [
      'a critical match, no scoring, detection only',
      { components: [], engine: 'detection-only', messages: [message('77', { severity: 1 })] },
      'detected',
      'severity',
    ],
    ['no severity set, no scoring', { components: [], messages: [message('77')] }, 'matched', 'none'],
    [
      'scoring that only a tag tells of',
      { components: [], messages: [message('942100', { severity: 2, tags: ['OWASP_CRS'] })] },
      'matched',
      'none',
    ],
  ] as const)('%s', (_, fields, judged, reason) => {
    expect(classify(record(fields), null)).toEqual({ class: judged, reason });
  });

  test('a request that only the access log knows is clean', () => {
    expect(classify(null, answer(403, '-'))).toEqual({ class: 'clean', reason: 'none' });
  });

  test.each([
    ['refused by the proxy', [message('1001')], answer(403, '-'), 'on', 'blocked'],
    ['refused by the application', [message('1001')], answer(403, '10.0.0.6:80'), 'on', 'matched'],
    ['let through', [message('1001')], answer(200, '-'), 'on', 'matched'],
    ['refused by the proxy in detection only', [message('1001')], answer(403, '-'), 'detection-only', 'matched'],
    [
      'refused by the proxy, and only rules of the rule set matched',
      [message('920350')],
      answer(404, '-'),
      'on',
      'matched',
    ],
  ] as const)("a site's own rule, %s", (_, messages, access, engine, judged) => {
    expect(classify(record({ messages, engine }), access).class).toBe(judged);
  });
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { redact } from '../redact/redact.ts';
import { summarise } from '../summarise.ts';
import { utc } from '../time.ts';
import { createIntake } from './intake.ts';
import { readAudit } from './read-audit.ts';

const context = { zone: utc };

/** What is kept, and what is counted, of a record: by the quick reader and by the one that parses the whole. */
function both(take: ReturnType<typeof createIntake>, text: string) {
  const quick = take(text, context);
  const masked = redact(text);
  const whole = readAudit(masked, context);
  const told = (reading: typeof quick.reading) => {
    if (reading.ok !== true) return reading;
    const { dialect, id, userAgent, engine, stopped, components, messages } = reading.value;
    const brief = messages.map((message) => [
      message.id,
      message.text,
      message.severity,
      message.tags,
      message.version,
    ]);
    return { dialect, id, userAgent, engine, stopped, components, brief, summary: summarise(reading.value, null) };
  };
  return {
    quick: { masked: quick.masked.head + text.slice(quick.masked.rest), told: told(quick.reading) },
    whole: { masked, told: told(whole) },
  };
}

function message(
  parts: Partial<Record<'text' | 'match' | 'reference' | 'id' | 'data' | 'file' | 'severity', string>> = {},
) {
  return {
    message: parts.text ?? 'SQL Injection Attack Detected via libinjection',
    details: {
      match: parts.match ?? "detected SQLi using libinjection. against variable `ARGS:id' (Value: `1' or 1' )",
      reference: parts.reference ?? 'o0,8v10,25t:urlDecodeUni',
      ruleId: parts.id ?? '942100',
      file: parts.file ?? '/etc/crs/REQUEST-942-APPLICATION-ATTACK-SQLI.conf',
      lineNumber: '46',
      data: parts.data ?? 'Matched Data: s&1c found within ARGS:id: 1',
      severity: parts.severity ?? '2',
      ver: 'OWASP_CRS/3.3.4',
      rev: '',
      tags: ['attack-sqli', 'paranoia-level/1', 'OWASP_CRS'],
      maturity: '0',
      accuracy: '0',
    },
  };
}

function record(messages: readonly unknown[], uri = '/a?id=1', headers: Readonly<Record<string, string>> = {}) {
  return {
    transaction: {
      client_ip: '203.0.113.7',
      time_stamp: 'Mon Jun 15 12:00:00 2026',
      unique_id: '1795666742.100000',
      request: { method: 'GET', http_version: 1.1, uri, headers: { Host: 'shop.example', ...headers } },
      response: { body: '', http_code: 403, headers: {} },
      producer: { secrules_engine: 'Enabled', components: ['OWASP_CRS/3.3.4"'] },
      messages,
    },
  };
}

const plain = JSON.stringify(record([message(), message({ id: '942110' })]));

describe('a record whose rules were seen before is taken as one that is parsed whole', () => {
  const piece = fc.oneof(
    fc.constantFrom(
      '"',
      '\\',
      '`',
      "'",
      '{',
      '}}',
      ']}}',
      ',',
      ':',
      '\n',
      '\u0000',
      ' ',
      'ä',
      '\u2028',
      '; ',
      '&',
      '=',
    ),
    fc.constantFrom('password', 'Cookie', 'token', 'csrf', 'jwt', 'passwd', 'pwd', 'Bearer ', 'eyJhbGciOiJI.eyJz.s'),
    fc.constantFrom('4111 1111 1111 1111', '4111', '1111', "' (Value: `", "' )", 'Matched Data: ', ' found within '),
    fc.constantFrom(
      '{"message":"',
      '","details":{"match":"',
      '","ruleId":"',
      '","data":"',
      ',"messages":[{',
      '\r\n\r\n',
    ),
    fc.string({ maxLength: 6 }),
  );
  const value = fc.array(piece, { maxLength: 6 }).map((parts) => parts.join(''));
  const rule = fc.record(
    {
      text: fc.oneof(fc.constantFrom('XSS', 'Session Fixation', 'Score: 5'), value),
      match: value,
      reference: fc.oneof(fc.constant('o0,8v10,25'), value),
      id: fc.constantFrom('942100', '941100', '949110', '930120', ''),
      data: value,
      file: fc.oneof(fc.constantFrom('a.conf', 'SESSION.conf', '4111111111111111'), value),
      severity: fc.constantFrom('0', '2', '5', ''),
    },
    { requiredKeys: [] },
  );

  test('with any values in it', () => {
    const take = createIntake();
    fc.assert(
      fc.property(fc.array(rule, { maxLength: 5 }), value, fc.dictionary(value, value), (rules, uri, headers) => {
        const { quick, whole } = both(take, JSON.stringify(record(rules.map(message), uri, headers)));
        expect(quick).toEqual(whole);
      }),
      { numRuns: 2000 },
    );
  });

  test('with any of its bytes replaced, removed or doubled', () => {
    const take = createIntake();
    both(take, plain);
    const change = fc.tuple(
      fc.nat({ max: plain.length - 1 }),
      fc.nat({ max: 40 }),
      fc.oneof(piece, fc.constant(plain)),
    );
    fc.assert(
      fc.property(change, ([at, removed, added]) => {
        const { quick, whole } = both(take, plain.slice(0, at) + added + plain.slice(at + removed));
        expect(quick).toEqual(whole);
      }),
      { numRuns: 2000 },
    );
  });
});

test.each([
  ['nothing odd', plain],
  ['a line of a container', `2024-06-15T12:12:40.123456789Z stdout F ${plain}`],
  ['a list of another member', plain.replace('"messages":[', '"messages":[]},"other":{"id":1,"messages":[')],
  ['a transaction that comes twice', plain.replace('"messages":[', '"x":1},"transaction":{"y":2,"messages":[')],
  ['a name that comes twice', plain.replaceAll('"accuracy":"0"', '"accuracy":"0","ruleId":"1","message":"x"')],
  ['something behind it', `${plain} {}`],
  ['control characters', plain.replaceAll('/a?id=1', '/a\u0001\\x27').replaceAll('Value', 'V\u0001\\x27')],
  ['a secret in what matched', plain.replaceAll('ARGS:id', 'ARGS:password')],
  ['a secret in its head', plain.replaceAll('"Host":', '"Cookie":"sid=abc; theme=dark","Host":')],
  ['a card in its head', plain.replaceAll('/a?id=1', '/a?c=4111111111111111')],
  ['evidence of a secret', plain.replace('/a?id=1', 'found within ARGS:password=1')],
  [
    'a secret that goes on in the messages',
    plain.replace('"body":""', '"body":"name=\\"password\\"').replace('s&1c', '\\r\\n\\r\\n'),
  ],
])('%s makes no difference', (_name, text) => {
  const take = createIntake();
  for (const given of [plain, text, plain, text]) {
    const { quick, whole } = both(take, given);
    expect(quick).toEqual(whole);
  }
});

import { describe, expect, test } from 'vitest';
import { fixedOffset, readTimeZone, utc } from '../time.ts';
import type { AuditRecord } from './audit-record.ts';
import { readAudit } from './read-audit.ts';
import { readRuleText } from './rule-text.ts';

function read(text: string, zone = utc): AuditRecord {
  const reading = readAudit(text, { zone });
  if (reading.ok !== true) throw new Error(reading.ok === false ? reading.reason : reading.ok);
  return reading.value;
}

const json = (fields: string): string =>
  `{"transaction":{"client_ip":"203.0.113.7","time_stamp":"Sat Jun 15 12:12:40 2024","request":{"method":"GET","http_version":2.0,"uri":"/",${fields}},"response":{"http_code":403},"messages":[]}}`;

function native(dashes: string, report: string): string {
  const section = (name: string): string => `${dashes}mK5JU2rL${dashes === '--' ? '-' : '---'}${name}--\n`;
  return `${section('A')}[15/Jun/2024:12:12:40 +0200] 171845356027.087146 203.0.113.7 5000 10.0.0.9 80
${section('B')}POST /a?b=1 HTTP/1.1\nHost: Shop.Example:8080\nUser-Agent: curl\nX-Two: one\nX-Two: two\n
${section('C')}a=1\n--other-Z--\n
${section('F')}HTTP/2.0 403\nServer: nginx\n
${section('H')}${report}
${section('Z')}`;
}

const tail = (id: string, uri = '/a'): string =>
  `[file "/crs/a.conf"] [line "46"] [id "${id}"] [rev ""] [msg "a \\"quoted\\" message"] [data "x"] [severity "2"] [ver "OWASP_CRS/3.3.4"] [maturity "0"] [accuracy "0"] [tag "attack-sqli"] [tag "paranoia-level/1"] [hostname "10.0.0.9"] [uri "${uri}"] [unique_id "171845356027.087146"] [ref "o0,1v2,3"]`;

describe('reading audit records', () => {
  test('a repeated header gives its last value, a number as version its digits', () => {
    const record = read(json('"headers":{"Host":"a.example","host":"b.example:80","X":"1","X":"2"}'));
    expect(record).toMatchObject({ httpVersion: '2.0', host: 'a.example', client: '203.0.113.7' });
    expect(record.request?.headers).toContainEqual(['X', '2']);
  });

  test('control characters that stand raw in a string are forgiven', () => {
    expect(read(json('"headers":{"A":"x\u0000\u0001y"}')).request?.headers).toEqual([['A', 'x\u0000\u0001y']]);
  });

  test('escapes that JSON does not have stay as they are written', () => {
    const record = read(json('"headers":{"A":"\\x27 or \\u00e9\\n \\u12 \\\\x41 \\N"}'));
    expect(record.request?.headers).toEqual([['A', '\\x27 or é\n \\u12 \\x41 \\N']]);
  });

  test.each([
    'Sat Jun 15 14:12:40 2024',
    '2024/06/15 14:12:40',
    '15/Jun/2024:12:12:40 +0000',
    '2024-06-15T12:12:40Z',
    '2024-06-15 13:12:40.25 +0100',
    '2024-06-15T14:12:40',
  ])('the time %s is read, in the zone given where it names none', (text) => {
    const record = JSON.stringify({ transaction: { time_stamp: text, messages: [] } });
    expect(Math.floor(read(record, fixedOffset(120)).timeMs / 1000)).toBe(Date.parse('2024-06-15T12:12:40Z') / 1000);
  });

  test.each(['1718453560', '1718453560087', '1718453560087146', '1718453560087146000'])(
    'Coraza’s time %s is of the unit that its size says',
    (text) => {
      const record = read(`{"transaction":{"unix_timestamp":${text}},"messages":[]}`);
      expect(new Date(record.timeMs).toISOString()).toMatch(/^2024-06-15T12:12:40\./);
    },
  );

  test('a time without a zone is read in the zone given, through summer and winter', () => {
    const berlin = readTimeZone('Europe/Berlin') ?? utc;
    const text = json('"headers":{}');
    expect(new Date(read(text, berlin).timeMs).toISOString()).toBe('2024-06-15T10:12:40.000Z');
    expect(new Date(read(text.replace('Jun', 'Jan'), berlin).timeMs).toISOString()).toBe('2024-01-15T11:12:40.000Z');
    expect(new Date(read(text, fixedOffset(-330)).timeMs).toISOString()).toBe('2024-06-15T17:42:40.000Z');
  });

  test.each(['--', '---'])('native sections with boundaries of %s', (dashes) => {
    const record = read(native(dashes, `ModSecurity: Warning. Pattern match. ${tail('942100')}`));
    expect(record).toMatchObject({
      dialect: 'modsecurity-native',
      id: '171845356027.087146',
      timeMs: Date.parse('2024-06-15T10:12:40Z'),
      method: 'POST',
      uri: '/a?b=1',
      host: 'shop.example',
      status: 403,
      engine: 'unknown',
      stopped: null,
    });
    expect(record.request?.body).toContain('--other-Z--');
    expect(record.request?.headers.filter(([name]) => name === 'X-Two')).toHaveLength(2);
    expect(record.messages).toMatchObject([
      { id: '942100', text: 'a "quoted" message', severity: 2, tags: ['attack-sqli', 'paranoia-level/1'], line: 46 },
    ]);
  });

  test('native says itself that it denied, and its mode only in version 2', () => {
    expect(read(native('---', `ModSecurity: Access denied with code 403 (phase 2). x ${tail('1001')}`)).stopped).toBe(
      true,
    );
    const second =
      'Message: Warning. x [file "a"] [line "1"] [id "942100"] [severity "CRITICAL"]\nEngine-Mode: "DETECTION_ONLY"';
    const record = read(native('--', second));
    expect(record).toMatchObject({ engine: 'detection-only', messages: [{ id: '942100', severity: 2 }] });
  });

  test('a path that forges a tail of rule fields changes nothing', () => {
    const forged = '/a"] [file "x"] [line "1"] [id "666"] [severity "0"] [unique_id "171845356027.087146"] [ref "';
    const line = `ModSecurity: Warning. x ${tail('942100', forged)}`;
    expect(readRuleText(line, '171845356027.087146').id).toBe('942100');
    const value = `ModSecurity: Warning. (Value: \`[file "x"] [line "1"] [id "666"]' ) ${tail('942100')}`;
    expect(readRuleText(value, '171845356027.087146').id).toBe('942100');
  });

  test('several lines of an error log about one transaction are one record', () => {
    const head = '2024/06/15 12:12:40 [warn] 33#33: *17 [client 203.0.113.7] ModSecurity: ';
    const end = ', client: 203.0.113.7, server: shop.example, request: "GET /a?x=1 HTTP/1.1", host: "shop.example"';
    const record = read(
      `${head}Warning. x ${tail('942100')}${end}\n${head}Access denied with code 403 (phase 2). y ${tail('949110')}${end}`,
    );
    expect(record).toMatchObject({ stopped: true, uri: '/a?x=1', method: 'GET', status: 403 });
    expect(record.messages.map(({ id }) => id)).toEqual(['942100', '949110']);
  });

  test.each(['2024-06-15T12:12:40.1Z stderr F ', '[pod/ingress-1/controller] ', '<131>Jun 15 12:12:40 edge nginx: '])(
    'whatever a shipper puts before a record (%s), it is the record',
    (before) => {
      const line = `2024/06/15 12:12:40 [error] 3#3: *1 [client 203.0.113.7] ModSecurity: Access denied with code 403 (phase 2). SQLi ${tail('942100')}, client: 203.0.113.7`;
      expect(read(before + line)).toEqual(read(line));
      expect(read(before + json('"headers":{}'))).toMatchObject({ dialect: 'modsecurity-json', client: '203.0.113.7' });
    },
  );

  test('lines of an error log about other things are passed over', () => {
    expect(
      readAudit('2024/06/15 12:12:40 [error] 3#3: *1 open() "/x" failed (2: No such file)', { zone: utc }).ok,
    ).toBe('passed-over');
    expect(
      readAudit('2024/06/15 12:12:40 [notice] 3#3: ModSecurity-nginx v1.0.3 (rules loaded)', { zone: utc }).ok,
    ).toBe('passed-over');
  });

  test('Coraza without part K has only the classic line', () => {
    const record = read(
      JSON.stringify({
        transaction: {
          timestamp: '2024/06/15 12:12:40',
          id: 'k',
          client_ip: '::1',
          is_interrupted: false,
          request: { method: 'GET', uri: '/' },
        },
        messages: [{ error_message: `[client "::1"] Coraza: Warning. SQLi ${tail('942100')}`, data: {} }],
      }),
    );
    expect(record).toMatchObject({
      dialect: 'coraza-json',
      stopped: false,
      messages: [{ id: '942100', tags: ['attack-sqli', 'paranoia-level/1'] }],
    });
  });

  test.each([
    ['{"error":"ModSecurity was not compiled with JSON support."}', 'not compiled'],
    ['{"transaction":{"time_stamp":"never"}}', 'time_stamp'],
    ['{"transaction":{', 'not whole JSON'],
    ['[1,2]', 'not a record'],
    ['hello', 'not a record'],
  ])('%s is refused with its reason', (text, reason) => {
    const reading = readAudit(text, { zone: utc });
    expect(reading).toMatchObject({ ok: false, reason: expect.stringContaining(reason) });
  });
});

import { describe, expect, test } from 'vitest';
import { compileAccessPattern } from './access-pattern.ts';
import { createAccessReader } from './read-access.ts';
import { recognise } from '../recognise.ts';

const reader = createAccessReader();

function read(text: string, own = reader) {
  const reading = own.read(text);
  if (reading.ok !== true) throw new Error(reading.reason);
  return reading.value;
}

const combined =
  '203.0.113.4 - bob smith [15/Jun/2024:14:00:01 +0200] "GET /a?b=\\xC3\\xA4 HTTP/1.1" 200 743 "-" "say \\"x\\""';

describe('reading access lines', () => {
  test('combined, with what a site adds behind it', () => {
    expect(read(`${combined} "10.0.0.1" 0.003`)).toMatchObject({
      timeMs: Date.parse('2024-06-15T12:00:01Z'),
      offsetMinutes: 120,
      client: '203.0.113.4',
      method: 'GET',
      uri: '/a?b=ä',
      status: 200,
      userAgent: 'say "x"',
      answeredBy: 'unknown',
      upstream: null,
      durationMs: null,
    });
  });

  test.each([
    ['2024-06-15T12:00:01.123456789Z stdout F ', ''],
    ['[pod/ingress-1/controller] ', ''],
    ['<134>Jun 15 12:00:01 edge nginx: ', ''],
    ['shop.example:443 ', 'shop.example'],
    ['', ''],
  ])('the client is the address, whatever “%s” stands before it', (before, host) => {
    expect(read(`${before}${combined}`)).toMatchObject({ client: '203.0.113.4', host });
    expect(read(`${before}${combined.replace('.4 -', '.4, 10.0.0.1 -')}`).client).toBe('203.0.113.4');
    expect(read(`${before}${combined.replace('203.0.113.4', '2001:db8::4')}`).client).toBe('2001:db8::4');
  });

  test('JSON behind the mark of a container runtime', () => {
    const text = '{"msec":1718452801.000,"remote_addr":"203.0.113.4","request_uri":"/a","status":403}';
    expect(read(`2024-06-15T12:00:01.1Z stdout F ${text}`)).toMatchObject({ client: '203.0.113.4', status: 403 });
  });

  test('ingress-nginx, after retries and internal redirects', () => {
    const line = `203.0.113.4 - - [15/Jun/2024:12:00:01 +0000] "GET /a HTTP/2.0" 200 743 "-" "curl/8" 211 0.052 [shop-web-8080] [] 10.0.0.6:8080, 10.0.0.7:8080 : 10.0.0.8:8080 743, - : 5 0.051, - : 0.1 502, - : 200 6d1f`;
    expect(read(line)).toMatchObject({
      upstream: 'shop-web-8080',
      answeredBy: 'upstream',
      upstreamStatus: '502, - : 200',
      durationMs: 52,
      requestId: '6d1f',
      status: 200,
      httpVersion: '2.0',
    });
  });

  test.each(['hi=test', '\\x16\\x03\\x01', '', 'GET', 'GET /'])(
    'the request line "%s" is kept as far as it is one',
    (request) => {
      const line = read(
        `203.0.113.4 - - [15/Jun/2024:12:00:03 +0000] "${request}" 400 150 "-" "-" 0 0.000 [] [] - - - - 5566`,
      );
      expect(line).toMatchObject({ status: 400, answeredBy: 'proxy', method: request === 'GET /' ? 'GET' : '' });
    },
  );

  test.each([
    '{"time_iso8601":"2024-06-15T14:00:01+02:00","remote_addr":"203.0.113.4","request":"GET /a?b=1 HTTP/1.1","status":"403","host":"Shop.Example:443"}',
    '{"@timestamp":"2024-06-15T12:00:01Z","client_ip":"203.0.113.4","method":"GET","path":"/a","query":"b=1","response_code":403,"authority":"shop.example"}',
    '{"msec":1718452801.000,"remote_addr":"203.0.113.4","request_method":"GET","request_uri":"/a?b=1","status":403,"http_host":"shop.example"}',
  ])('JSON %s', (text) => {
    expect(read(text)).toMatchObject({
      timeMs: Date.parse('2024-06-15T12:00:01Z'),
      client: '203.0.113.4',
      method: 'GET',
      uri: '/a?b=1',
      status: 403,
      host: 'shop.example',
    });
  });

  test("a site's own pattern", () => {
    const pattern = compileAccessPattern('$msec|$remote_addr|$host|"$request"|$status|${upstream_addr}', {
      rest: 'refused',
    });
    if (!pattern.ok) throw new Error(pattern.message);
    const own = createAccessReader(pattern.value);
    expect(
      read('1718452801.250|203.0.113.4|shop.example|"GET /\\x22 HTTP/1.1"|404|10.0.0.6:80, 10.0.0.7:80', own),
    ).toMatchObject({
      timeMs: 1_718_452_801_250,
      uri: '/"',
      status: 404,
      answeredBy: 'upstream',
    });
    expect(own.read('something else')).toMatchObject({ ok: false, reason: expect.stringContaining('pattern') });
  });

  test.each(['$request', '$remote_addr $request', '$time_local$remote_addr $request', 'no variable'])(
    'the pattern "%s" is refused with its reason',
    (text) => {
      expect(compileAccessPattern(text, { rest: 'refused' }).ok).toBe(false);
    },
  );

  test('which log a line comes from', () => {
    const record = '{"transaction":{"client_ip":"::1","time_stamp":"Sat Jun 15 12:12:40 2024"}}';
    expect(
      [combined, record, '---mK5JU2rL---A--', '--1a2b3c4d-A--', '2024/06/15 12:12:40 [error] 3#3: x', 'x', ''].map(
        (line) => recognise(line),
      ),
    ).toEqual([
      { kind: 'access', format: 'combined' },
      { kind: 'audit', dialect: 'modsecurity-json' },
      { kind: 'audit', dialect: 'modsecurity-native' },
      { kind: 'audit', dialect: 'modsecurity-native' },
      { kind: 'audit', dialect: 'error-line' },
      null,
      null,
    ]);
  });
});

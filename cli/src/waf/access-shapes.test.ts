import { describe, expect, test } from 'vitest';
import { accessLine, countLogs, ingressTail, runReport } from './count-logs.suite.ts';

const ingress = `${accessLine()} ${ingressTail}`;

async function countLine(line: string | Buffer, format?: string) {
  const access = Buffer.concat([Buffer.from(line), Buffer.from('\n')]);
  const { total, malformed, by, buckets } = await countLogs({
    access,
    args: format === undefined ? [] : ['--access-format', format],
  });
  const [client, path, host, method, status] = (['client', 'path', 'host', 'method', 'status'] as const).map((name) =>
    by[name].map(({ value }) => value).join(),
  );
  return { total, malformed, client, path, host, method, status, start: buckets[0]?.start };
}

const json = (fields: string): string =>
  `{"time": "2024-06-15T12:12:40+00:00", "remote_addr": "203.0.113.7", ${fields}}`;
const start = '2024-06-15T12:12:40.000Z';
const asUsual = { total: 1, malformed: 0, client: '203.0.113.7', path: '/a', method: 'GET', status: '403', start };

describe('access lines, however a site writes them', () => {
  test.each([
    ['ingress-nginx', ingress],
    ['ingress-nginx before 0.25', ingress.replace(' [] ', ' ')],
    [
      'ingress-nginx with the chain of proxies in brackets',
      ingress.replace(' - - ', ' - [203.0.113.7, 10.0.0.9] - - '),
    ],
    ['ingress-nginx with something behind it', `${ingress} shop.example`],
    ['a user whose name has a bracket and a quote', ingress.replace('- - [', '- a [b" c [')],
    ['common', accessLine().replace(' "-" "curl/8"', '')],
    ['Traefik', `${accessLine()} 1 "shop@docker" "http://10.0.0.1:80" 3ms`],
    ['CRLF', `${ingress}\r`],
    ['zeros of a file that was truncated', `\0\0\0${ingress}`],
    [
      'Envoy',
      '[2024-06-15T12:12:40.123Z] "GET /a?id=1 HTTP/1.1" 403 - 0 9 1 - "203.0.113.7" "curl/8" "6d1f" "shop.example" "-"',
    ],
    [
      'Istio',
      '[2024-06-15T12:12:40.123Z] "GET /a?id=1 HTTP/1.1" 403 - via_upstream - "-" 0 9 1 0 "203.0.113.7" "curl/8" "6d1f" "shop.example" "10.0.0.6:8080" outbound|80||web 10.0.0.2:34 10.0.0.1:8080 203.0.113.7:0 - default',
    ],
    [
      'Istio in JSON',
      json(
        '"start_time":"2024-06-15T12:12:40.1Z","downstream_remote_address":"203.0.113.7:0","method":"GET","path":"/a?id=1","response_code":403',
      ),
    ],
    [
      'Caddy',
      '{"level":"info","ts":1718453560.225632,"logger":"http.log.access","msg":"handled request","request":{"client_ip":"203.0.113.7","proto":"HTTP/1.1","method":"GET","host":"shop.example:8443","uri":"/a?id=1"},"status":403}',
    ],
    [
      'JSON with groups',
      '{"timestamp": "2024-06-15T12:12:40+00:00", "http_request": {"request_method": "GET", "request_uri": "/a", "status": "403", "remote_addr": "203.0.113.7"}}',
    ],
    [
      'JSON with nothing where a number is meant',
      json('"status": 403,"bytes": ,"upstream_time": -,"path":"/a","method":"GET"'),
    ],
    [
      'JSON with lists after a retry',
      json('"upstream_time": 0.1, 0.2,"upstream_status": 502, -,"status": 403,"path":"/a","method":"GET"'),
    ],
    [
      'JSON with escapes that JSON does not have',
      json('"status": 403,"path":"/a","method":"GET","http_user_agent":"a\\x22b"'),
    ],
    [
      'JSON with milliseconds',
      '{"timestamp":1718453560123,"remote_addr":"203.0.113.7","request":"GET /a HTTP/1.1","status":"403"}',
    ],
    [
      'JSON behind a proxy',
      '{"time":"2024-06-15T12:12:40Z","remote_addr":"","x_forwarded_for":"203.0.113.7, 10.0.0.9","request":"GET /a HTTP/1.1","status":403}',
    ],
  ])('%s', async (_, line) => {
    expect(await countLine(line)).toMatchObject(asUsual);
  });

  test.each([
    ['203.0.113.7:51234', '203.0.113.7'],
    ['::ffff:203.0.113.7', '203.0.113.7'],
    ['2001:db8::7', '2001:db8::7'],
    ['[2001:db8::7]:51234', '2001:db8::7'],
    ['fe80::1%eth0', 'fe80::1%eth0'],
    ['203.0.113.7, 10.0.0.9', '203.0.113.7'],
    ['unix:', 'unix:'],
    ['-', 'unknown'],
  ])('%s asked', async (client, value) => {
    expect(await countLine(`${accessLine({ client })} ${ingressTail}`)).toMatchObject({ total: 1, client: value });
  });

  test.each([
    ['15/Jun/2024:17:42:40 +0530', start],
    ['15/Jun/2024:08:42:40 -0330', start],
    ['15/Jun/2024:17:57:40 +0545', start],
    ['30/Jun/2024:23:59:60 +0000', '2024-07-01T00:00:00.000Z'],
  ])('at %s', async (time, value) => {
    expect(await countLine(accessLine({ time }))).toMatchObject({ total: 1, start: value });
  });

  test.each(['31/Jun/2024:12:12:40 +0000', '15/Jun/2024:24:00:00 +0000', '00/Jun/2024:12:12:40 +0000'])(
    'no clock shows %s: it is not taken for another time',
    async (time) => {
      expect(await countLogs({ access: `${accessLine()}\n${accessLine({ time })}\n` })).toMatchObject({
        total: 1,
        malformed: 1,
      });
    },
  );

  test.each([
    ['', 'unknown', 'unknown', '400'],
    ['-', 'unknown', 'unknown', '400'],
    ['\\x16\\x03\\x01\\x02', 'unknown', 'unknown', '400'],
    ['hi=test', 'unknown', 'unknown', '400'],
    ['GET /a', 'GET', '/a', '400'],
    ['GET /a b c?x=1 HTTP/1.1', 'GET', '/a b c', '400'],
    ['GET /a?x="y" HTTP/1.1', 'GET', '/a', '400'],
    ['GET /a\\x22b HTTP/1.1', 'GET', '/a"b', '400'],
    ['GET /a\\" 200 5 HTTP/1.1', 'GET', '/a" 200 5', '400'],
    ['CONNECT example.com:443 HTTP/1.1', 'CONNECT', 'example.com:443', '400'],
    ['GET http://other.example/a?x HTTP/1.1', 'GET', '/a', '400'],
    ['OPTIONS * HTTP/1.1', 'OPTIONS', '*', '400'],
    ['PRI * HTTP/2.0', 'PRI', '*', '400'],
    ['GET /a HTTP/3.0', 'GET', '/a', '400'],
  ])('the request “%s”', async (request, method, path, status) => {
    const line = `${accessLine({ request, status })} ${ingressTail}`;
    expect(await countLine(line)).toMatchObject({ total: 1, malformed: 0, method, path, status });
  });

  test('bytes of a request that are no UTF-8 are replaced', async () => {
    const [before = '', after = ''] = `${accessLine({ request: 'GET /§ HTTP/1.1' })}`.split('§');
    const line = Buffer.concat([Buffer.from(before), Buffer.from([0xff, 0xfe]), Buffer.from(after)]);
    expect(await countLine(line)).toMatchObject({ total: 1, method: 'GET', path: '/\uFFFD\uFFFD' });
  });

  test.each(['0', '000', '-'])('%s is no status', async (status) => {
    expect(await countLine(`${accessLine({ status })} ${ingressTail}`)).toMatchObject({ total: 1, status: 'unknown' });
  });

  test.each([
    ['$proxy_protocol_addr', '203.0.113.7'],
    ['$the_real_ip', '203.0.113.7'],
    ['$proxy_add_x_forwarded_for', '203.0.113.7, 10.0.0.9'],
  ])('who asked may be %s in a pattern', async (name, client) => {
    const line = `${client} - [15/Jun/2024:12:12:40 +0000] "GET /a HTTP/1.1" 403`;
    expect(await countLine(line, `${name} - [$time_local] "$request" $status`)).toMatchObject(asUsual);
  });

  test('what it cannot read is refused', async () => {
    expect(
      await runReport({ access: '2024-06-15 12:12:40 10.0.0.1 GET /a - 443 - 203.0.113.7 403 0 0 15\n' }),
    ).toMatchObject({ code: 2, err: expect.stringContaining('--access-format') });
  });
});

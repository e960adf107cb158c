import { describe, expect, test } from 'vitest';
import { accessLine } from './access-line.ts';
import { readAttacks } from './attacks.ts';
import { auditRecord } from './audit-record.ts';
import { garble } from './garble.ts';
import type { WebRequest } from './web-request.ts';

const book = readAttacks();
const attack = book.get('sqli-tautology');
const blocked: WebRequest = {
  time: Date.UTC(2026, 5, 5, 4, 3, 2),
  client: '2001:db8::7',
  port: 40_000,
  host: 'shop.alpenshop.example',
  method: 'GET',
  uri: attack.uri,
  agent: 'test/1.0',
  referer: undefined,
  status: 403,
  bytes: 153,
  length: 300,
  durationMs: 1,
  upstreamName: 'shop-prod-web-80',
  upstream: undefined,
  requestId: '0123456789abcdef0123456789abcdef',
  uniqueId: '178060578212.345678',
  engine: 'Enabled',
  attack,
};
const origin = { evaluation: book.evaluation, serverId: 'f00', hostAddress: '10.4.1.1' };

describe('a line of the access log', () => {
  test('of a request that the firewall stopped names no upstream', () => {
    expect(accessLine(blocked)).toBe(
      '2001:db8::7 - - [05/Jun/2026:04:03:02 +0000] "GET /api/catalog/search?q=1%27+or+1%3D1--+-&sort=price HTTP/1.1" 403 153 "-" "test/1.0" 300 0.001 [shop-prod-web-80] [] - - - - 0123456789abcdef0123456789abcdef\n',
    );
  });

  test('of a request that was served ends with what the pod said', () => {
    const served = {
      ...blocked,
      status: 200,
      bytes: 12,
      durationMs: 34,
      upstream: '10.4.2.2:8080',
      referer: 'https://a/',
    };
    expect(accessLine(served)).toContain(
      '200 12 "https://a/" "test/1.0" 300 0.034 [shop-prod-web-80] [] 10.4.2.2:8080 12 0.034 200 0123',
    );
  });

  test('an empty user agent is two quotes, a missing one a dash, as nginx writes them', () => {
    expect(accessLine({ ...blocked, agent: '' })).toContain('"-" "" 300');
    expect(accessLine({ ...blocked, agent: undefined })).toContain('"-" "-" 300');
  });
});

describe('an audit record', () => {
  test('is what ModSecurity 3.0.9 wrote for the same request', () => {
    const tags = '["application-multi","language-multi","platform-multi","attack-generic"]';
    expect(auditRecord(blocked, origin)).toBe(
      '{"transaction":{"client_ip":"2001:db8::7","time_stamp":"Fri Jun  5 04:03:02 2026","server_id":"f00","client_port":40000,"host_ip":"10.4.1.1","host_port":80,"unique_id":"178060578212.345678","request":{"method":"GET","http_version":1.1,"uri":"/api/catalog/search?q=1%27+or+1%3D1--+-&sort=price","headers":{"Host":"shop.alpenshop.example","User-Agent":"test/1.0","Accept":"*/*"}},"response":{"http_code":403},"producer":{"modsecurity":"ModSecurity v3.0.9 (Linux)","connector":"ModSecurity-nginx v1.0.3","secrules_engine":"Enabled","components":["OWASP_CRS/3.3.4\\""]},"messages":[' +
        '{"message":"SQL Injection Attack Detected via libinjection","details":{"match":"detected SQLi using libinjection.","reference":"v26,13","ruleId":"942100","file":"/usr/share/modsecurity-crs/rules/REQUEST-942-APPLICATION-ATTACK-SQLI.conf","lineNumber":"46","data":"Matched Data: s&1c found within ARGS:q: 1\' or 1=1-- -","severity":"2","ver":"OWASP_CRS/3.3.4","rev":"","tags":[],"maturity":"0","accuracy":"0"}},' +
        '{"message":"Inbound Anomaly Score Exceeded (Total Score: 5)","details":{"match":"Matched \\"Operator `Ge\' with parameter `5\' against variable `TX:ANOMALY_SCORE\' (Value: `5\' )","reference":"","ruleId":"949110","file":"/usr/share/modsecurity-crs/rules/REQUEST-949-BLOCKING-EVALUATION.conf","lineNumber":"81","data":"","severity":"2","ver":"OWASP_CRS/3.3.4","rev":"","tags":' +
        tags +
        ',"maturity":"0","accuracy":"0"}}]}}\n',
    );
  });

  test.each([
    ['sqli-union', 15],
    ['lfi-passwd', 30],
    ['numeric-host', 3],
    ['no-accept', 2],
  ])('of %s has the score that ModSecurity summed up', (name, score) => {
    expect(book.get(name).score).toBe(score);
  });

  test('below the threshold and of a body that cannot be read is not evaluated', () => {
    for (const name of ['numeric-host', 'bad-json']) {
      expect(auditRecord({ ...blocked, attack: book.get(name) }, origin)).not.toContain('949110');
    }
  });
});

test('what a broken writer leaves is no record', () => {
  for (const turn of [0, 1, 2]) {
    const line = garble(auditRecord(blocked, origin), turn);
    expect(line.endsWith('\n')).toBe(true);
    expect(() => JSON.parse(line)).toThrow(SyntaxError);
  }
});

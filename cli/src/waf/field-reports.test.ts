import { describe, expect, test } from 'vitest';
import { countLogs, once } from './count-logs.suite.ts';

/** Faults that users of other tools reported, each with the figures that are right. */
const count = (audit: string | Buffer, access?: string) =>
  countLogs(access === undefined ? { audit } : { audit, access });

const errorHead =
  '2024/06/15 12:12:40 [error] 33#33: *17 [client 203.0.113.7] ModSecurity: Access denied with code 403 (phase 2). ';

describe('field reports', () => {
  test('raw bytes of an attack in the JSON audit log hide nothing (ModSecurity#3463)', async () => {
    const record = Buffer.concat([
      Buffer.from(
        '{"transaction":{"client_ip":"203.0.113.7","time_stamp":"Sat Jun 15 12:12:40 2024","unique_id":"171845356027.087146","request":{"method":"GET","http_version":1.1,"uri":"/i.php?',
      ),
      Buffer.from([0xad, 0x2b]),
      Buffer.from('d+auto","headers":{"Host":"shop.example","User-Agent":"a\u2028b\\u0000c'),
      Buffer.from([0xf0, 0x9f]),
      Buffer.from(
        '"}},"response":{"http_code":403,"headers":{}},"producer":{"secrules_engine":"Enabled"},"messages":[{"message":"PHP","details":{"match":"Value: `',
      ),
      Buffer.from([0xff, 0xfe]),
      Buffer.from(
        '","ruleId":"933140","severity":"2","tags":["attack-injection-php"]}},{"message":"Exceeded","details":{"ruleId":"949110","severity":"0","tags":["anomaly-evaluation"]}}]}}\n',
      ),
    ]);
    const counted = await count(record);
    expect(counted).toMatchObject({ total: null, records: 1, malformed: 0, blocked: 1, anomalous: 1 });
    expect(counted.by).toMatchObject({ rule: once('933140'), category: once('PHP injection'), path: once('/i.php') });
  });

  test('error-log lines that are cut in the middle count, and what is missing is unknown (ModSecurity#2416)', async () => {
    const counted = await count(
      `${errorHead}detected SQLi using libinjection. [file "/crs/REQUEST-942-APPLICATION-ATTACK-SQLI.conf"] [line "46"] [id "942100"] [rev ""] [msg "SQL Injection Attack Detected via libinjection"] [data "Matched Data: s&1c found within ARGS:q: 1' or 1=1"] [severity "2"] [ver "OWASP_CRS/3.3.4"] [maturity "0"] [accuracy "0"] [tag "application-multi"] [tag "attack-sq\n` +
        `2024/06/15 12:12:41 [error] 33#33: *18 [client 203.0.113.8] ModSecurity: Access denied with code 403 (phase 2). Matched "Operator \`Rx' with par\n`,
    );
    expect(counted).toMatchObject({ records: 2, malformed: 0, blocked: 2 });
    expect(counted.by).toMatchObject({
      rule: once('942100'),
      category: [...once('SQLi'), ...once('unknown')],
      client: [...once('203.0.113.7'), ...once('203.0.113.8')],
    });
  });

  test('the JSON of version 2 is read as such (elastic/integrations#2859)', async () => {
    const counted = await count(
      `${JSON.stringify({
        transaction: {
          time: '15/Jun/2024:14:12:40 +0200',
          transaction_id: 'ZmAAAAAAAAAAAAAAAAAAAAAB',
          remote_address: '203.0.113.7',
          remote_port: 50726,
          local_address: '10.0.0.9',
          local_port: 443,
        },
        request: { request_line: 'GET /?id=1%27 HTTP/1.1', headers: { Host: 'shop.example' } },
        response: { protocol: 'HTTP/1.1', status: 403, headers: {} },
        audit_data: {
          messages: [
            'Warning. detected SQLi using libinjection with fingerprint \'s&1c\' [file "/crs/942.conf"] [line "65"] [id "942100"] [msg "SQL Injection Attack Detected via libinjection"] [severity "CRITICAL"] [tag "attack-sqli"]',
            'Access denied with code 403 (phase 2). Operator GE matched 5 at TX:anomaly_score. [file "/crs/949.conf"] [line "94"] [id "949110"] [msg "Inbound Anomaly Score Exceeded (Total Score: 5)"] [severity "CRITICAL"] [tag "attack-generic"]',
          ],
          action: { intercepted: true, phase: 2, message: 'Operator GE matched 5 at TX:anomaly_score.' },
          engine_mode: 'ENABLED',
        },
      })}\n`,
    );
    expect(counted).toMatchObject({ records: 1, blocked: 1, malformed: 0 });
    expect(counted.by).toEqual({
      rule: once('942100'),
      category: once('SQLi'),
      client: once('203.0.113.7'),
      method: once('GET'),
      path: once('/'),
      host: once('shop.example'),
      status: once('403'),
    });
    expect(counted.buckets[0]?.start).toBe('2024-06-15T12:12:40.000Z');
  });

  test('lists of upstreams after a retry are no obstacle, and only the answer that the client saw counts (beats#20813)', async () => {
    const counted = await count(
      '',
      `203.0.113.4 - - [15/Jun/2024:12:00:01 +0000] "GET /a HTTP/1.1" 200 743 "-" "curl/8" 211 0.052 [shop-web-8080] [] 10.0.0.6:8080, 10.0.0.7:8080 743, - 0.051, - 200, - 6d1f0b2c9e7a45d8b3c2a1908f7e6d5c
2001:db8::4 - - [15/Jun/2024:12:00:02 +0000] "POST /b HTTP/2.0" 101 18 "-" "a \\x22quoted\\x22 agent" 902 2.310 [shop-web-8080] [] [2001:db8::a]:443, [2001:db8::b]:443, 10.0.0.7:443 0, 0, 18 0.100, 0.100, 2.110 502, 502, 101 0a9b8c7d6e5f40312233445566778899
203.0.113.4 - - [15/Jun/2024:12:00:03 +0000] "\\x16\\x03\\x01\\x02" 400 150 "-" "-" 0 0.000 [] [] - - - - 5566778899aabbccddeeff0011223344
`,
    );
    expect(counted).toMatchObject({ total: 3, records: 0, malformed: 0, anomalous: 0 });
    expect(counted.by.status.map(({ value }) => value).toSorted()).toEqual(['101', '200', '400']);
  });

  test('a rule that matched several arguments counts once, and no answer is not status 0 (coraza#1070)', async () => {
    const match = (name: string) => ({
      message: 'SQLi',
      data: { id: 942100, severity: 2, tags: ['attack-sqli'], data: `found within ARGS:json.${name}.name` },
    });
    const record = JSON.stringify({
      transaction: {
        timestamp: '2024/06/15 12:12:40',
        unix_timestamp: 0,
        id: 'kRtW03mmXqAz71Lp',
        client_ip: '2001:db8::7',
        client_port: 0,
        is_interrupted: true,
        request: {
          method: 'POST',
          protocol: 'HTTP/3.0',
          uri: '/api',
          http_version: '',
          headers: { host: ['shop.example'] },
        },
        response: { status: 0, headers: {} },
        producer: { rule_engine: 'On' },
      },
      messages: [
        ...['0', '1', '2'].map(match),
        { message: 'Exceeded', data: { id: 949110, severity: 0, tags: ['anomaly-evaluation'] } },
      ],
    }).replace('"unix_timestamp":0', '"unix_timestamp":1718453560087146000');
    const counted = await count(`${record}\n`);
    expect(counted).toMatchObject({ records: 1, blocked: 1, anomalous: 1 });
    expect(counted.by).toMatchObject({ rule: once('942100'), category: once('SQLi'), status: once('unknown') });
    expect(counted.buckets[0]?.start).toBe('2024-06-15T12:12:40.000Z');
  });

  test('the rule that adds up the scores is never the reason (ModSecurity#2722)', async () => {
    const counted = await count(
      `${errorHead}Matched "Operator \`Ge' with parameter \`5' against variable \`TX:ANOMALY_SCORE' (Value: \`13' ) [file "/crs/REQUEST-949-BLOCKING-EVALUATION.conf"] [line "80"] [id "949110"] [rev ""] [msg "Inbound Anomaly Score Exceeded (Total Score: 13)"] [data ""] [severity "2"] [ver "OWASP_CRS/3.3.4"] [maturity "0"] [accuracy "0"] [tag "attack-generic"] [hostname "10.0.0.9"] [uri "/dav"] [unique_id "171845356027.087146"] [ref ""], client: 203.0.113.7, server: shop.example, request: "PROPFIND /dav HTTP/2.0", host: "shop.example"\n`,
    );
    expect(counted).toMatchObject({ records: 1, blocked: 1 });
    expect(counted.by).toMatchObject({
      rule: [],
      category: once('unknown'),
      method: once('PROPFIND'),
      path: once('/dav'),
      host: once('shop.example'),
    });
  });
});

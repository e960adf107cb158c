import type { Tuning } from '@bartizan/waf';
import { describe, expect, test } from 'vitest';
import { runCommand, withFiles } from '../policy/run-command.suite.ts';
import { tune } from './tune.ts';

const note = (client: string, n: number, more: object = {}): string =>
  `${JSON.stringify({
    transaction: {
      client_ip: client,
      time_stamp: `Sat Jun 15 12:12:${10 + n} 2024`,
      unique_id: `17184535${n}`,
      request: { method: 'POST', http_version: 1.1, uri: `/orders/${n}/notes`, headers: { Host: 'shop.example' } },
      response: { http_code: 403, headers: {} },
      producer: { secrules_engine: 'Enabled', components: ['OWASP_CRS/3.3.4'] },
      messages: [
        {
          message: 'SQL Injection Attack Detected via libinjection',
          details: {
            ruleId: '942100',
            severity: '2',
            tags: [],
            ver: 'OWASP_CRS/3.3.4',
            data: 'Matched Data: s&1c found within ARGS:text: x',
          },
        },
        {
          message: 'Inbound Anomaly Score Exceeded (Total Score: 5)',
          details: { ruleId: '949110', tags: [], match: "Operator `Ge' with parameter `5' against variable" },
        },
      ],
      ...more,
    },
  })}\n`;
const access = (client: string, n: number, uri: string, status: number): string =>
  `${client} - - [15/Jun/2024:12:12:${10 + n} +0000] "POST ${uri} HTTP/1.1" ${status} 1 "-" "-" 1 0.1 [shop-web-80] [] - - - - a${n}\n`;

const clients = ['203.0.113.1', '203.0.113.2', '203.0.113.3', '203.0.113.4', '203.0.113.5'];
const files = {
  'audit.log': clients.map((client, n) => note(client, n)).join(''),
  'access.log': clients
    .flatMap((client, n) => [
      access(client, n, `/orders/${n}/notes`, 403),
      ...Array.from({ length: 9 }, () => access(client, n, '/', 200)),
    ])
    .join(''),
};

async function run(args: readonly string[], given: Readonly<Record<string, string>> = files) {
  return withFiles(given, async (path) => {
    const result = await runCommand(
      tune,
      args.map((arg) => (arg in given ? path(arg) : arg)),
    );
    return { ...result, json: () => JSON.parse(result.out) as Tuning };
  });
}

/** Faults that users of other tools reported. */
describe('field reports on false positives', () => {
  const errorLine = `2024/06/15 12:12:40 [error] 33#33: *17 [client 203.0.113.7] ModSecurity: Access denied with code 403 (phase 2). Matched "Operator \`Ge' with parameter \`5' against variable \`TX:ANOMALY_SCORE' (Value: \`13' ) [file "/crs/REQUEST-949-BLOCKING-EVALUATION.conf"] [line "80"] [id "949110"] [rev ""] [msg "Inbound Anomaly Score Exceeded (Total Score: 13)"] [data ""] [severity "2"] [ver "OWASP_CRS/3.3.4"] [maturity "0"] [accuracy "0"] [tag "attack-generic"] [hostname "10.0.0.9"] [uri "/dav"] [unique_id "171845356027.087146"] [ref ""], client: 203.0.113.7, server: shop.example, request: "PROPFIND /dav HTTP/2.0", host: "shop.example"\n`;

  test('for the evaluation rule no exclusion is proposed, and it is said that the log holds nothing else (coreruleset#1977)', async () => {
    const { code, json, out } = await run(['audit.log', '-o', 'json'], { 'audit.log': errorLine });
    expect(code).toBe(0);
    expect(json()).toMatchObject({ groups: [], examined: 1, withoutRules: 1 });
    expect(out).not.toContain('ctl:');
    const text = await run(['audit.log'], { 'audit.log': errorLine });
    expect(text.out).toContain('switch on the audit log with part H');
  });

  test('on Coraza the target is as logged, bound to the path, and its effect must be proved (coreruleset#2788)', async () => {
    const record = JSON.stringify({
      transaction: {
        timestamp: '2024/06/15 12:12:40',
        unix_timestamp: 1718453560087146000,
        id: 'kRtW03mmXqAz71Lp',
        client_ip: '2001:db8::7',
        is_interrupted: true,
        request: { method: 'POST', protocol: 'HTTP/3.0', uri: '/search/v2', headers: { host: ['shop.example'] } },
        producer: { rule_engine: 'On' },
      },
      messages: [
        {
          message: 'SQLi',
          data: { id: 942100, severity: 2, tags: ['attack-sqli'], data: 'found within ARGS:json.filter' },
        },
        { message: 'Exceeded', data: { id: 949110, severity: 0, tags: ['anomaly-evaluation'] } },
      ],
    });
    const { json } = await run(['audit.log', '-o', 'json'], { 'audit.log': `${record}\n` });
    const [group] = json().groups;
    expect(group).toMatchObject({
      rule: '942100',
      variable: 'ARGS:json.filter',
      path: '/search/v2',
      proposal: { ok: true, target: 'ARGS:json.filter' },
      replay: { touched: 1, passes: 1, unknown: 0 },
    });
    const { modsecurity, notes } = group?.proposal.ok ? group.proposal : { modsecurity: '', notes: [] };
    expect(modsecurity).toContain(String.raw`"@rx \A/search/v2\z"`);
    expect(modsecurity).toContain('phase:1,pass,nolog,t:none,ctl:ruleRemoveTargetById=942100;ARGS:json.filter');
    expect(notes.join(' ')).toContain('On Coraza the effect must be proved');
    expect(notes.join(' ')).toContain('only once later requests of this kind no longer match');
  });
});

describe('bartizan waf tune', () => {
  test('with an access log it knows what else the clients sent', async () => {
    const { json } = await run(['audit.log', '--access', 'access.log', '-o', 'json']);
    const { groups, examined } = json();
    expect(examined).toBe(5);
    expect(groups).toMatchObject([{ path: '/orders/{number}/notes', requests: 5, clients: 5, replay: { passes: 5 } }]);
    expect(groups[0]?.signs.map(({ text }) => text)).toContain(
      '10 % of everything that these clients sent was judged an attack',
    );
  });

  test('the chosen exclusion is printed alone, to be redirected into a file', async () => {
    const [group] = (await run(['audit.log', '-o', 'json'])).json().groups;
    const { code, out } = await run(['audit.log', '--exclude', group?.key ?? '']);
    expect(code).toBe(0);
    expect(out.split('\n').filter((line) => line !== '' && !line.startsWith('#'))).toEqual([
      expect.stringMatching(/^SecRule REQUEST_FILENAME "@rx \\A\/orders\/\[0-9\]\{1,20\}\/notes\\z" "id:\d+,/),
    ]);
  });

  test.each([
    [['audit.log', '--exclude', '0123456789abcdef'], 'There is no group "0123456789abcdef"'],
    [['audit.log', '-o', 'yaml'], '--output is json or text'],
    [['none.log'], 'no such file'],
  ])('%j is refused with its reason', async (args, reason) => {
    const { code, err } = await run(args);
    expect(code).toBe(2);
    expect(err).toContain(reason);
  });

  test('log content cannot command the terminal', async () => {
    const hostile = note('203.0.113.7', 1).replace('/orders/1/notes', '/%1b%5b2J');
    const { out } = await run(['audit.log'], { 'audit.log': hostile });
    expect(out).not.toContain('\u001b');
  });

  test('nothing judged an attack is said in a sentence', async () => {
    expect((await run(['audit.log'], { 'audit.log': '' })).out).toBe('No request was judged an attack.\n');
  });
});

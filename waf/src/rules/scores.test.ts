import { expect, test } from 'vitest';
import type { AuditRecord, RuleMessage } from '../audit/audit-record.ts';
import { inboundScore, scoresOf } from './scores.ts';

const message = (id: string, more: Partial<RuleMessage> = {}): RuleMessage => ({
  id,
  text: '',
  match: '',
  data: '',
  reference: '',
  severity: 2,
  tags: [],
  version: 'OWASP_CRS/4.22.0',
  file: null,
  line: null,
  ...more,
});

const record = (...messages: readonly RuleMessage[]): AuditRecord => ({
  dialect: 'modsecurity-json',
  id: null,
  timeMs: 0,
  client: '',
  method: 'GET',
  uri: '/',
  httpVersion: null,
  host: '',
  userAgent: null,
  status: null,
  engine: 'on',
  stopped: null,
  components: [],
  messages,
  request: null,
  response: null,
});

test('a rule that only detects makes our sum higher than the stated one, and its level says why', () => {
  const scores = scoresOf(
    record(
      message('942100'),
      message('942130'),
      message('949110', { text: 'Inbound Anomaly Score Exceeded (Total Score: 5)' }),
    ),
  );
  expect(scores.inbound).toMatchObject({ sum: 10, stated: 5, statedLevel: 1 });
  expect(scores.byParanoia).toEqual([
    { paranoia: 1, inbound: 5, outbound: 0 },
    { paranoia: 2, inbound: 5, outbound: 0 },
  ]);
});

test('a stated score that no level explains stays unexplained', () => {
  const stated = message('949110', { text: 'Inbound Anomaly Score Exceeded (Total Score: 8)' });
  expect(scoresOf(record(message('942100'), stated)).inbound).toMatchObject({ sum: 5, stated: 8, statedLevel: null });
});

test('both sides are compared each with its own evaluation', () => {
  const scores = scoresOf(
    record(
      message('942100'),
      message('951230'),
      message('949110', { text: 'Inbound Anomaly Score Exceeded (Total Score: 5)' }),
      message('959100', {
        text: 'Outbound Anomaly Score Exceeded (Total Score: 5)',
        match: 'Operator GE matched 4 at',
      }),
    ),
  );
  expect(scores.inbound).toMatchObject({ sum: 5, stated: 5 });
  expect(scores.outbound).toMatchObject({ sum: 5, stated: 5, threshold: { value: 4, from: 'log' } });
});

test('where the log holds the evaluation alone, the sum is unknown and the stated score is shown', () => {
  const alone = record(message('949110', { text: 'Inbound Anomaly Score Exceeded (Total Score: 13)' }));
  expect(scoresOf(alone).inbound).toMatchObject({ sum: null, threshold: null, stated: 13 });
  expect(inboundScore(alone)).toBe(13);
});

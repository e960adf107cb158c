import type { FlowWhy, WhySide } from '@bartizan/api';
import { expect, test } from 'vitest';
import { agreementWords, flowTitle, policyOf, reportedWords, sideHeading, wantedWords } from './why-words.ts';

const side = (change: Partial<WhySide>): WhySide => ({
  verdict: 'denied',
  reason: 'default-deny',
  policies: ['CiliumNetworkPolicy/shop/deny'],
  rules: [],
  more: 0,
  authentication: [],
  ...change,
});

test('the reason of a side is a sentence that tells the empty cases apart', () => {
  const because = (change: Partial<WhySide>) => sideHeading(side(change), 'ingress').because;
  expect(because({})).toBe('1 policy isolates it inbound, and none has a rule that allows anything.');
  expect(because({ more: 3 })).toBe('1 policy isolates it inbound, and none of 3 rules allows this.');
  expect(because({ reason: 'no-policy', policies: [] })).toBe('No policy selects it inbound, so everything passes.');
  expect(because({ reason: 'not-enforced' })).toBe('No policy is enforced at this end.');
});

const why = (change: Partial<FlowWhy>): FlowWhy =>
  ({
    flow: { verdict: 'DROPPED' },
    verdict: 'denied',
    agrees: true,
    attribution: 'none',
    reported: { verdict: 'DROPPED', direction: 'ingress', allowedBy: [], deniedBy: [] },
    ...change,
  }) as FlowWhy;

test('what Hubble says stands beside our answer, with whether they agree', () => {
  const reported = {
    verdict: 'FORWARDED',
    direction: 'egress',
    allowedBy: ['CiliumNetworkPolicy/shop/out'],
    deniedBy: [],
  } as const;
  const allowed = { ...reported, allowedBy: [...reported.allowedBy], deniedBy: [] };
  expect(reportedWords(why({ reported: allowed }))).toBe('Hubble reported FORWARDED, outbound, and names out.');
  expect(agreementWords(why({ agrees: false, verdict: 'denied', reported: allowed }))).toContain('does not agree');
  expect(agreementWords(why({}))).toContain('none for what no rule allows');
  expect(agreementWords(why({ agrees: null }))).toBeNull();
  expect(agreementWords(why({ attribution: 'different', reported: allowed }))).toContain('other policies than we find');
});

test('what audit mode let through is called by what it means', () => {
  const audit = why({
    flow: { verdict: 'AUDIT' } as FlowWhy['flow'],
    reported: { ...why({}).reported, verdict: 'AUDIT' },
  });
  expect(flowTitle(audit)).toBe('Would be dropped on the way in');
  expect(agreementWords(audit)).toContain('it would be dropped');
});

test('a rule’s wish is short, and a policy’s name has its parts', () => {
  const differs = (what: string, expected?: string) => ({
    what,
    path: '',
    message: 'a sentence',
    ...(expected ? { expected } : {}),
  });
  expect(wantedWords([differs('port', '8080')])).toBe('8080');
  expect(wantedWords([differs('kind-of-peer')])).toBe('pods');
  expect(wantedWords([])).toBe('');
  expect(policyOf('CiliumClusterwideNetworkPolicy/deny')).toEqual({
    kind: 'CiliumClusterwideNetworkPolicy',
    namespace: '',
    name: 'deny',
  });
});

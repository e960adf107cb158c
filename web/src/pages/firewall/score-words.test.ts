import { expect, test } from 'vitest';
import { podFlows } from './pod-flows.ts';
import { disagreement } from './score-words.ts';

const side = { sum: 10, threshold: null, stated: 10, statedLevel: null };

test('what the log states and what its rules add up to is compared, and a difference is said', () => {
  expect(disagreement(side)).toBeNull();
  expect(disagreement({ ...side, stated: null })).toBeNull();
  expect(disagreement({ ...side, stated: 5, statedLevel: 1 })).toBe(
    'The log states 5, and the rules in this record add up to 10. Up to paranoia level 1 they add up to 5: those above it only detect.',
  );
  expect(disagreement({ ...side, stated: 15 })).toContain('not in this record');
  expect(disagreement({ ...side, sum: null })).toContain('not in this record');
});

test('the flows of the pod that answered begin before the request; where there is no pod, the reason is said', () => {
  const asked = {
    time: '2026-06-15T12:00:00.000Z',
    class: 'blocked',
    upstreamAddress: null,
    answeredBy: null,
  } as const;
  expect(podFlows(asked)).toEqual({ reason: 'None did: it was stopped at the ingress' });
  expect(podFlows({ ...asked, upstreamAddress: '10.0.0.6:80' })).toEqual({
    reason: 'No pod that runs now had 10.0.0.6:80 then',
  });
  const answeredBy = { namespace: 'shop', pod: 'web-1', workload: 'web' };
  expect(podFlows({ ...asked, upstreamAddress: '10.0.0.6:80', answeredBy })).toEqual({
    workload: 'shop/web',
    from: '2026-06-15T11:59:00.000Z',
    to: '2026-06-15T12:10:00.000Z',
    filter: 'source:shop/web',
  });
});

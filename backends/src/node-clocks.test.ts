import type { FlowRecord } from '@bartizan/flow';
import { expect, test } from 'vitest';
import { createNodeClocks } from './node-clocks.ts';

const now = new Date('2026-06-15T12:00:00Z');

/** Only what is looked at. */
function flow(node: string | null, aheadSeconds: number): FlowRecord {
  return { node, time: new Date(now.getTime() + aheadSeconds * 1000).toISOString() } as FlowRecord;
}

test('a node whose clock is ahead is told once, with what follows from it, and once more when it is right again', () => {
  const clocks = createNodeClocks({ source: 'prod', clock: () => now });
  const begun = {
    source: 'prod',
    reason: 'the clock of node n1 is 7 min ahead: what it sees now is counted 7 min later',
    from: now.toISOString(),
  };
  expect(clocks.see(flow('n1', 420))).toEqual([begun]);
  expect(clocks.see(flow('n1', 421))).toEqual([]);
  expect(clocks.see(flow('n1', -3600))).toEqual([]);
  expect(clocks.see(flow('n1', 1))).toEqual([{ ...begun, to: now.toISOString() }]);
  expect(clocks.see(flow('n1', 1))).toEqual([]);
});

test.each([
  ['a clock that NTP keeps', flow('n1', 20), 0],
  ['an old event', flow('n1', -86_400), 0],
  ['an event without a time', { ...flow('n1', 0), time: '' }, 0],
  ['a node without a name', flow(null, 90), 1],
])('%s gives %#', (_, event, count) => {
  expect(createNodeClocks({ source: 'prod', clock: () => now }).see(event)).toHaveLength(count);
});

/** Feeds a node's events, one every ten seconds of ours: how far behind the first is, and how fast its time passes. */
function fed(behindSeconds: number, options: { readonly pace: number; readonly count?: number }) {
  let atMs = now.getTime();
  const clocks = createNodeClocks({ source: 'prod', clock: () => new Date(atMs) });
  const see = (timeMs: number) => clocks.see({ node: 'n1', time: new Date(timeMs).toISOString() } as FlowRecord);
  const startMs = atMs - behindSeconds * 1000;
  const gaps = Array.from({ length: options.count ?? 20 }, (_, place) => {
    atMs = now.getTime() + place * 10_000;
    return see(startMs + place * 10_000 * options.pace);
  }).flat();
  return { gaps, see, nowMs: () => atMs };
}

test('a node whose clock is behind is told once, and once more when it is right again', () => {
  const { gaps, see, nowMs } = fed(600, { pace: 1 });
  const reason =
    'the clock of node n1 is 10 min behind, or its events come so late: what it sees now counts 10 min earlier';
  expect(gaps).toEqual([{ source: 'prod', reason, from: now.toISOString() }]);
  expect(see(nowMs())).toEqual([{ ...gaps[0], to: new Date(nowMs()).toISOString() }]);
});

test.each([
  ['what a source had when we came is sent faster than it happened', 86_400, 50],
  ['a clock that NTP keeps', 20, 1],
  ['a node of which the same old event comes again and again', 600, 0],
])('%s: no clock is wrong', (_, behindSeconds, pace) => {
  expect(fed(behindSeconds, { pace }).gaps).toEqual([]);
});

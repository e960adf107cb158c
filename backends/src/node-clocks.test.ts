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

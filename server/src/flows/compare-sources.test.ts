import type { FlowTotals } from '@bartizan/api';
import { expect, test } from 'vitest';
import { compareSources, metricsNote } from './compare-sources.ts';

const hour = { fromMs: 0, toMs: 3_600_000 };

function totals(total: number | null, dropped: number | null): FlowTotals {
  return { total, dropped, droppedShare: null, ingress: null, egress: null, internal: null, byVerdict: {} };
}

test.each<[string, [number, number], [number, number], boolean]>([
  ['the same', [1000, 50], [1000, 50], true],
  ['a few per cent apart', [1000, 50], [1045, 52], true],
  ['so few that a scrape makes the difference', [12, 3], [20, 9], true],
  ['a node that is not scraped', [1000, 50], [500, 25], false],
  ['as many events, but other verdicts', [1000, 50], [1000, 200], false],
  ['a counter that began within the window', [1000, 50], [10, 0], false],
])('%s', (_, counted, extrapolated, agrees) => {
  const compared = compareSources({ window: hour, history: totals(...counted), metrics: totals(...extrapolated) });
  expect(compared).toEqual({ source: 'history', total: counted[0], dropped: counted[1], agrees });
  const said = `The recorded history has ${counted[0]} events in this window, ${counted[1]} of them dropped`;
  expect(metricsNote(compared)).toContain(agrees ? 'by a few per cent' : said);
});

test('in a window of a few minutes its edges weigh more', () => {
  const compare = (toMs: number) =>
    compareSources({ window: { fromMs: 0, toMs }, history: totals(1000, 0), metrics: totals(700, 0) })?.agrees;
  expect([compare(300_000), compare(3_600_000)]).toEqual([true, false]);
});

test('what one of them does not know is not compared', () => {
  expect(compareSources({ window: hour, history: totals(null, null), metrics: totals(1, 0) })).toBeUndefined();
  expect(compareSources({ window: hour, history: totals(1, 0), metrics: totals(null, null) })).toBeUndefined();
  expect(metricsNote(undefined)).toMatch(/few per cent/);
});

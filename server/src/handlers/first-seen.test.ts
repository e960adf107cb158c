import { FlowFirstSeen } from '@bartizan/api';
import type { FlowReader } from '@bartizan/backends';
import { expect, test } from 'vitest';
import { createApp } from '../app.ts';
import { bareDeps } from '../deps.fixture.ts';

/** A history whose oldest event is of some hours before the clock's noon. */
function historyOf(hours: number | null): FlowReader {
  const at = Date.parse('2026-06-15T12:00:00Z');
  const found = {
    items: [
      {
        kind: 'pair',
        value: 'shop/web -> pay/"api"',
        parts: ['shop/web', 'pay/"api"'],
        firstMs: at - 1000,
        count: 2,
        dropped: 1,
      },
      {
        kind: 'port',
        value: 'shop/web 9090/TCP',
        parts: ['shop/web', '9090', 'TCP'],
        firstMs: at - 2000,
        count: 1,
        dropped: 0,
      },
    ],
    totals: { drop: 0, pair: 12, name: 0, port: 1 },
    oldestMs: hours === null ? null : at - hours * 3_600_000,
  } as const;
  const coverage = { from: '', to: '', sources: [], complete: true, gaps: [] };
  return { firstSeen: async () => found, coverage: async () => coverage } as Partial<FlowReader> as FlowReader;
}

async function ask(flows: FlowReader | null) {
  const app = await createApp(bareDeps({ flows }));
  const answer = await app.inject({ method: 'GET', url: '/api/v1/environments/shop/flows/first-seen?range=1h' });
  await app.close();
  return FlowFirstSeen.parse(answer.json());
}

test('what is new is listed with the filter that keeps its records', async () => {
  const { items, totals, history } = await ask(historyOf(2));
  expect(items.map(({ filter }) => filter)).toEqual([
    String.raw`pair:"shop/web -> pay/\"api\""`,
    'destination:shop/web port:9090 protocol:TCP',
  ]);
  expect({ totals, history }).toEqual({
    totals: { drop: 0, pair: 12, name: 0, port: 1 },
    history: { since: '2026-06-15T10:00:00.000Z', tellsFrom: '2026-06-15T11:00:00.000Z', isEnough: true },
  });
});

test('a history that is too short for the window tells of the part that it has as long a time before of', async () => {
  const { items, history } = await ask(historyOf(1.5));
  expect(items).toHaveLength(2);
  expect(history).toEqual({
    since: '2026-06-15T10:30:00.000Z',
    tellsFrom: '2026-06-15T11:15:00.000Z',
    isEnough: false,
  });
});

test.each([0.02, null])(
  'a history of %s hours calls nothing of an hour new: it is unknown, not none',
  async (hours) => {
    const answer = await ask(historyOf(hours));
    expect(answer).toMatchObject({
      items: [],
      totals: { drop: null, pair: null, name: null, port: null },
      history: { isEnough: false, tellsFrom: null },
    });
  },
);

test('without any flow history nothing is known of what is new', async () => {
  expect(await ask(null)).toMatchObject({ items: [], history: { since: null, isEnough: false } });
});

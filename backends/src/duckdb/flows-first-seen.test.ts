import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { end, event, pod } from '../flow-store.suite.ts';
import type { FlowReader, FlowWriter } from '../flow-store.ts';
import { openDatabase } from './database.ts';
import type { Database } from './database.ts';
import { openFlowStore } from './flows-store.ts';

const [before, inside] = ['2026-06-15T11:00:00Z', '2026-06-15T12:30:00Z'];
const query = {
  window: { fromMs: Date.parse('2026-06-15T12:00:00Z'), toMs: Date.parse('2026-06-15T13:00:00Z') },
  scope: { kind: 'all' },
} as const;

describe('what a window has for the first time', () => {
  let database: Database;
  let store: FlowReader & FlowWriter;
  let next = 0;
  const seen = (time: string, fields: Partial<Parameters<typeof event>[0]> = {}) =>
    event({ id: `e${(next += 1)}`, time, ...fields });
  const append = (...flows: ReturnType<typeof event>[]) => store.append({ source: 'shop-prod', flows, gaps: [] });
  const values = async (kind: string) =>
    (await store.firstSeen(query, 10)).items.filter((item) => item.kind === kind).map(({ value }) => value);

  beforeEach(async () => {
    database = await openDatabase({ file: ':memory:' });
    store = await openFlowStore(database, { clock: () => new Date('2026-06-15T13:00:00Z') });
  });
  afterEach(() => database.close());

  test('is a pair, a name and a port that nothing stored before has', async () => {
    const name = end({ entity: 'world', ip: '192.0.2.7', names: ['new.example'], port: 443 });
    await append(
      seen(before),
      seen(inside),
      seen(inside, { destination: pod('shop', 'web', 9090) }),
      seen(inside, { source: pod('shop', 'web'), destination: name }),
    );
    expect(await values('pair')).toEqual(['shop/web -> new.example']);
    expect(await values('name')).toEqual(['new.example']);
    expect(await values('port')).toEqual(['shop/web 9090/TCP']);
    expect(await store.firstSeen(query, 10)).toMatchObject({
      totals: { drop: 0, pair: 1, name: 1, port: 1 },
      oldestMs: Date.parse(before),
    });
  });

  test('is the first drop of a pair that was let through before', async () => {
    await append(seen(before), seen(inside, { verdict: 'DROPPED' }));
    expect(await values('drop')).toEqual(['edge/gateway -> shop/web']);
    expect(await values('pair')).toEqual([]);
  });

  test('is not an answer, nor a name of the cluster, nor a single address that comes in', async () => {
    const visitor = end({ entity: 'world', ip: '192.0.2.9' });
    await append(
      seen(before),
      seen(inside, { source: pod('shop', 'web', 8080), destination: pod('edge', 'gateway', 41_000), isReply: true }),
      seen(inside, { source: visitor }),
      seen(inside, { destination: { ...pod('shop', 'web', 8080), names: ['web.shop.svc.cluster.local'] } }),
    );
    expect((await store.firstSeen(query, 10)).items).toEqual([]);
  });

  test('lists what got through before what was dropped, and counts what it does not list', async () => {
    const to = (port: number, verdict: 'FORWARDED' | 'DROPPED') =>
      seen(inside, { verdict, destination: pod('shop', 'web', port) });
    await append(seen(before), to(1, 'DROPPED'), to(2, 'DROPPED'), to(3, 'FORWARDED'));
    const { items, totals } = await store.firstSeen(query, 2);
    expect(items.filter(({ kind }) => kind === 'port').map(({ parts, dropped }) => [parts[1], dropped])).toEqual([
      ['3', 0],
      ['1', 1],
    ]);
    expect(totals.port).toBe(3);
  });

  test('is everything where nothing is stored before, and the store says how far it reaches', async () => {
    await append(seen(inside));
    expect(await store.firstSeen(query, 10)).toMatchObject({ oldestMs: Date.parse(inside) });
    expect(
      (
        await store.firstSeen(
          { ...query, scope: { kind: 'namespaces', sources: ['other'], namespaces: ['shop'], hosts: [] } },
          10,
        )
      ).oldestMs,
    ).toBeNull();
  });
});

import { expect, test } from 'vitest';
import { event } from '../flow-store.suite.ts';
import { openDatabase } from './database.ts';
import { openFlowStore } from './flows-store.ts';

test('events of a file of before are there, and their connections counted', async () => {
  const database = await openDatabase({ file: ':memory:' });
  const flows = Array.from({ length: 5 }, (_, number) =>
    event({ id: `e${number}`, time: `2026-06-15T12:00:0${number}Z` }),
  );
  await database.write(async (connection) => {
    await connection.run('CREATE TABLE flows (nanos BIGINT, id VARCHAR, source VARCHAR, detail VARCHAR)');
    for (const [at, flow] of flows.entries())
      await connection.run('INSERT INTO flows VALUES ($1, $2, $3, $4)', [
        BigInt(at),
        flow.id,
        'prod',
        JSON.stringify(flow),
      ]);
  });
  const window = { fromMs: Date.parse('2026-06-15T12:00:00Z'), toMs: Date.parse('2026-06-15T13:00:00Z') };
  const scope = { kind: 'all' } as const;
  const open = () => openFlowStore(database, { clock: () => new Date(window.toMs) });
  for (const store of [await open(), await open()]) {
    const { items } = await store.list({ window, scope, filter: [] }, { limit: 9 });
    expect(items).toEqual(flows.toReversed());
    expect([...(await store.connections({ window, scope })).count]).toEqual([5]);
  }
  await database.close();
});
